from collections.abc import Iterator

from iamlint.rule import Condition, Context, Finding, Fix, Pattern, Severity, Statement, rename, rule

EXACT = {
    "StringEquals": "StringLike",
    "StringNotEquals": "StringNotLike",
    "StringEqualsIgnoreCase": None,
    "StringNotEqualsIgnoreCase": None,
}


@rule("IAM025", on=Statement, severity=Severity.MEDIUM, needs="Condition", aws="WILDCARD_WITHOUT_LIKE_OPERATOR")
def wildcard_without_like(statement: Statement, _: Context) -> Iterator[Finding]:
    """A wildcard stands where the operator compares letter by letter.

    ## Why it matters

    `StringEquals` takes `*` and `?` for themselves. An Allow meant to match
    `finance-*` then matches nothing but that very text, and a Deny with
    `StringNotEquals` hits everyone.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::reports",
        "Condition": {"StringEquals": {"s3:prefix": "finance/*"}}
                                                    ^^^^^^^^^^^ `StringEquals` knows no wildcards
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::reports",
        "Condition": {"StringLike": {"s3:prefix": "finance/*"}}
      }
    }
    ```

    A `*` that means itself is written `${*}`. The ARN operators all know
    wildcards.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::reports",
        "Condition": {
          "StringEquals": {"s3:prefix": "finance/${*}"},
          "ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/finance-*"}
        }
      }
    }
    ```

    ## References

    - [String condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String)
    """
    for condition in statement.conditions:
        if condition.operator.known and condition.operator.name in EXACT:
            for value in condition.values:
                if _has_wildcard(value.text) and "{{" not in value.text:
                    fix = _fix(statement, condition)
                    yield Finding(
                        value.at,
                        f"`{condition.operator.text}` knows no wildcards",
                        why="it compares `*` and `?` as themselves",
                        help="use `StringLike` or `StringNotLike`, or write `${*}` and `${?}` if they mean themselves",
                        fix=fix,
                    )


def _has_wildcard(text: str) -> bool:
    return ("*" in text or "?" in text) and Pattern(text).has_wildcard


def _fix(statement: Statement, condition: Condition) -> Fix | None:
    operator, block = condition.operator, statement.raw.get("Condition")
    like = EXACT[operator.name]
    if like is None or not isinstance(block, dict):
        return None
    text = f"{operator.qualifier}:{like}" if operator.qualifier else like
    text += "IfExists" if operator.if_exists else ""
    return None if text in block else Fix.risky(f"Use {text}", rename(condition.operator_at, text))
