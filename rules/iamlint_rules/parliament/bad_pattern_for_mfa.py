from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, Severity, rule


@rule("IAM917", on=Policy, severity=Severity.MEDIUM, confidence=Confidence.MEDIUM, parliament="BAD_PATTERN_FOR_MFA")
def parliament_bad_pattern_for_mfa(_: Policy, context: Context) -> Iterator[Finding]:
    """Condition on missing MFA overlooks access keys.

    ## Why it matters

    Requests signed with long-term access keys do not carry
    `aws:MultiFactorAuthPresent` at all, so `Bool` with `false` does not match
    them: a Deny lets them pass without MFA. `BoolIfExists` matches them too.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "ec2:TerminateInstances",
        "Resource": "*",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}
                                                             ^^^^^^^ requests signed with access keys lack this condition key, and do not match
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "ec2:TerminateInstances",
        "Resource": "*",
        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
      }
    }
    ```

    ## References

    - [AWS global condition context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent)
    """
    for opinion in context.opinions("BAD_PATTERN_FOR_MFA"):
        yield Finding(opinion.at, "requests signed with access keys lack this condition key, and do not match")
