from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, Severity, rule


@rule(
    "IAM916",
    on=Policy,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    parliament="MISMATCHED_TYPE_OPERATION_TO_NULL",
)
def parliament_bool_operator_with_text(_: Policy, context: Context) -> Iterator[Finding]:
    """Bool or Null compares with something else than true or false.

    ## Why it matters

    `Bool` and `Null` know two values. With any other the condition is never true,
    or AWS rejects the policy.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"Bool": {"aws:SecureTransport": "yes"}}
                                                      ^^^^^ `Bool` and `Null` compare with `true` and `false` only
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"Bool": {"aws:SecureTransport": "true"}}
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Boolean)
    """
    for opinion in context.opinions("MISMATCHED_TYPE_OPERATION_TO_NULL"):
        yield Finding(opinion.at, "`Bool` and `Null` compare with `true` and `false` only")
