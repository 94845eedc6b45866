from collections.abc import Iterator, Mapping
from itertools import chain

from iamlint.rule import Context, Finding, Fix, Policy, Related, Severity, Statement, remove, replace, rule

LISTS = ("Action", "Resource", "Principal")
"""Elements whose entries are alternatives, so that two statements that differ in one alone are one with both lists."""


@rule("IAM805", on=Policy, severity=Severity.INFO)
def mergeable_statements(policy: Policy, _: Context) -> Iterator[Finding]:
    """Two statements differ in one list and could be one statement.

    ## Why it matters

    All that is said for the same resources, or of the same actions, then stands
    in one place, and the policy is shorter: its size is limited. Where the Sids
    tell of two purposes, keep them apart.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"},
        ----------------------------------------------------------------------------------- the other one
        {"Effect": "Allow", "Action": ["s3:PutObject"], "Resource": "arn:aws:s3:::reports/*"}
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ only its `Action` differs from statement 1's
      ]
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::reports/*"}
      ]
    }
    ```

    Where two elements differ, one statement would say more than the two.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"},
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}
      ]
    }
    ```

    ## References

    - [IAM JSON policy elements: Statement](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html)
    - [IAM quotas](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)
    """
    seen: dict[object, Statement] = {}
    for statement in policy.statements:
        for element in LISTS:
            if element not in statement.raw:
                continue
            rest = (
                element,
                _meaning({key: value for key, value in statement.raw.items() if key not in ("Sid", element)}),
            )
            first = seen.setdefault(rest, statement)
            if first is not statement and _entries(first, element) != _entries(statement, element):
                merged = _merged(first.raw[element], statement.raw[element])
                if merged is not None:
                    yield _finding(first, statement, element, merged)
                    break


def _meaning(value: object) -> object:
    """A value without what makes no difference: order, repetition, and a text standing for a list of one."""
    if isinstance(value, dict):
        return frozenset((key, _meaning(member)) for key, member in value.items())
    return frozenset(map(repr, value if isinstance(value, list) else [value]))


def _entries(statement: Statement, element: str) -> object:
    return _meaning(statement.raw[element])


def _finding(first: Statement, second: Statement, element: str, merged: object) -> Finding:
    name = f"statement `{first.sid}`" if first.sid else f"statement {first.index + 1}"
    edits = (replace(first.element_at(element), merged), remove(second.at))
    return Finding(
        second.at,
        f"only its `{element}` differs from {name}'s",
        related=(Related(first.at, "the other one"),),
        fix=Fix.safely("Merge the two statements", *edits),
    )


def _merged(one: object, other: object) -> object:
    """Two elements as one; None for principals of which one is everyone, written bare."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return {key: _merged(one.get(key, []), other.get(key, [])) for key in dict.fromkeys(chain(one, other))}
    if isinstance(one, Mapping) or isinstance(other, Mapping):
        return None
    lists = (entry if isinstance(entry, list) else [entry] for entry in (one, other))
    return list({repr(entry): entry for entry in chain(*lists)}.values())
