from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, Severity, rule


@rule("IAM908", on=Policy, severity=Severity.LOW, confidence=Confidence.MEDIUM, parliament="UNKNOWN_ACTION")
def parliament_unknown_action(_: Policy, context: Context) -> Iterator[Finding]:
    """Service has no such action.

    ## Why it matters

    No request can match an action that does not exist: the entry grants or denies
    nothing, often because of a slip of the pen. Actions that AWS has withdrawn are
    not meant.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObjekt",
                  ^^^^^^^^^^^^^^ `s3:GetObjekt` is no action that AWS documents
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
    for opinion in context.opinions("UNKNOWN_ACTION"):
        yield Finding(opinion.at, f"`{opinion.detail}` is no action that AWS documents")
