from collections.abc import Iterator
from math import isfinite

from iamlint.rule import Context, Finding, Fix, Severity, Statement, remove, rule


@rule("IAM205", on=Statement, severity=Severity.LOW, aws="REDUNDANT_CONDITION_VALUE_NUM")
def superfluous_bound(statement: Statement, _: Context) -> Iterator[Finding]:
    """Numeric bound is already implied by a wider one.

    ## Why it matters

    A condition holds if one of its values does, so of several upper bounds
    only the greatest counts, and of several lower bounds the least. The
    stricter bound reads as if it were in force.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": ["2700", "3600"]}}
                                                                     ^^^^^^ `3600` already covers it
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
        "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": ["3600"]}}
      }
    }
    ```

    Several numbers to be equal to are a list like any other.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::reports",
        "Condition": {"NumericEquals": {"s3:max-keys": ["10", "100"]}}
      }
    }
    ```

    ## References

    - [Numeric condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Numeric)
    - [Access Analyzer: redundant condition value num](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for condition in statement.conditions:
        if not condition.operator.name.startswith(("NumericLessThan", "NumericGreaterThan")):
            continue
        numbers = [_number(value.text) for value in condition.values]
        known = [number for number in numbers if number is not None]
        if len(known) < 2 or len(known) < len(numbers):
            continue
        widest = max(known) if "Less" in condition.operator.name else min(known)
        keep = condition.values[known.index(widest)]
        for value in condition.values:
            if value is not keep:
                fix = Fix.safely("Remove the bound that does not count", remove(value.at))
                yield Finding(value.at, f"`{keep}` already covers it", fix=fix)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None
