from collections.abc import Iterator

from iamlint.rule import Arn, Condition, Context, Finding, Fix, Severity, Statement, rename, rule


@rule(
    "IAM523", on=Statement, severity=Severity.LOW, needs="Condition", aws="STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS"
)
def string_like_on_arn(statement: Statement, context: Context) -> Iterator[Finding]:
    """ARN is compared as a plain text.

    ## Why it matters

    `StringLike` lets a `*` run across the colons of an ARN, so that a pattern
    for one account can fit an ARN of another. `ArnLike` compares the parts one
    by one.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "iam:AttachRolePolicy",
        "Resource": "arn:aws:iam::111122223333:role/app-*",
        "Condition": {"StringLike": {"iam:PolicyARN": "arn:aws:iam::111122223333:policy/app-*"}}
                                     ^^^^^^^^^^^^^^^ `iam:PolicyARN` is an ARN, and compared as a plain text
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "iam:AttachRolePolicy",
        "Resource": "arn:aws:iam::111122223333:role/app-*",
        "Condition": {"ArnLike": {"iam:PolicyARN": "arn:aws:iam::111122223333:policy/app-*"}}
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "kms:Decrypt",
        "Resource": "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "Condition": {"StringLike": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::amzn-s3-demo-bucket*"}}
      }
    }
    ```

    ## References

    - [ARN condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN)
    - [Access Analyzer: StringLike operator with ARN condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for condition in statement.conditions:
        if condition.operator.name not in ("StringLike", "StringNotLike"):
            continue
        key = context.catalog.condition_key(condition.key)
        if key is not None and key.type in ("ARN", "ArrayOfARN"):
            yield Finding(
                condition.at,
                f"`{condition.key}` is an ARN, and compared as a plain text",
                on_key=True,
                why="a `*` runs across the colons of a text, into another service or account",
                help=f"write `{_right(condition)}`",
                fix=_fix(statement, condition),
            )


def _right(condition: Condition) -> str:
    return condition.operator.text.replace("String", "Arn").replace("string", "Arn")


def _fix(statement: Statement, condition: Condition) -> Fix | None:
    right = _right(condition)
    if not statement.can_rename(condition, right) or not all(Arn.parse(value.text) for value in condition.values):
        return None
    tighter = statement.allows != condition.operator.is_negated
    return (Fix.tightening if tighter else Fix.risky)(f"Compare with `{right}`", rename(condition.operator_at, right))
