import re
from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, Severity, Statement, rule

LEADING = re.compile(r"[\w-]+:\*+\w.*")


@rule(
    "IAM410",
    on=Statement,
    severity=Severity.LOW,
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
    needs=("Allow", "Action"),
)
def leading_star_action(statement: Statement, context: Context) -> Iterator[Finding]:
    """Pattern takes in deleting, as it leaves the verb open.

    ## Why it matters

    The verb of an action says what it does. A pattern with a wildcard in its
    place takes in the ones that write and delete, and those that AWS will add.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:*Object",
                  ^^^^^^^^^^^^ it takes in `s3:DeleteObject`
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Action](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html)
    """
    for action in statement.wild_actions:
        if ":*" in action.text and LEADING.fullmatch(action.text):
            names = [
                name for name in context.catalog.expand(action.text) if name.partition(":")[2].startswith("Delete")
            ]
            if names:
                more = f" and {len(names) - 1} more" if len(names) > 1 else ""
                yield Finding(
                    action.at,
                    f"it takes in `{names[0]}`{more}",
                    why="that deletes" if len(names) == 1 else "these delete",
                    help="write the verbs out",
                )
