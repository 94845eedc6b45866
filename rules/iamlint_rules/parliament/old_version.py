from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, Severity, rule


@rule("IAM903", on=Policy, severity=Severity.LOW, confidence=Confidence.MEDIUM, parliament="OLD_VERSION")
def parliament_old_version(_: Policy, context: Context) -> Iterator[Finding]:
    """Version is the old one, without policy variables.

    ## Why it matters

    With version `2008-10-17`, `${aws:username}` is just a text: a policy that
    relies on it grants other things than it seems to.

    ## Examples

    ```json bad
    {
      "Version": "2008-10-17",
                 ^^^^^^^^^^^^ this version of the policy language has no policy variables
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
    for opinion in context.opinions("OLD_VERSION"):
        yield Finding(opinion.at, "this version of the policy language has no policy variables")
