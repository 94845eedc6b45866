from collections.abc import Iterator

from iamlint.rule import (
    Condition,
    ConditionValue,
    Context,
    Finding,
    Fix,
    Pattern,
    Pointer,
    Related,
    Severity,
    Statement,
    is_computed,
    remove,
    rule,
)


@rule("IAM219", on=Statement, severity=Severity.INFO, needs="Condition", pedantic=True)
def implied_condition(statement: Statement, context: Context) -> Iterator[Finding]:
    """Condition, or one of its values, is settled by another condition on the same key.

    ## Why it matters

    All conditions of a statement must hold. Where one says more about a key
    than another, the weaker one never decides anything, and a value that the
    other rules out never matches. Both read as if they counted: whoever edits
    them changes nothing.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:StopInstances",
        "Resource": "arn:aws:ec2:*:111122223333:instance/*",
        "Condition": {
          "StringEquals": {"aws:ResourceTag/team": "data"},
                                                   ------ the other condition
          "Null": {"aws:ResourceTag/team": "false"}
                                           ^^^^^^^ `StringEquals` of the same key implies it
        }
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:StopInstances",
        "Resource": "arn:aws:ec2:*:111122223333:instance/*",
        "Condition": {
          "StringEquals": {"aws:ResourceTag/team": "data"}
        }
      }
    }
    ```

    A value that cannot come to pass.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:StopInstances",
        "Resource": "arn:aws:ec2:*:111122223333:instance/*",
        "Condition": {
          "StringLike": {"aws:ResourceTag/stage": ["test*", "live"]},
                                                            ^^^^^^ other conditions on `aws:ResourceTag/stage` leave no room for it
          "StringNotLike": {"aws:ResourceTag/stage": "*e"}
        }
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:StopInstances",
        "Resource": "arn:aws:ec2:*:111122223333:instance/*",
        "Condition": {
          "StringLike": {"aws:ResourceTag/stage": ["test*"]},
          "StringNotLike": {"aws:ResourceTag/stage": "*e"}
        }
      }
    }
    ```

    `ForAllValues` holds for a request without the key: here the test that it
    is there is needed.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:CreateTags",
        "Resource": "arn:aws:ec2:*:111122223333:instance/*",
        "Condition": {
          "ForAllValues:StringEquals": {"aws:TagKeys": ["team", "stage"]},
          "Null": {"aws:TagKeys": "false"}
        }
      }
    }
    ```

    ## References

    - [Conditions with multiple context keys or values](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html)
    """
    conditions = statement.conditions
    if len(conditions) < 2 or len(statement.condition_keys()) == len(conditions):
        return
    keys: dict[str, list[Condition]] = {}
    for condition in conditions:
        if condition.operator.known and condition.values and not any(is_computed(v.text) for v in condition.values):
            keys.setdefault(condition.key_lower, []).append(condition)
    several = [same for same in keys.values() if len({each.operator.text for each in same}) == len(same) > 1]
    likely = [place for same in several for place in _likely(same)]
    if likely and not context.never_applies(statement):
        gone: list[Pointer] = []
        settled: set[Pointer] = set()
        for condition, value in likely:
            at = value.at if value else condition.at
            if condition.at in settled or not context.same_without(statement, *gone, at):
                continue
            settled |= {at}
            if not _is_idle(statement, condition, at, context):
                gone.append(at)
                yield (
                    _value(condition, value)
                    if value
                    else _condition(statement, condition, _others(keys, condition, gone))
                )


def _likely(same: list[Condition]) -> Iterator[tuple[Condition, ConditionValue | None]]:
    """Of the conditions on one key, what others seem to imply, the last first, and the values they seem to rule out."""
    for condition in sorted(same, key=lambda each: (each.operator.name != "Null", -same.index(each))):
        others = [other for other in same if other is not condition]
        if any(_may_imply(other, condition) for other in others):
            yield condition, None
        for value in condition.values if len(condition.values) > 1 else ():
            if any(_may_rule_out(other, value) for other in others):
                yield condition, value


def _may_imply(one: Condition, other: Condition) -> bool:
    """Whether what passes a condition passes another one, as far as a look tells."""
    if "Null" in (one.operator.name, other.operator.name):
        return one.holds_when_absent == other.holds_when_absent and (
            one.operator.name != "Null" or one.holds_when_absent
        )
    if one.holds_when_absent and not other.holds_when_absent:
        return False
    if not _has_texts(one, other):
        return True
    these, those = _texts(one), _texts(other)
    if one.operator.is_negated:
        return other.operator.is_negated and all(any(that <= this for this in these) for that in those)
    if other.operator.is_negated:
        return not any(this & that for this in these for that in those)
    return all(any(this <= that for that in those) for this in these)


def _may_rule_out(other: Condition, value: ConditionValue) -> bool:
    if other.operator.family == "Null" or other.operator.qualifier == "ForAnyValue":
        return False
    if not _has_texts(other):
        return True
    text = Pattern(value.text, fold=True)
    if other.operator.is_negated:
        return any(text <= that for that in _texts(other))
    return not any(text & that for that in _texts(other))


def _has_texts(*conditions: Condition) -> bool:
    return all(condition.operator.family in ("String", "Arn") for condition in conditions)


def _texts(condition: Condition) -> list[Pattern]:
    return [Pattern(value.text, fold=True) for value in condition.values]


def _is_idle(statement: Statement, condition: Condition, at: Pointer, context: Context) -> bool:
    """Whether what stands at a place in a condition makes no difference there, whatever the other conditions."""
    values = [value.raw for value in condition.values] if condition.is_list else condition.values[0].raw
    block = {"Condition": {condition.operator.text: {condition.key: values}}}
    return context.same_without(Statement(statement.at, statement.index, {**statement.raw, **block}), at)


def _others(keys: dict[str, list[Condition]], condition: Condition, gone: list[Pointer]) -> list[Condition]:
    """The other conditions on the same key that stay."""
    return [other for other in keys[condition.key_lower] if other.at not in gone]


def _condition(statement: Statement, condition: Condition, others: list[Condition]) -> Finding:
    block = statement.raw.get("Condition")
    is_alone = isinstance(block, dict) and len(block[condition.operator.text]) == 1
    names = " and ".join(f"`{other.operator.text}`" for other in others)
    return Finding(
        condition.at,
        f"{names} of the same key {'implies' if len(others) == 1 else 'imply'} it",
        related=tuple(Related(other.at, "the other condition") for other in others),
        fix=Fix.safely("Remove what is implied", remove(condition.operator_at if is_alone else condition.at)),
    )


def _value(condition: Condition, value: ConditionValue) -> Finding:
    return Finding(
        value.at,
        f"other conditions on `{condition.key}` leave no room for it",
        fix=Fix.safely("Remove the value", remove(value.at)),
    )
