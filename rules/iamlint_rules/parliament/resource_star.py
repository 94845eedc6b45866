from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, PolicyKind, Severity, rule


@rule(
    "IAM921",
    on=Policy,
    severity=Severity.INFO,
    confidence=Confidence.LOW,
    parliament="RESOURCE_STAR",
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
    pedantic=True,
)
def parliament_resource_star(_: Policy, context: Context) -> Iterator[Finding]:
    """Resource is `*` where actions can be limited.

    ## Why it matters

    Actions that work on certain resources can be limited to some of them. Where
    the names are not known, or a condition sets the limit, `*` is right: three of
    four AWS managed policies have it. Reported with `--pedantic` only.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "*"
                    ^^^ `s3:GetObject` could be limited to certain resources
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

    - [Grant least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    """
    for opinion in context.opinions("RESOURCE_STAR"):
        yield Finding(opinion.at, f"{opinion.detail} could be limited to certain resources")
