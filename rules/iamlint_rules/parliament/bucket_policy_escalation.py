from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, PolicyKind, Severity, rule


@rule(
    "IAM919",
    on=Policy,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    parliament="RESOURCE_POLICY_PRIVILEGE_ESCALATION",
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
)
def parliament_bucket_policy_escalation(_: Policy, context: Context) -> Iterator[Finding]:
    """Bucket's policy can be used to reach its objects.

    ## Why it matters

    Who may change a bucket's policy, ACL or lifecycle can give themselves what the
    statement leaves out, or let objects expire: the limit is none.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:PutLifecycleConfiguration",
        "Resource": "arn:aws:s3:::reports"
                    ^^^^^^^^^^^^^^^^^^^^^^ `s3:PutLifecycleConfiguration` can give its holder `s3:DeleteObject`
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:PutLifecycleConfiguration", "s3:DeleteObject"],
        "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]
      }
    }
    ```

    ## References

    - [Policies and permissions in Amazon S3](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html)
    """
    for opinion in context.opinions("RESOURCE_POLICY_PRIVILEGE_ESCALATION"):
        yield Finding(opinion.at, opinion.detail)
