from collections.abc import Iterator, Mapping

from iamlint.rule import Context, Finding, Fix, Severity, Statement, rename, rule

_ARN = ("UNSUPPORTED_GLOBAL_CONDITION_KEY", "DEPRECATED_GLOBAL_CONDITION_KEY")
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html for aws:ARN,
# https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html for aws:SourceOwner, and
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html, which has the last no more.
_KEYS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "aws:arn": ("aws:PrincipalArn", _ARN),
    "aws:sourceowner": ("aws:SourceAccount", ()),
    "aws:principalorgmasteraccountid": ("aws:PrincipalOrgID", ("INVALID_GLOBAL_CONDITION_KEY",)),
}


@rule(
    "IAM114",
    on=Statement,
    severity=Severity.MEDIUM,
    needs="Condition",
    aws=(*_ARN, "INVALID_GLOBAL_CONDITION_KEY"),
    parliament="UNKNOWN_CONDITION_FOR_ACTION",
)
def deprecated_condition_key(statement: Statement, _: Context) -> Iterator[Finding]:
    """Condition key is one that AWS has given up.

    ## Why it matters

    AWS no longer documents the key, and new services do not send it: whether
    the condition is met is then left to chance. Its successor is documented
    and supported everywhere.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:DeleteBucket",
        "Resource": "*",
        "Condition": {"ArnNotLike": {"aws:ARN": "arn:aws:iam::111122223333:role/admin"}}
                                     ^^^^^^^^^ AWS has given `aws:ARN` up
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:DeleteBucket",
        "Resource": "*",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/admin"}}
      }
    }
    ```

    SNS still puts `AWS:SourceOwner` into the policies it writes itself. For
    services that publish to a topic, AWS advises its successor.

    ```json bad resource:sns
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": "arn:aws:sns:us-east-1:111122223333:orders",
        "Condition": {"StringEquals": {"AWS:SourceOwner": "111122223333"}}
                                       ^^^^^^^^^^^^^^^^^ AWS has given `AWS:SourceOwner` up
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": "arn:aws:sns:us-east-1:111122223333:orders",
        "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}
      }
    }
    ```

    ## References

    - [AWS global condition context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    - [Access Analyzer: unsupported global condition key, deprecated global condition key](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    - [Example cases for Amazon SNS access control](https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html)
    """
    for condition in statement.conditions:
        if condition.key_lower not in _KEYS:
            continue
        successor, aws = _KEYS[condition.key_lower]
        is_same = condition.key_lower != "aws:principalorgmasteraccountid"
        # The anyone of SNS's default policy is an account's own caller, for whom only the old key is there.
        is_default = any(entry.value == "*" for entry in statement.principals)
        yield Finding(
            condition.at,
            f"AWS has given `{condition.key}` up",
            on_key=True,
            help=f"use `{successor}`",
            fix=Fix.risky(f"Write `{successor}`", rename(condition.at, successor))
            if is_same and not is_default
            else None,
            severity=Severity.INFO if is_default and not aws else None,
            aws=aws,
        )
