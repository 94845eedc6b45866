from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, Severity, rule


@rule("IAM906", on=Policy, severity=Severity.HIGH, confidence=Confidence.MEDIUM, parliament="DUPLICATE_SID")
def parliament_duplicate_sid(_: Policy, context: Context) -> Iterator[Finding]:
    """Two statements have the same Sid.

    ## Why it matters

    IAM rejects a policy in which two statements have one `Sid`, and a log entry
    that names it would not tell which of them decided.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"},
        {"Sid": "Read", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}
                ^^^^^^ another statement has the Sid `Read`
      ]
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"},
        {"Sid": "List", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}
      ]
    }
    ```

    ## References

    - [IAM JSON policy elements: Sid](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html)
    """
    for opinion in context.opinions("DUPLICATE_SID"):
        yield Finding(opinion.at, f"another statement has the Sid `{opinion.detail}`")
