from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, PolicyKind, Related, Severity, Statement, rule


@rule(
    "IAM401",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
    needs=("Allow", "Action", "Resource"),
)
def admin_wildcard(statement: Statement, context: Context) -> Iterator[Finding]:
    """Every action is allowed on every resource.

    ## Why it matters

    The holder is an administrator: may read all data, delete all resources and
    give the account away. One leaked key or one exploited server is enough to
    lose everything.

    In a service control policy or a permissions boundary the same statement
    grants nothing, and is the usual start of a list of denials.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "*",
                  ^^^ every action is allowed on every resource
        "Resource": "*"
                    --- because of this
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ```json good scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "*",
        "Resource": "*"
      }
    }
    ```

    ## References

    - [Security best practices in IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    - [Security Hub control IAM.1](https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-1)
    """
    action, resource = statement.any_action, statement.any_resource
    if action and resource:
        yield Finding(
            action.at,
            "every action is allowed on every resource",
            label="an administrator" + (", where the conditions hold" if statement.conditions else ""),
            help="name the actions and resources needed; `iamlint suggest` writes such a policy",
            related=(Related(resource.at, "because of this"),),
            severity=Severity.MEDIUM if statement.conditions or _keeps_iam(context) else None,
            confidence=Confidence.MEDIUM if statement.conditions else None,
        )


def _keeps_iam(context: Context) -> bool:
    """Whether a Deny of the policy, whatever the circumstances, leaves the holder without IAM, or with a list only."""
    denies = (each for each in context.policy.statements if each.denies and not each.conditions)
    return any(each.applies_to_action("iam:AttachRolePolicy") for each in denies)
