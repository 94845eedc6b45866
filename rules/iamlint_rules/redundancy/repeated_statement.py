from collections.abc import Iterator

from iamlint.rule import Context, Finding, Fix, Policy, Related, Severity, Statement, remove, rule


@rule("IAM203", on=Policy, severity=Severity.LOW, aws="REDUNDANT_STATEMENT")
def repeated_statement(policy: Policy, _: Context) -> Iterator[Finding]:
    """Statement says the same as an earlier one.

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

    The order of a list and repeated entries make no difference, a condition
    does.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"},
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
    seen: dict[object, Statement] = {}
    for statement in policy.statements:
        meaning = _meaning({key: value for key, value in statement.raw.items() if key != "Sid"})
        first = seen.setdefault(meaning, statement)
        if first is not statement:
            yield Finding(
                statement.at,
                f"it repeats {_name(first)}",
                related=(Related(first.at, "the same is said here"),),
                fix=Fix.safely("Remove the repeated statement", remove(statement.at)),
            )


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


def _name(statement: Statement) -> str:
    return f"statement `{statement.sid}`" if statement.sid else f"statement {statement.index + 1}"
