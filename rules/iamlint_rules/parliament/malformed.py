from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, Severity, rule


@rule("IAM901", on=Policy, severity=Severity.HIGH, confidence=Confidence.MEDIUM, parliament="MALFORMED")
def parliament_malformed(_: Policy, context: Context) -> Iterator[Finding]:
    """Policy lacks an element or has one too many.

    ## Why it matters

    AWS rejects a policy whose statements are not complete, or have elements that
    the policy language does not know.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
                   ^ statement contains neither Action nor NotAction
        "Effect": "Allow",
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

    - [IAM JSON policy elements reference](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html)
    """
    if context.is_repaired:
        return
    for opinion in context.opinions("MALFORMED"):
        yield Finding(opinion.at, opinion.detail, on_key=opinion.detail.endswith("unknown element"))
