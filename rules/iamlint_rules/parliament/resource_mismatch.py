from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, Severity, rule


@rule("IAM918", on=Policy, severity=Severity.LOW, confidence=Confidence.LOW, parliament="RESOURCE_MISMATCH")
def parliament_resource_mismatch(_: Policy, context: Context) -> Iterator[Finding]:
    """No resource of the statement fits the action.

    ## Why it matters

    An action works on certain types of resources. If the statement lists none of
    them, it does not allow the action, however it reads. A wildcard entry is
    reported only if nothing it means can be allowed, an action that needs several
    resources only if none is there.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:ListBucket"],
                                   ^^^^^^^^^^^^^^^ `s3:ListBucket` works on `arn:*:s3:::*`: no resource of the statement fits
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]
      }
    }
    ```

    ## References

    - [Actions, resources, and condition keys for AWS services](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_actions-resources-contextkeys.html)
    """
    for opinion in context.opinions("RESOURCE_MISMATCH"):
        yield Finding(opinion.at, f"{opinion.detail}: no resource of the statement fits")
