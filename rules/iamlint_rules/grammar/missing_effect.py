from collections.abc import Iterator

from iamlint.rule import Context, Finding, Severity, Statement, rule


@rule("IAM008", on=Statement, severity=Severity.HIGH, aws="MISSING_EFFECT", parliament="MALFORMED")
def missing_effect(statement: Statement, context: Context) -> Iterator[Finding]:
    """The statement does not say whether it allows or denies.

    ## Why it matters

    There is no default: AWS rejects a policy with a statement that has no
    `Effect`.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": [
        {
        ^ the statement has no `Effect`
          "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::reports/*"
        }
      ]
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::reports/*"
        }
      ]
    }
    ```

    ## References

    - [IAM JSON policy elements: Effect](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html)
    """
    if "Effect" in statement.raw or context.is_repaired:
        return
    # A slip such as `effect` is an unknown element, and `Fn::If` becomes something else.
    if not any(key.lower().startswith(("ef", "fn::")) for key in statement.raw):
        yield Finding(
            statement.at,
            "the statement has no `Effect`",
            why="AWS rejects the policy",
            help="add `Allow` or `Deny`",
        )
