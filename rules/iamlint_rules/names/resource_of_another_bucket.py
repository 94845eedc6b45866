import re
from collections.abc import Iterator

from iamlint.rule import Arn, Context, Finding, Pattern, Policy, PolicyKind, Related, Severity, is_computed, rule


@rule("IAM159", on=Policy, severity=Severity.HIGH, kinds=(PolicyKind.RESOURCE,), needs="Resource")
def resource_of_another_bucket(policy: Policy, _: Context) -> Iterator[Finding]:
    """Bucket policy names several buckets.

    ## Why it matters

    A bucket's policy can name that bucket and its objects only. Amazon S3
    rejects a policy with the ARN of another one; mostly the policy was copied,
    and one place was missed.

    Only where the policy is known to be a bucket's: from its file's name, or
    from what the AWS CLI printed.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/reader"},
        "Action": ["s3:ListBucket", "s3:GetObject"],
        "Resource": ["arn:aws:s3:::amzn-s3-demo-bucket1", "arn:aws:s3:::amzn-s3-demo-bucket/*"]
                     ----------------------------------- another bucket
                                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a bucket policy is for one bucket
      }
    }
    ```

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/reader"},
        "Action": ["s3:ListBucket", "s3:GetObject"],
        "Resource": ["arn:aws:s3:::amzn-s3-demo-bucket", "arn:aws:s3:::amzn-s3-demo-bucket/*"]
      }
    }
    ```

    ## References

    - [Troubleshoot: policy has invalid resource](https://repost.aws/knowledge-center/s3-invalid-resource-error)
    - [Amazon S3 bucket policies: resources](https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-resources-intro.html)
    """
    if policy.service != "s3" or not policy.is_attached:
        return
    buckets: dict[str, Pattern] = {}
    for statement in policy.statements:
        for resource in (*statement.resources, *statement.not_resources):
            name = _bucket(resource.text)
            if name:
                buckets.setdefault(name, resource)
    first, *others = buckets.values() or (None,)
    for resource in others:
        yield Finding(
            resource.at,
            "a bucket policy is for one bucket",
            help="name the bucket that the policy is attached to",
            related=(Related(first.at, "another bucket"),) if first else (),
        )


def _bucket(text: str) -> str:
    """The bucket in the ARN of a bucket or its objects; empty where it is not told in full."""
    arn = Arn.parse(text)
    if arn is None or arn.service != "s3" or arn.account or is_computed(text):
        return ""
    name = arn.resource.partition("/")[0]
    return "" if re.search(r"[*?]", name) else name
