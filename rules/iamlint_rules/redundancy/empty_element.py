from collections.abc import Iterator
from dataclasses import replace

from iamlint.rule import Condition, Context, Finding, Fix, Severity, Statement, remove, rule

NAMES_NOTHING = {
    "Action": "EMPTY_ARRAY_ACTION",
    "NotAction": "EMPTY_ARRAY_ACTION",
    "Resource": "EMPTY_ARRAY_RESOURCE",
    "NotResource": "EMPTY_ARRAY_RESOURCE",
}
NESTED = frozenset({"Principal", "NotPrincipal", "Condition"})
AWS = (
    *dict.fromkeys(NAMES_NOTHING.values()),
    "EMPTY_ARRAY_PRINCIPAL",
    "EMPTY_OBJECT_PRINCIPAL",
    "EMPTY_ARRAY_CONDITION",
    "EMPTY_ARRAY_CONDITION_FORALLVALUES",
    "EMPTY_ARRAY_CONDITION_FORANYVALUE",
    "EMPTY_ARRAY_CONDITION_IFEXISTS",
    "EMPTY_OBJECT_CONDITION",
    "EMPTY_SID_VALUE",
)


@rule("IAM204", on=Statement, severity=Severity.LOW, aws=AWS)
def empty_element(statement: Statement, _: Context) -> Iterator[Finding]:
    """Element of a statement is empty.

    ## Why it matters

    A statement without an action, resource or principal takes part in no
    decision: an empty Allow grants nothing, and an empty Deny, which somebody
    relies on, denies nothing. It is mostly what is left when a template's list
    was empty. A condition key without values never matches, or matches only
    requests that lack the key, whichever its operator says.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": [],
                  ^^ `Action` is an empty list
        "Resource": "*",
        "Condition": {"StringEqualsIfExists": {"aws:PrincipalTag/team": []}}
                                                                        ^^ `aws:PrincipalTag/team` is compared with no value
      }
    }
    ```

    An empty Sid or condition block can go, as it has no meaning.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Sid": "",
               ^^ the Sid is empty
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {}
                     ^^ `Condition` is empty
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {"Effect": "Allow", "Principal": {"AWS": []}, "Action": "sts:AssumeRole"}
                                                            ^^ `AWS` is an empty list
    }
    ```

    ## References

    - [Grammar of the IAM JSON policy language](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html)
    - [Access Analyzer: empty array, empty object, empty Sid value](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    if not all(statement.raw.values()):
        yield from _texts(statement)
    if NESTED.isdisjoint(statement.raw):
        return
    for element in ("Principal", "NotPrincipal"):
        if element in statement.raw:
            yield from _principals(statement, element)
    yield from _blocks(statement)
    for condition in statement.conditions:
        if not condition.values and condition.is_list and condition.operator.known:
            yield from _values(condition)


def _texts(statement: Statement) -> Iterator[Finding]:
    if statement.raw.get("Sid") == "":
        at = statement.element_at("Sid")
        fix = Fix.safely("Remove the empty Sid", remove(at))
        yield Finding(at, "the Sid is empty", severity=Severity.INFO, fix=fix, aws=("EMPTY_SID_VALUE",))
    for element, code in NAMES_NOTHING.items():
        if statement.raw.get(element) == []:
            yield _nothing(statement, f"`{element}` is an empty list", code, element)


def _nothing(statement: Statement, message: str, code: str, *path: str) -> Finding:
    at = statement.at
    for step in path:
        at = at / step
    why = "the statement denies nothing" if statement.denies else "the statement grants nothing"
    severity = Severity.MEDIUM if statement.denies else None
    return Finding(at, message, why="" if path[0].startswith("Not") else why, severity=severity, aws=(code,))


def _principals(statement: Statement, element: str) -> Iterator[Finding]:
    block = statement.raw.get(element)
    if block == {}:
        yield _nothing(statement, f"`{element}` is empty", "EMPTY_OBJECT_PRINCIPAL", element)
    elif isinstance(block, dict):
        for kind, entries in block.items():
            if entries == []:
                finding = _nothing(statement, f"`{kind}` is an empty list", "EMPTY_ARRAY_PRINCIPAL", element, kind)
                yield finding if not any(block.values()) else replace(finding, why="", severity=None)


def _blocks(statement: Statement) -> Iterator[Finding]:
    block = statement.raw.get("Condition")
    if not isinstance(block, dict) or (block and all(block.values())):
        return
    at = statement.at / "Condition"
    for place in [at] if not block else [at / operator for operator, keys in block.items() if keys == {}]:
        fix = Fix.safely("Remove the empty block", remove(place))
        message = f"`{place.last}` is empty"
        yield Finding(place, message, severity=Severity.INFO, fix=fix, aws=("EMPTY_OBJECT_CONDITION",))


def _values(condition: Condition) -> Iterator[Finding]:
    operator, message = condition.operator, f"`{condition.key}` is compared with no value"
    if operator.qualifier or operator.if_exists:
        suffix = "IFEXISTS" if operator.if_exists else str(operator.qualifier).upper()
        never = suffix == "FORANYVALUE"
        why = "no request matches it" if never else "only requests without the key match it"
        help_ = "" if never else f'write "Null": {{"{condition.key}": "true"}}, if that is meant'
        yield Finding(condition.at, message, why=why, help=help_, aws=(f"EMPTY_ARRAY_CONDITION_{suffix}",))
    else:
        yield Finding(condition.at, message, aws=("EMPTY_ARRAY_CONDITION",))
