from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, Severity, rule


@rule("IAM904", on=Policy, severity=Severity.LOW, confidence=Confidence.MEDIUM, parliament="NO_VERSION")
def parliament_no_version(_: Policy, context: Context) -> Iterator[Finding]:
    """Policy has no Version.

    ## Why it matters

    Without `Version` AWS reads the policy as `2008-10-17`, in which policy
    variables such as `${aws:username}` are just texts.

    ## Examples

    ```json bad
    {
    ^ without a Version the policy is read as `2008-10-17`
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
    if context.is_repaired:
        return
    for opinion in context.opinions("NO_VERSION"):
        yield Finding(opinion.at, "without a Version the policy is read as `2008-10-17`")
