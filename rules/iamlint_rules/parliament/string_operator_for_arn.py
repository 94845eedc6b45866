from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, Severity, rule


@rule(
    "IAM915",
    on=Policy,
    severity=Severity.LOW,
    confidence=Confidence.LOW,
    parliament="MISMATCHED_TYPE_BUT_USABLE",
    pedantic=True,
)
def parliament_string_operator_for_arn(_: Policy, context: Context) -> Iterator[Finding]:
    """String operator compares an ARN.

    ## Why it matters

    It works, and AWS's own examples do it. Yet an ARN operator compares field by
    field, so that a `*` cannot reach over a colon into another account.
    Reported with `--pedantic` only.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ecs:RunTask",
        "Resource": "arn:aws:ecs:eu-central-1:123456789012:task-definition/*",
        "Condition": {"StringLike": {"ecs:cluster": "arn:aws:ecs:eu-central-1:123456789012:cluster/*"}}
                                     ^^^^^^^^^^^^^ `StringLike` compares a text, and `ecs:cluster` is an ARN
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ecs:RunTask",
        "Resource": "arn:aws:ecs:eu-central-1:123456789012:task-definition/*",
        "Condition": {"ArnLike": {"ecs:cluster": "arn:aws:ecs:eu-central-1:123456789012:cluster/*"}}
      }
    }
    ```

    ## References

    - [ARN condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN)
    """
    for opinion in context.opinions("MISMATCHED_TYPE_BUT_USABLE"):
        yield Finding(opinion.at, opinion.detail, on_key=True)
