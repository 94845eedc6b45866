from collections.abc import Iterator
from itertools import combinations

from iamlint.rule import Condition, Context, Finding, Related, Severity, Statement, is_computed, rule

ALWAYS, NEVER = "REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION", "REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION"

WILD = ("ArnEquals", "ArnLike", "StringLike")

MULTIVALUED = ":amr"
"""The end of a key that AWS asks with ForAnyValue, so of several values, although the catalogue says it has one.

https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html
"""


@rule("IAM210", on=Statement, severity=Severity.MEDIUM, needs="Condition", aws=(ALWAYS, NEVER))
def vacuous_condition(statement: Statement, context: Context) -> Iterator[Finding]:
    """Condition always or never holds, whatever the request.

    ## Why it matters

    Everything is like `*`, and with `IfExists` or `ForAllValues` a request
    without the key passes as well: the condition limits nothing, although it
    looks so. `ForAnyValue` with `NotLike` is the reverse, and makes the
    statement apply to no request at all. So do two conditions on one key that
    no value meets, as all conditions of a statement must hold.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"StringLikeIfExists": {"aws:PrincipalTag/team": "*"}}
                                                                      ^^^ `StringLikeIfExists` with `*` always holds
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "ec2:CreateTags",
        "Resource": "*",
        "Condition": {"ForAnyValue:StringNotLike": {"aws:TagKeys": "*"}}
                                                                   ^^^ `ForAnyValue:StringNotLike` with `*` never holds
      }
    }
    ```

    Whoever writes two operators to say *or* says *and*.

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
          "StringEquals": {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": "repo:example/app:ref:refs/heads/main"
                                                       -------------------------------------- the other condition
          },
          "StringLike": {
            "token.actions.githubusercontent.com:sub": "repo:example/app:environment:*"
                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no value meets both this and `StringEquals` of the same key
          }
        }
      }
    }
    ```

    Without `IfExists` the key must at least be there, and two bounds may leave
    something between them.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {
          "StringLike": {"aws:PrincipalTag/team": "*"},
          "DateGreaterThan": {"aws:CurrentTime": "2026-05-01T00:00:00Z"},
          "DateLessThan": {"aws:CurrentTime": "2026-06-01T00:00:00Z"}
        }
      }
    }
    ```

    ## References

    - [Set operators for multivalued context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html)
    - [Access Analyzer: redundant key, redundant statement due to wildcard in condition](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for condition in statement.conditions:
        if not (condition.operator.if_exists or condition.operator.qualifier):
            continue
        code = _code(condition)
        if code:
            word = "always" if code == ALWAYS else "never"
            at = next(value.at for value in condition.values if value.text == "*")
            yield Finding(at, f"`{condition.operator.text}` with `*` {word} holds", aws=(code,))
        elif _may_hold_always(condition) and _holds_always(statement, condition, context):
            what = "these ranges" if condition.operator.name == "IpAddress" else "`*`"
            yield Finding(condition.at, f"`{condition.operator.text}` with {what} always holds", aws=())
    if len(statement.condition_keys()) == len(statement.conditions):
        return
    for one, other in _contradictions(statement, context):
        yield Finding(
            other.at,
            f"no value meets both this and `{one.operator.text}` of the same key",
            why=f"the statement {'denies' if statement.denies else 'grants'} nothing: all conditions must hold",
            help="put alternatives into one list, or into statements of their own",
            related=(Related(one.at, "the other condition"),),
            aws=(),
        )


def _code(condition: Condition) -> str | None:
    operator = condition.operator
    if operator.name not in ("StringLike", "StringNotLike") or not operator.known:
        return None
    if all(value.text != "*" for value in condition.values):
        return None
    if operator.name == "StringLike" and (operator.qualifier == "ForAllValues" or operator.if_exists):
        return ALWAYS if operator.qualifier != "ForAnyValue" else None
    return NEVER if operator.name == "StringNotLike" and operator.qualifier == "ForAnyValue" else None


def _may_hold_always(condition: Condition) -> bool:
    operator = condition.operator
    if not (operator.if_exists or operator.qualifier == "ForAllValues"):
        return False
    if operator.name == "IpAddress":
        return any(value.text.endswith("/0") for value in condition.values)
    return operator.name in WILD and any(value.text and not value.text.strip("*") for value in condition.values)


def _holds_always(statement: Statement, condition: Condition, context: Context) -> bool:
    """Whether a condition holds whatever the request, and not thanks to another one beside it."""
    block = {condition.operator.text: {condition.key: [value.raw for value in condition.values]}}
    alone = Statement(statement.at, statement.index, {**statement.raw, "Condition": block})
    return context.same_without(alone, condition.at)


def _contradictions(statement: Statement, context: Context) -> Iterator[tuple[Condition, Condition]]:
    """Conditions with the first earlier one that excludes them; of keys with several values nothing is said."""
    if len(statement.condition_keys()) == len(statement.conditions):
        return
    keys: dict[str, list[Condition]] = {}
    for condition in statement.conditions:
        if condition.operator.known and not any(is_computed(value.text) for value in condition.values):
            keys.setdefault(condition.key_lower, []).append(condition)
    found: dict[int, tuple[Condition, Condition]] = {}
    for key, those in keys.items():
        if len(those) > 1 and context.catalog.is_multivalued(key) is False and not key.endswith(MULTIVALUED):
            for one, other in combinations(those, 2):
                if (
                    not _want_it_there(one, other)
                    and _is_never(context, statement, one, other)
                    and not any(_is_never(context, statement, each) for each in (one, other))
                ):
                    found.setdefault(id(other), (one, other))
    yield from found.values()


def _want_it_there(one: Condition, other: Condition) -> bool:
    """Whether both want the key to be there, and one of them no more than that: what meets the other meets both."""
    return "Null" in (one.operator.name, other.operator.name) and not (one.holds_when_absent or other.holds_when_absent)


def _is_never(context: Context, statement: Statement, *conditions: Condition) -> bool:
    """Whether no request can meet some conditions, whatever else stands in the statement."""
    block: dict[str, dict[str, object]] = {}
    for condition in conditions:
        block.setdefault(condition.operator.text, {})[condition.key] = [value.raw for value in condition.values]
    raw = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": block}
    return context.never_applies(Statement(statement.at, statement.index, raw))
