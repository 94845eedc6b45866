from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from iamlint.rule import (
    Context,
    Finding,
    Fix,
    Policy,
    Related,
    Severity,
    Statement,
    maybe_covered,
    remove,
    rule,
    sharing_action,
)


@rule("IAM203", on=Policy, severity=Severity.LOW, aws="REDUNDANT_STATEMENT")
def repeated_statement(policy: Policy, context: Context) -> Iterator[Finding]:
    """Statement says nothing that another one does not say.

    ## Why it matters

    It grants or denies nothing new. Whoever later tightens one of the two
    leaves the other in force and believes that the access is gone.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"},
        -------------------------------------------------------------------------------------------------- the same is said here
        {"Sid": "Load", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::reports/*"}
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ it repeats statement `Read`
      ]
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}
      ]
    }
    ```

    So it is with a statement that another one covers: its condition limits
    nothing, as the same is granted without. Access Analyzer finds repetitions
    only.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::reports/*"},
        ------------------------------------------------------------------------------ it covers the other one
        {
        ^ statement 1 allows all of it
          "Sid": "Own",
          "Effect": "Allow",
          "Action": ["s3:GetObject", "s3:GetObjectVersion"],
          "Resource": "arn:aws:s3:::reports/${aws:username}/*",
          "Condition": {"Bool": {"aws:SecureTransport": "true"}}
        }
      ]
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::reports/*"}
      ]
    }
    ```

    Each of these two grants something that the other one does not.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/2026/*"},
        {
          "Effect": "Allow",
          "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::reports/*",
          "Condition": {"Bool": {"aws:SecureTransport": "true"}}
        }
      ]
    }
    ```

    ## References

    - [IAM JSON policy elements: Statement](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html)
    - [Access Analyzer: redundant statement](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    near = {each.index for each, _ in sharing_action(policy.statements)}
    near |= {each.index for each in policy.statements if not each.actions}
    if not near:
        return
    seen: dict[object, Statement] = {}
    distinct: list[Statement] = []
    texts = {each.index: _texts(each) for each in policy.statements if each.index in near}
    count = Counter[object](texts.values())
    for statement in policy.statements:
        if count[texts.get(statement.index)] < 2:
            distinct.append(statement)
            continue
        meaning = _meaning({key: value for key, value in statement.raw.items() if key != "Sid"})
        first = seen.setdefault(meaning, statement)
        if first is statement:
            distinct.append(statement)
        else:
            yield _finding(statement, first, f"it repeats {_name(first)}", "the same is said here")
    for statement, broad in _covered(distinct, context):
        message = f"{_name(broad)} {'allows' if broad.allows else 'denies'} all of it"
        limits_nothing = "its conditions make no difference" if statement.conditions and not broad.conditions else ""
        yield replace(_finding(statement, broad, message, "it covers the other one"), why=limits_nothing, aws=())


def _finding(statement: Statement, other: Statement, message: str, related: str) -> Finding:
    fix = Fix.safely("Remove the superfluous statement", remove(statement.at))
    return Finding(statement.at, message, related=(Related(other.at, related),), fix=fix)


def _texts(statement: Statement) -> frozenset[str]:
    """The texts of actions and resources: statements that mean the same have the same ones."""
    values = (statement.raw.get("Action"), statement.raw.get("Resource"))
    entries = [entry for value in values for entry in (value if isinstance(value, list) else [value])]
    return frozenset([entry for entry in entries if isinstance(entry, str)])


def _meaning(value: object) -> object:
    """A value without what makes no difference: order, repetition, and a text standing for a list of one."""
    if isinstance(value, dict):
        return frozenset((key, _meaning(member)) for key, member in value.items())
    if isinstance(value, list):
        return frozenset(_scalar(entry) for entry in value)
    return frozenset([_scalar(value)])


def _scalar(value: object) -> object:
    if isinstance(value, (dict, list)):
        return _meaning(value)
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _covered(statements: list[Statement], context: Context) -> Iterator[tuple[Statement, Statement]]:
    """The statements that one of the others covers, which stays; of two that cover each other, the first stays."""
    gone: set[int] = set()
    for statement, others in maybe_covered(statements):
        staying = (other for other in others if other.index not in gone)
        broad = next((other for other in staying if context.adds_nothing(statement, [other])), None)
        if broad is not None and not context.never_applies(statement):
            gone.add(statement.index)
            yield statement, broad


def _name(statement: Statement) -> str:
    return f"statement `{statement.sid}`" if statement.sid else f"statement {statement.index + 1}"
