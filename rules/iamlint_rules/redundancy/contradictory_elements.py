from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from iamlint.rule import (
    Arn,
    Condition,
    ConditionValue,
    Confidence,
    Context,
    Finding,
    Pattern,
    Related,
    Severity,
    Statement,
    is_computed,
    rule,
)

TELLING = {
    "aws:principalaccount": "Principal",
    "aws:principalarn": "Principal",
    "aws:resourceaccount": "Resource",
}
"""Keys that say again what an element says."""

LINKED = (
    {"aws:principalarn", "aws:principalaccount"},
    {"aws:sourcearn", "aws:sourceaccount"},
    {"aws:currenttime", "aws:epochtime"},
)
"""Keys that tell of each other."""

DIRECT, THROUGH_ENDPOINT = "aws:sourceip", {"aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip"}
"""A request through a VPC endpoint has the latter and never the former, any other request the reverse.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

TOLD_OF = frozenset({DIRECT, *TELLING}.union(*LINKED))


@rule("IAM218", on=Statement, severity=Severity.MEDIUM, needs="Condition")
def contradictory_elements(statement: Statement, context: Context) -> Iterator[Finding]:
    """Condition contradicts another element or key of the statement.

    ## Why it matters

    All parts of a statement must hold at once. Where one names an account, a
    time or a way in, and another one rules it out, the statement applies to no
    request: an Allow grants nothing, and a Deny protects nothing.

    ## Examples

    ```json bad resource:sqs
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/sender"},
                     ------------------------------------------------ the Principal
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:us-east-1:111122223333:orders",
        "Condition": {"StringEquals": {"aws:PrincipalAccount": "444455556666"}}
                                                               ^^^^^^^^^^^^^^ no request meets both this and the Principal
      }
    }
    ```

    A request reaches AWS through a VPC endpoint or from a public address.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {
          "IpAddress": {"aws:SourceIp": "203.0.113.0/24"},
                                        ---------------- `aws:SourceIp`
          "StringEquals": {"aws:SourceVpce": "vpce-0abc1234def567890"}
                                             ^^^^^^^^^^^^^^^^^^^^^^^^ no request meets both this and the condition on `aws:SourceIp`
        }
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {
          "DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"},
                                              ---------------------- `aws:CurrentTime`
          "NumericGreaterThan": {"aws:EpochTime": "1800000000"}
                                                  ^^^^^^^^^^^^ no request meets both this and the condition on `aws:CurrentTime`
        }
      }
    }
    ```

    A Deny for all but these networks and this endpoint is no contradiction: a
    negated condition holds where the key is missing.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {
          "NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"},
          "StringNotEquals": {"aws:SourceVpce": "vpce-0abc1234def567890"}
        }
      }
    }
    ```

    Of two conditions on one key that has a single value, `vacuous-condition`
    says whether they exclude each other.

    ## References

    - [AWS global condition context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    - [Conditions with multiple context keys or values](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html)
    """
    keys = statement.condition_keys()
    repeats = len(keys) < len(statement.conditions)
    if not repeats and keys.isdisjoint(TOLD_OF):
        return
    if not (repeats or DIRECT in keys or keys & TELLING.keys() or any(len(pair & keys) > 1 for pair in LINKED)):
        return
    usable = [condition for condition in statement.conditions if _is_usable(condition)]
    for one, other in combinations(usable, 2):
        pair = {one.key_lower, other.key_lower}
        exclusive = DIRECT in pair and pair & THROUGH_ENDPOINT and _needs_both(one, other)
        likely = pair in LINKED or (len(pair) == 1 and _may_exclude(one, other, context))
        if exclusive or (likely and _is_contradiction(statement, context, one, other)):
            name = f"`{one.operator.text}` of the same key" if len(pair) == 1 else f"the condition on `{one.key}`"
            label = "the other condition" if len(pair) == 1 else f"`{one.key}`"
            finding = _finding(statement, other, name, Related(one.at, label))
            yield replace(finding, confidence=Confidence.MEDIUM if "aws:sourcearn" in pair else None)
    for condition in usable:
        element = TELLING.get(condition.key_lower)
        if element and _names(statement, element) and _is_contradiction(statement, context, condition, element=element):
            related = Related(statement.element_at(element), f"the {element}")
            finding = _finding(statement, condition, f"the {element}", related)
            yield replace(finding, confidence=Confidence.MEDIUM if element == "Resource" else None)


def _is_usable(condition: Condition) -> bool:
    known = condition.operator.known and condition.values
    return bool(known) and not any(is_computed(value.text) or _is_slip(value.text) for value in condition.values)


def _is_slip(text: str) -> bool:
    """Whether it is, or is the ARN of, an account that there is not: another rule's."""
    arn = Arn.parse(text)
    account = arn.account if arn else text
    return account.isdecimal() and len(account) in (11, 13)


def _needs_both(*conditions: Condition) -> bool:
    """Whether each needs its key to be there, and does not already fail for what it says of it."""
    return not any(each.holds_when_absent or (each.key_lower == DIRECT and _is_private(each)) for each in conditions)


def _is_private(condition: Condition) -> bool:
    """Whether `private-source-ip` says already that it never holds."""
    return all(value.text.startswith(("10.", "172.", "192.168.")) for value in condition.values)


def _may_exclude(one: Condition, other: Condition, context: Context) -> bool:
    """Whether two conditions on a key of several values, or an unknown one, look like it: that it is not there, and
    what it is; or values of which some must be there, and all must not be. Keys of one value are another rule's.
    """
    many = context.catalog.is_multivalued(one.key_lower)
    null = [each for each in (one, other) if each.operator.name == "Null"]
    if many is False or null:
        absent = [each for each in (one, other) if each.holds_when_absent]
        return many is not False and len(null) == 1 and absent == null
    some, every = sorted((one, other), key=lambda each: each.operator.qualifier or "", reverse=True)
    is_listed = all(each.operator.family == "String" and not each.operator.is_negated for each in (one, other))
    return (
        bool(many)
        and (some.operator.qualifier, every.operator.qualifier) == ("ForAnyValue", "ForAllValues")
        and (not is_listed or not any(_fold(this) & _fold(that) for this in some.values for that in every.values))
    )


def _fold(value: ConditionValue) -> Pattern:
    return Pattern(value.text, fold=True)


def _names(statement: Statement, element: str) -> bool:
    """Whether an element names accounts in full."""
    if element == "Resource":
        arns = [Arn.parse(resource.text) for resource in statement.resources]
        return bool(arns) and all(arn and arn.account.isdigit() for arn in arns)
    entries = statement.principals
    return bool(entries) and all(e.type == "AWS" and not e.is_anyone and not is_computed(e.value) for e in entries)


def _is_contradiction(statement: Statement, context: Context, *conditions: Condition, element: str = "") -> bool:
    """Whether no request meets all of it, but some request each condition alone."""
    elements = {element: statement.raw[element]} if element else {}
    return _is_never(statement, context, conditions, elements) and not any(
        _is_never(statement, context, [condition], {}) for condition in conditions
    )


def _is_never(
    statement: Statement, context: Context, conditions: Sequence[Condition], elements: dict[str, object]
) -> bool:
    block: dict[str, dict[str, object]] = {}
    for condition in conditions:
        block.setdefault(condition.operator.text, {})[condition.key] = [value.raw for value in condition.values]
    raw = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", **elements, "Condition": block}
    return context.never_applies(Statement(statement.at, statement.index, raw))


def _finding(statement: Statement, condition: Condition, words: str, related: Related) -> Finding:
    return Finding(
        condition.at,
        f"no request meets both this and {words}",
        why=f"the statement {'denies' if statement.denies else 'grants'} nothing: all its parts must hold",
        help="put alternatives into statements of their own",
        related=(related,),
    )
