from collections.abc import Iterator

from iamlint.rule import Context, Finding, Severity, Statement, rule


@rule("IAM010", on=Statement, severity=Severity.HIGH, aws="MISSING_ACTION", parliament="MALFORMED")
def missing_action(statement: Statement, context: Context) -> Iterator[Finding]:
    """The statement names no action.

    ## Why it matters

    AWS rejects a policy with a statement that has neither `Action` nor
    `NotAction`; leaving it out does not mean all actions.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": [
        {
        ^ the statement has neither `Action` nor `NotAction`
          "Effect": "Allow",
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

    - [IAM JSON policy elements: Action](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html)
    - [IAM JSON policy elements: NotAction](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html)
    """
    if "Action" in statement.raw or context.is_repaired:
        return
    # A slip such as `Actions` is an unknown element, and `Fn::If` becomes something else.
    if not any("act" in key.lower() or key.startswith("Fn::") for key in statement.raw):
        yield Finding(
            statement.at,
            "the statement has neither `Action` nor `NotAction`",
            why="AWS rejects the policy",
            help="name the actions it is about",
        )
