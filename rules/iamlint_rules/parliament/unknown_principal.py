from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, Severity, rule


@rule("IAM910", on=Policy, severity=Severity.MEDIUM, confidence=Confidence.LOW, parliament="UNKNOWN_PRINCIPAL")
def parliament_unknown_principal(_: Policy, context: Context) -> Iterator[Finding]:
    """Principal is of no known form.

    ## Why it matters

    AWS rejects a principal it cannot find. An id such as `AIDA…` that stands where
    an ARN stood means that the user or role was deleted since.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "AIDACKCEVSQ6C2EXAMPLE"},
                             ^^^^^^^^^^^^^^^^^^^^^^^ `AIDACKCEVSQ6C2EXAMPLE` is no principal that AWS knows
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::123456789012:role/reader"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html)
    """
    for opinion in context.opinions("UNKNOWN_PRINCIPAL"):
        yield Finding(opinion.at, f"`{opinion.detail}` is no principal that AWS knows")
