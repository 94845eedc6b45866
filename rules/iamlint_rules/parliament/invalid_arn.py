from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, Severity, rule


@rule("IAM909", on=Policy, severity=Severity.MEDIUM, confidence=Confidence.MEDIUM, parliament="INVALID_ARN")
def parliament_invalid_arn(_: Policy, context: Context) -> Iterator[Finding]:
    """Resource is not an ARN.

    ## Why it matters

    A resource is `*` or an ARN of six fields,
    `arn:partition:service:region:account:resource`. IAM rejects some other texts,
    and the rest match nothing.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:us_east_1:123456789012:reports/*"
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `arn:aws:s3:us_east_1:123456789012:reports/*` has a region that AWS does not have
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ## References

    - [Identify AWS resources with ARNs](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
    """
    for opinion in context.opinions("INVALID_ARN"):
        yield Finding(opinion.at, opinion.detail)
