from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, Severity, Statement, rule


@rule(
    "IAM415",
    on=Statement,
    severity=Severity.LOW,
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
    needs=("Allow", "Action", "ARN"),
)
def every_action_on_named(statement: Statement, _: Context) -> Iterator[Finding]:
    """Every action is allowed on some resources.

    ## Why it matters

    `*` is reading, writing and deleting, and also changing who else has access to
    the resource, now and with all that AWS will add. Which services are meant is
    left to the resources, and a wildcard in these widens it unseen.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "*",
                  ^^^ every action is allowed on these resources
        "Resource": ["arn:aws:s3:::amzn-s3-demo-bucket", "arn:aws:s3:::amzn-s3-demo-bucket/*"]
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": ["arn:aws:s3:::amzn-s3-demo-bucket", "arn:aws:s3:::amzn-s3-demo-bucket/*"]
      }
    }
    ```

    ## References

    - [Security best practices in IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    """
    action = statement.any_action
    if action and statement.resources and not statement.any_resource:
        yield Finding(action.at, "every action is allowed on these resources", help="name the actions that are needed")
