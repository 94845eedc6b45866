from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, Severity, rule


@rule("IAM913", on=Policy, severity=Severity.LOW, confidence=Confidence.LOW, parliament="UNKNOWN_CONDITION_FOR_ACTION")
def parliament_unknown_condition_for_action(_: Policy, context: Context) -> Iterator[Finding]:
    """Condition key is not documented for an action.

    ## Why it matters

    A request for the action does not carry the key, so the condition is never
    true: an Allow does not allow the action, and a Deny does not deny it. AWS's
    documentation is not complete, hence the low confidence.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"StringEquals": {"s3:prefix": "2026"}}
                                       ^^^^^^^^^^^ `s3:prefix` is not documented for `s3:GetObject`
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::reports",
        "Condition": {"StringEquals": {"s3:prefix": "2026"}}
      }
    }
    ```

    ## References

    - [Actions, resources, and condition keys for AWS services](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_actions-resources-contextkeys.html)
    """
    for opinion in context.opinions("UNKNOWN_CONDITION_FOR_ACTION"):
        yield Finding(opinion.at, f"`{opinion.at.last}` is not documented for {opinion.detail}", on_key=True)
