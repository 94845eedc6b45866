import re
from collections.abc import Iterator

from iamlint.rule import Context, Finding, Pointer, Severity, Statement, rule

_ACCOUNT = re.compile(r"(?:\A|:)(000000000000|111122223333|123456789012|444455556666|777788889999)(?=\Z|:)")
"""The accounts of AWS's examples, as in https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples.html
and, the first, of its local emulators."""


@rule("IAM119", on=Statement, severity=Severity.INFO, pedantic=True)
def documentation_account(statement: Statement, _: Context) -> Iterator[Finding]:
    """Account is one of AWS's documentation.

    ## Why it matters

    It was copied with an example and not replaced. The ARN then names nothing
    of yours, and a principal of that account is nobody you know.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:us-east-1:123456789012:orders"
                                           ^^^^^^^^^^^^ `123456789012` is an account of AWS's examples
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:orders"
      }
    }
    ```

    ## References

    - [Amazon Resource Names](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
    """
    for at, text in _texts(statement):
        found = _ACCOUNT.search(text)
        if found:
            yield Finding(at, f"`{found[1]}` is an account of AWS's examples", part=found.span(1))


def _texts(statement: Statement) -> Iterator[tuple[Pointer, str]]:
    yield from ((each.at, each.text) for each in (*statement.resources, *statement.not_resources))
    yield from ((entry.at, entry.value) for entry in (*statement.principals, *statement.not_principals))
    yield from ((value.at, value.text) for condition in statement.conditions for value in condition.values)
