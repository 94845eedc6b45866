from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, PolicyKind, Severity, rule


@rule(
    "IAM920",
    on=Policy,
    severity=Severity.LOW,
    confidence=Confidence.LOW,
    parliament="RESOURCE_EFFECTIVELY_STAR",
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
    pedantic=True,
)
def parliament_resource_effectively_star(_: Policy, context: Context) -> Iterator[Finding]:
    """Resources are all that the actions can work on.

    ## Why it matters

    Such a list reads like a limit and is none. AWS's own policies write it so, and
    it does keep out types of resources that AWS may add.
    Reported with `--pedantic` only.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": "arn:*:sqs:*:*:*"
                    ^^^^^^^^^^^^^^^^^ this is every resource that the actions can work on
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:eu-central-1:123456789012:jobs"
      }
    }
    ```

    ## References

    - [Grant least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    """
    for opinion in context.opinions("RESOURCE_EFFECTIVELY_STAR"):
        yield Finding(opinion.at, "this is every resource that the actions can work on")
