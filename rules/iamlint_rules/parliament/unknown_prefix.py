from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, Severity, rule


@rule("IAM907", on=Policy, severity=Severity.LOW, confidence=Confidence.MEDIUM, parliament="UNKNOWN_PREFIX")
def parliament_unknown_prefix(_: Policy, context: Context) -> Iterator[Finding]:
    """Action's prefix is that of no service.

    ## Why it matters

    No request can match an action of a service that does not exist: the entry
    grants or denies nothing.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s4:GetObject",
                  ^^^^^^^^^^^^^^ no service has the prefix `s4`
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

    - [Actions, resources, and condition keys for AWS services](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_actions-resources-contextkeys.html)
    """
    for opinion in context.opinions("UNKNOWN_PREFIX"):
        yield Finding(opinion.at, f"no service has the prefix `{opinion.detail}`")
