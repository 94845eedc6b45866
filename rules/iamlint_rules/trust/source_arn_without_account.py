import re
from collections.abc import Iterator

from iamlint.rule import Arn, Condition, ConditionValue, Context, Finding, PolicyKind, Severity, Statement, rule

# Any of them tells for whose sake the service calls.
ACCOUNT = ("aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:sourceorgpaths", "kms:calleraccount")


@rule(
    "IAM531",
    on=Statement,
    severity=Severity.LOW,
    kinds=(PolicyKind.TRUST, PolicyKind.RESOURCE),
    needs=("Allow", "Principal", "Condition"),
)
def source_arn_without_account(statement: Statement, _: Context) -> Iterator[Finding]:
    """Service is let in for an ARN that tells no account.

    ## Why it matters

    The ARN of a bucket has no account in it: once you delete the bucket,
    somebody else can create one of that name, and the service lets in theirs.
    AWS asks for `aws:SourceAccount` as well. With a `*` for the account the
    condition does not even tell whose resource it is now.

    ## Examples

    ```json bad resource:sns
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": "arn:aws:sns:us-east-1:111122223333:uploads",
        "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::amzn-s3-demo-bucket"}}
                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the account of this bucket is not told
      }
    }
    ```

    ```json bad resource:sqs
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:us-east-1:111122223333:orders",
        "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:us-east-1:*:orders"}}
                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ resources of any account fit this
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
        "Resource": "arn:aws:sns:us-east-1:111122223333:uploads",
        "Condition": {
          "ArnLike": {"aws:SourceArn": "arn:aws:s3:::amzn-s3-demo-bucket"},
          "StringEquals": {"aws:SourceAccount": "111122223333"}
        }
      }
    }
    ```

    ## References

    - [The confused deputy problem: cross-service](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#cross-service-confused-deputy-prevention)
    - [aws:SourceArn](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcearn)
    """
    if not statement.principals or any(entry.type != "Service" for entry in statement.principals):
        return
    if any(key in ACCOUNT or key.startswith("kms:encryptioncontext:") for key in statement.condition_keys()):
        return
    for condition in statement.conditions:
        if condition.key_lower == "aws:sourcearn" and _demands(condition):
            yield from (finding for value in condition.values for finding in _finding(value))


def _demands(condition: Condition) -> bool:
    return not condition.holds_when_absent and condition.operator.name != "Null"


def _finding(value: ConditionValue) -> Iterator[Finding]:
    arn = Arn.parse(value.text)
    if arn is None or not (arn.account.strip("*") == "" and (arn.account or arn.service == "s3")):
        return
    bucket = arn.service == "s3" and re.match(r"[^*?]{3}", arn.resource)
    yield Finding(
        value.at,
        "the account of this bucket is not told" if bucket else "resources of any account fit this",
        why="a bucket's name is free for others once the bucket is deleted" if bucket else "",
        help="add a condition on `aws:SourceAccount`",
        severity=Severity.LOW if bucket else Severity.MEDIUM,
    )
