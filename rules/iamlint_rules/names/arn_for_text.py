from collections.abc import Iterator

from iamlint.rule import Context, Finding, Severity, Statement, rule

# What these keys hold instead, as their services document them:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_KEYS = {
    "aws:userid": "the id of a role or user",
    "aws:username": "the name of a user",
    "cloudwatch:namespace": "a namespace",
    "ec2:availabilityzone": "the name of an Availability Zone",
    "ec2:instancetype": "an instance type",
    "ec2:keypairname": "the name of a key pair",
    "s3:delimiter": "a delimiter of keys",
    "s3:prefix": "the beginning of a key, without the bucket",
    "s3:versionid": "the id of a version",
    "secretsmanager:name": "the name of a secret",
}


@rule("IAM147", on=Statement, severity=Severity.MEDIUM, needs="Condition")
def arn_for_text(statement: Statement, _: Context) -> Iterator[Finding]:
    """ARN is compared with a key that holds a name.

    ## Why it matters

    The key never holds an ARN, so the condition never holds, or with a
    negated operator always: an Allow grants nothing, a Deny for all but this
    denies everyone.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket",
        "Condition": {"StringLike": {"s3:prefix": "arn:aws:s3:::amzn-s3-demo-bucket/home/*"}}
                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `s3:prefix` is the beginning of a key, without the bucket, and never an ARN
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket",
        "Condition": {"StringLike": {"s3:prefix": "home/*"}}
      }
    }
    ```

    ## References

    - [Bucket policies with Amazon S3 condition keys](https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html)
    - [Global condition context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    """
    for condition in statement.conditions:
        what = _KEYS.get(condition.key_lower)
        for value in condition.values if what else ():
            if value.text.startswith("arn:"):
                yield Finding(value.at, f"`{condition.key}` is {what}, and never an ARN")
