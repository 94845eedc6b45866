from collections.abc import Iterator

from iamlint.rule import Context, Finding, Fix, Severity, Statement, replace, rule


@rule("IAM022", on=Statement, severity=Severity.LOW, needs="Condition", aws="INVALID_DATE_VALUE")
def epoch_date(statement: Statement, _: Context) -> Iterator[Finding]:
    """A date is written as seconds since 1970.

    ## Why it matters

    Nobody sees in a review when access of this kind begins or ends. AWS
    recommends to write dates as dates.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"DateLessThan": {"aws:CurrentTime": "1830297599"}}
                                                          ^^^^^^^^^^^^ the date is written as seconds since 1970
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"DateLessThan": {"aws:CurrentTime": "2027-12-31T23:59:59Z"}}
      }
    }
    ```

    ## References

    - [Date condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date)
    - [Access Analyzer: Invalid date value](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for condition in statement.conditions:
        dates = condition.values if condition.operator.known and condition.operator.family == "Date" else ()
        for value in dates:
            if value.text.isdecimal() and len(value.text) > 4:  # four digits are a year
                date = _date(value.text)
                yield Finding(
                    value.at,
                    "the date is written as seconds since 1970",
                    label=f"this is {date}" if date else "",
                    help=f"write `{date}`" if date else "write it as in `2027-12-31T23:59:59Z`",
                    fix=Fix.safely("Write it as a date", replace(value.at, date)) if date else None,
                )


def _date(seconds: str) -> str | None:
    """The same moment as AWS's documentation writes dates; None for what is rather milliseconds."""
    from datetime import UTC, datetime  # noqa: PLC0415 - few policies have dates

    if len(seconds) > 10:
        return None
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
