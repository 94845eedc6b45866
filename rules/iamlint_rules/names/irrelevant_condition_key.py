from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, Severity, Statement, rule


@rule(
    "IAM125",
    on=Statement,
    severity=Severity.LOW,
    kinds=(PolicyKind.RESOURCE,),
    needs="Condition",
    aws="IRRELEVANT_CONDITION_KEY_IN_POLICY",
)
def irrelevant_condition_key(statement: Statement, context: Context) -> Iterator[Finding]:
    """Bucket policy asks who owns the bucket.

    ## Why it matters

    A bucket policy speaks of its own bucket only, which has one owner: the
    condition is always met or never. The key is made for the other side, for
    an identity policy that limits which accounts' buckets its holder may use.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/reader"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"StringEquals": {"s3:ResourceAccount": "111122223333"}}
                                       ^^^^^^^^^^^^^^^^^^^^ the bucket has one owner, whatever the request
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "*",
        "Condition": {"StringEquals": {"s3:ResourceAccount": "111122223333"}}
      }
    }
    ```

    ## References

    - [Limiting access to buckets owned by specific accounts](https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html#example-object-resource-account)
    - [Access Analyzer: irrelevant condition key in policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-suggestion-irrelevant-condition-key-in-policy)
    """
    if context.policy.service != "s3":
        return
    for condition in statement.conditions:
        if condition.key_lower == "s3:resourceaccount":
            yield Finding(
                condition.at,
                "the bucket has one owner, whatever the request",
                on_key=True,
                help="leave it out here, and use it in identity policies",
            )
