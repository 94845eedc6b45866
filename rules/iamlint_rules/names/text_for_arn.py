from collections.abc import Iterator
from functools import lru_cache

from iamlint.rule import (
    Catalog,
    Condition,
    Confidence,
    Context,
    Finding,
    Pattern,
    Severity,
    Statement,
    is_computed,
    rule,
)

_ARN = Pattern("arn:*")
_EXACT = ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike")


@rule("IAM146", on=Statement, severity=Severity.MEDIUM, needs="Condition", parliament="MISMATCHED_TYPE")
def text_for_arn(statement: Statement, context: Context) -> Iterator[Finding]:
    """ARN is compared with a text that is none.

    ## Why it matters

    No ARN is like it, so the condition never holds, or with a negated
    operator always: an Allow grants nothing, a Deny for all but this denies
    everyone.

    ## Examples

    ```json bad resource:sns
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": "arn:aws:sns:us-east-1:111122223333:reports",
        "Condition": {
          "ArnLike": {"aws:SourceArn": "amzn-s3-demo-bucket"},
                                       ^^^^^^^^^^^^^^^^^^^^^ `amzn-s3-demo-bucket` is no ARN
          "StringEquals": {"aws:PrincipalArn": "111122223333"}
                                               ^^^^^^^^^^^^^^ `111122223333` is no ARN
        }
      }
    }
    ```

    ```json good resource:sns
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": "arn:aws:sns:us-east-1:111122223333:reports",
        "Condition": {
          "ArnLike": {"aws:SourceArn": "arn:aws:s3:::amzn-s3-demo-bucket"},
          "StringEquals": {"aws:SourceAccount": "111122223333"}
        }
      }
    }
    ```

    ## References

    - [ARN condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN)
    """
    for condition in statement.conditions:
        by_operator = condition.operator.name.startswith("Arn")
        if not (by_operator or _is_arn(condition, context.catalog)) or "kms" in condition.key_lower:
            continue
        for value in condition.values:
            if not value.text.startswith("arn:") and not is_computed(value.text) and not Pattern(value.text) & _ARN:
                is_sure = by_operator or condition.key_lower.startswith("aws:")
                yield Finding(
                    value.at,
                    f"`{value}` is no ARN" if value.text else "an empty string is no ARN",
                    why=f"`{condition.operator.text if by_operator else condition.key}` compares ARNs",
                    confidence=None if is_sure else Confidence.MEDIUM,
                )


def _is_arn(condition: Condition, catalog: Catalog) -> bool:
    """Whether a text is compared with a key that is always an ARN; most values are one, so their look comes first."""
    is_text = condition.operator.name in _EXACT and not all(v.text.startswith("arn:") for v in condition.values)
    return is_text and _holds_arns(catalog, condition.key_lower)


@lru_cache(maxsize=4096)
def _holds_arns(catalog: Catalog, name: str) -> bool:
    key = catalog.condition_key(name)
    return key is not None and key.type.removeprefix("ArrayOf") == "ARN" and not key.also
