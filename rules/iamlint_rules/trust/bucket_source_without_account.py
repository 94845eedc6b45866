from collections.abc import Iterator

from iamlint.rule import Arn, Condition, Context, Finding, PolicyKind, Severity, Statement, rule

OWNERS = frozenset(("aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"))


@rule(
    "IAM544",
    on=Statement,
    severity=Severity.LOW,
    kinds=(PolicyKind.RESOURCE,),
    needs=("Allow", "Principal", "Condition"),
)
def bucket_source_without_account(statement: Statement, _: Context) -> Iterator[Finding]:
    """Amazon S3 is let in for a bucket, whoever owns it by then.

    ## Why it matters

    The ARN of a bucket does not tell whose it is. Should the bucket be deleted,
    anyone can create one of that name, and their events reach your function,
    queue or topic. With `aws:SourceAccount` they do not.

    ## Examples

    ```json bad resource:lambda
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": "arn:aws:lambda:us-east-1:111122223333:function:thumbnails",
        "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::amzn-s3-demo-bucket"}}
                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this bucket may come to be somebody else's
      }
    }
    ```

    ```json good resource:lambda
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": "arn:aws:lambda:us-east-1:111122223333:function:thumbnails",
        "Condition": {
          "ArnLike": {"aws:SourceArn": "arn:aws:s3:::amzn-s3-demo-bucket"},
          "StringEquals": {"aws:SourceAccount": "111122223333"}
        }
      }
    }
    ```

    ## References

    - [Lambda: AddPermission, SourceAccount](https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html)
    - [S3: granting permissions to publish event notifications](https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html)
    """
    if not any(entry.type == "Service" and entry.value == "s3.amazonaws.com" for entry in statement.principals):
        return
    if not statement.condition_keys() & OWNERS:
        for condition in statement.conditions:
            yield from _findings(condition)


def _findings(condition: Condition) -> Iterator[Finding]:
    if condition.key_lower != "aws:sourcearn" or condition.operator.is_negated:
        return
    for value in condition.values:
        arn = Arn.parse(value.text)
        if arn and arn.service == "s3" and arn.account in ("", "*") and arn.resource.strip("*"):
            yield Finding(
                value.at,
                "this bucket may come to be somebody else's",
                why="the ARN of a bucket has no account, and its name is free once it is deleted",
                help="add a condition on `aws:SourceAccount`",
            )
