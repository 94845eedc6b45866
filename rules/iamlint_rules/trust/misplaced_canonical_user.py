from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, PolicyKind, Severity, Statement, rule


@rule(
    "IAM528",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.TRUST, PolicyKind.RESOURCE),
    needs="Principal",
)
def misplaced_canonical_user(statement: Statement, context: Context) -> Iterator[Finding]:
    """Canonical user id stands where only S3 takes one.

    ## Why it matters

    The canonical user id is S3's own name for an account, from before IAM. A
    bucket policy takes it; a trust policy and the policies of other services
    do not.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"},
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ only S3 knows an account by its canonical user id
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ## References

    - [AWS account principals](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts)
    - [Bucket policies: canonical user ids](https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html)
    """
    policy = context.policy
    if policy.kind is PolicyKind.RESOURCE and (policy.service is None or policy.service.startswith("s3")):
        return
    for entry in statement.principals:
        if entry.type == "CanonicalUser":
            yield Finding(
                entry.at,
                "only S3 knows an account by its canonical user id",
                help='name the account by its number: `{"AWS": "111122223333"}`',
                confidence=Confidence.HIGH if policy.kind is PolicyKind.TRUST else Confidence.MEDIUM,
            )
