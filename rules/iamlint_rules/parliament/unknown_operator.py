from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, Severity, rule


@rule("IAM912", on=Policy, severity=Severity.MEDIUM, confidence=Confidence.MEDIUM, parliament="UNKNOWN_OPERATOR")
def parliament_unknown_operator(_: Policy, context: Context) -> Iterator[Finding]:
    """Condition operator does not exist.

    ## Why it matters

    AWS rejects a policy with a condition operator that it does not have.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"StringMatches": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
                      ^^^^^^^^^^^^^^^ `StringMatches` is no condition operator
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
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    """
    for opinion in context.opinions("UNKNOWN_OPERATOR"):
        yield Finding(opinion.at, f"`{opinion.detail}` is no condition operator", on_key=True)
