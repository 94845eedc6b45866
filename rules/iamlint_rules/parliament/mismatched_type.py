from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, Severity, rule


@rule("IAM914", on=Policy, severity=Severity.MEDIUM, confidence=Confidence.MEDIUM, parliament="MISMATCHED_TYPE")
def parliament_mismatched_type(_: Policy, context: Context) -> Iterator[Finding]:
    """Condition compares values of different types.

    ## Why it matters

    An operator for one type of value does not match values of another: the
    condition is never true, or AWS rejects the policy.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"IpAddress": {"aws:SourceIp": "office"}}
                                                    ^^^^^^^^ `aws:SourceIp` is an IP address, and `office` is none
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
        "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    """
    for opinion in context.opinions("MISMATCHED_TYPE"):
        yield Finding(opinion.at, opinion.detail)
