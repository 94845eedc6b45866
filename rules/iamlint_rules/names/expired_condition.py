from collections.abc import Iterator

from iamlint.rule import Condition, Context, Finding, Severity, Statement, rule

_KEYS = ("aws:currenttime", "aws:epochtime")
_UNTIL = ("LessThan", "LessThanEquals", "Equals")


@rule("IAM145", on=Statement, severity=Severity.LOW, needs="Condition")
def expired_condition(statement: Statement, context: Context) -> Iterator[Finding]:
    """Statement applied until a date that is past.

    ## Why it matters

    An Allow that has run out is clutter, and a date moved by mistake opens it
    again. A Deny that has run out protects nothing, although it still reads
    so. What is past is judged by the date of the catalogue, not by the clock,
    so that the same policy always gets the same answer.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
          "Condition": {"DateLessThan": {"aws:CurrentTime": "2023-06-30T00:00:00Z"}}
                                                            ^^^^^^^^^^^^^^^^^^^^^^ this is past, so the statement grants nothing any more
        },
        {
          "Effect": "Deny",
          "Action": "s3:DeleteObject",
          "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
          "Condition": {"NumericLessThanEquals": {"aws:EpochTime": "1688083200"}}
                                                                   ^^^^^^^^^^^^ this is past, so the statement denies nothing any more
        }
      ]
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
          "Condition": {
            "DateGreaterThan": {"aws:CurrentTime": "2023-06-30T00:00:00Z"},
            "DateLessThan": {"aws:CurrentTime": "2099-06-30T00:00:00Z"}
          }
        },
        {
          "Effect": "Deny",
          "Action": "*",
          "Resource": "*",
          "Condition": {"DateLessThan": {"aws:TokenIssueTime": "2023-06-30T00:00:00Z"}}
        }
      ]
    }
    ```

    ## References

    - [aws:CurrentTime](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-currenttime)
    - [AWS: Allows access based on date and time](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws-dates.html)
    """
    for condition in statement.conditions:
        if condition.key_lower in _KEYS and condition.values and _ends(condition):
            last = max(_day(value.text) for value in condition.values)
            if last < context.catalog.date:
                effect = "denies" if statement.denies else "grants"
                yield Finding(
                    condition.values[0].at if len(condition.values) == 1 else condition.at,
                    f"this is past, so the statement {effect} nothing any more",
                    help="remove the statement, or set a date to come",
                    severity=Severity.MEDIUM if statement.denies else None,
                )


def _ends(condition: Condition) -> bool:
    operator = condition.operator
    return operator.qualifier is None and operator.name.removeprefix(operator.family) in _UNTIL


def _day(text: str) -> str:
    """The day of a date, which sorts as a text; of what is none, a day that never comes."""
    from datetime import UTC, datetime  # noqa: PLC0415 - few policies have dates

    try:
        if text.isdecimal() and len(text) > len("2026"):
            return datetime.fromtimestamp(int(text), UTC).date().isoformat()
        return datetime.fromisoformat(text).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return "9999-12-31"
