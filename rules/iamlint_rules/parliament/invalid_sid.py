from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, Severity, rule


@rule("IAM905", on=Policy, severity=Severity.LOW, confidence=Confidence.MEDIUM, parliament="INVALID_SID")
def parliament_invalid_sid(_: Policy, context: Context) -> Iterator[Finding]:
    """Sid holds more than letters and digits.

    ## Why it matters

    IAM takes only `A-Z`, `a-z` and `0-9` in the `Sid` of an identity or trust
    policy, and rejects the policy otherwise. Services such as KMS and S3 are more
    liberal in their resource policies; those are left alone.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Sid": "read-reports",
               ^^^^^^^^^^^^^^ `read-reports` holds more than letters and digits
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Sid": "ReadReports",
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Sid](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html)
    """
    for opinion in context.opinions("INVALID_SID"):
        yield Finding(opinion.at, f"`{opinion.detail}` holds more than letters and digits")
