from collections.abc import Iterator

from iamlint.rule import Context, Finding, Related, Severity, Statement, rule

OPPOSITES = {element: f"Not{element}" for element in ("Principal", "Action", "Resource")}


@rule("IAM012", on=Statement, severity=Severity.HIGH, aws="UNSUPPORTED_ELEMENT_COMBINATION", parliament="MALFORMED")
def conflicting_elements(statement: Statement, _: Context) -> Iterator[Finding]:
    """The statement has an element and its opposite.

    ## Why it matters

    AWS rejects a policy with a statement that has both `Action` and
    `NotAction`, `Resource` and `NotResource`, or `Principal` and
    `NotPrincipal`; it does not subtract one from the other.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:*",
                  ------ the other one
        "NotAction": "s3:DeleteBucket",
        ^^^^^^^^^^^ the statement has both `Action` and `NotAction`
        "Resource": "arn:aws:s3:::reports"
      }
    }
    ```

    An exception is a statement of its own.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "s3:*",
          "Resource": "arn:aws:s3:::reports"
        },
        {
          "Effect": "Deny",
          "Action": "s3:DeleteBucket",
          "Resource": "arn:aws:s3:::reports"
        }
      ]
    }
    ```

    ## References

    - [Grammar of the IAM JSON policy language](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html)
    """
    for element, opposite in OPPOSITES.items():
        if opposite in statement.raw and element in statement.raw:
            yield Finding(
                statement.element_at(opposite),
                f"the statement has both `{element}` and `{opposite}`",
                why="AWS rejects the policy",
                help="keep one of them; an exception is a second statement that denies",
                on_key=True,
                related=(Related(statement.element_at(element), "the other one"),),
            )
