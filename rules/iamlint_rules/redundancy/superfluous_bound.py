import re
from collections.abc import Iterator
from math import isfinite

from iamlint.rule import Condition, ConditionValue, Context, Finding, Fix, Related, Severity, Statement, remove, rule

_DATE = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?")


@rule("IAM205", on=Statement, severity=Severity.LOW, needs="Condition", aws="REDUNDANT_CONDITION_VALUE_NUM")
def superfluous_bound(statement: Statement, context: Context) -> Iterator[Finding]:
    """Bound is already implied by a wider one.

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
                                                                             ------ this one counts
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

    Of several dates after which something is allowed, the earliest counts.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {
          "DateGreaterThan": {
            "aws:CurrentTime": [
              "2026-05-01T00:00:00Z",
              ---------------------- this one counts
              "2026-06-01"
              ^^^^^^^^^^^^ `2026-05-01T00:00:00Z` already covers it
            ]
          }
        }
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
        "Condition": {
          "DateGreaterThan": {
            "aws:CurrentTime": [
              "2026-05-01T00:00:00Z"
            ]
          }
        }
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
        keep = _widest(statement, condition, context) if len(condition.values) > 1 else None
        for value in condition.values:
            if keep and value is not keep:
                fix = Fix.safely("Remove the bound that does not count", remove(value.at))
                codes = None if condition.operator.family == "Numeric" else ()
                counts = Related(keep.at, "this one counts")
                yield Finding(value.at, f"`{keep}` already covers it", related=(counts,), fix=fix, aws=codes)


def _widest(statement: Statement, condition: Condition, context: Context) -> ConditionValue | None:
    """The bound that alone means the same as all of them; the first of two such. None where one is no bound."""
    name, values = condition.operator.name, condition.values
    if name.startswith(("NumericLessThan", "NumericGreaterThan")):
        numbers = [_number(value.text) for value in values]
        known = [number for number in numbers if number is not None]
        if len(known) < len(numbers):
            return None
        return values[known.index(max(known) if "Less" in name else min(known))]
    if name.startswith(("DateLessThan", "DateGreaterThan")) and all(_DATE.fullmatch(value.text) for value in values):
        others = {value: [other.at for other in values if other is not value] for value in values}
        return next((value for value in values if context.same_without(statement, *others[value])), None)
    return None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None
