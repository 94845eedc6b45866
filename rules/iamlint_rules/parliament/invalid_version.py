from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, Severity, rule


@rule("IAM902", on=Policy, severity=Severity.MEDIUM, confidence=Confidence.MEDIUM, parliament="INVALID_VERSION")
def parliament_invalid_version(_: Policy, context: Context) -> Iterator[Finding]:
    """Version is neither of the two that exist.

    ## Why it matters

    `Version` is not a date of yours: it names the policy language, and AWS rejects
    a policy with any other than `2012-10-17` and `2008-10-17`.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-18",
                 ^^^^^^^^^^^^ `2012-10-18` is no version of the policy language
      "Statement": {
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
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Version](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html)
    """
    for opinion in context.opinions("INVALID_VERSION"):
        yield Finding(opinion.at, f"`{opinion.detail}` is no version of the policy language")
