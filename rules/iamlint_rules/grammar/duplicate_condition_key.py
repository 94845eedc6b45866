from collections.abc import Iterator

from iamlint.rule import Condition, Context, Finding, Related, Severity, Statement, rule


@rule("IAM029", on=Statement, severity=Severity.HIGH, needs="Condition", aws="DUPLICATE_KEYS_WITH_DIFFERENT_CASE")
def duplicate_condition_key(statement: Statement, _: Context) -> Iterator[Finding]:
    """A condition key stands twice, in different letter case.

    ## Why it matters

    AWS does not tell condition keys apart by case and rejects the policy. To
    the eye they are two conditions that both have to hold.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {
          "StringEquals": {
            "aws:SourceVpc": "vpc-1a2b3c4d",
                             -------------- the same key
            "aws:sourceVpc": "vpc-5e6f7a8b"
            ^^^^^^^^^^^^^^^ `aws:sourceVpc` is the same key as `aws:SourceVpc`
          }
        }
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
        "Condition": {
          "StringEquals": {"aws:SourceVpc": ["vpc-1a2b3c4d", "vpc-5e6f7a8b"]},
          "StringNotEquals": {"aws:sourceVpc": "vpc-9c0d1e2f"}
        }
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Condition](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html)
    """
    if len(statement.condition_keys()) == len(statement.conditions):
        return
    first: dict[tuple[str, str], Condition] = {}
    for condition in statement.conditions:
        other = first.setdefault((condition.operator_at, condition.key_lower), condition)
        if other is not condition:
            yield Finding(
                condition.at,
                f"`{condition.key}` is the same key as `{other.key}`",
                why="AWS rejects the policy",
                help="give one of them all values",
                on_key=True,
                related=(Related(other.at, "the same key"),),
            )
