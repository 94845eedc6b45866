from collections.abc import Iterator

from iamlint.rule import Arn, Context, Finding, Pattern, PolicyKind, Related, Severity, Statement, rule

LIMITS = ("aws:resource", "iam:resourcetag/", "aws:calledvia")


@rule("IAM304", on=Statement, severity=Severity.MEDIUM, kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION))
def assume_any_role(statement: Statement, context: Context) -> Iterator[Finding]:
    """Every role may be assumed.

    ## Why it matters

    Which roles the holder gets is then decided by the trust policies alone. A
    role that trusts its account, as the console writes it for one's own account,
    lets in everyone whose policy allows `sts:AssumeRole` on it: this one does, in
    all accounts, and for roles that are created tomorrow.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
                  ^^^^^^^^^^^^^^^^ `sts:AssumeRole` is allowed on every role
        "Resource": "*"
                    --- because of this
      }
    }
    ```

    A name or a prefix of one, or a condition on the organization limits it.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::*:role/deploy"},
        {
          "Effect": "Allow",
          "Action": "sts:AssumeRole",
          "Resource": "*",
          "Condition": {"StringEquals": {"aws:ResourceOrgID": "o-a1b2c3d4e5"}}
        }
      ]
    }
    ```

    ## References

    - [Grant a user permissions to switch roles](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_permissions-to-switch.html)
    """
    if not statement.allows or any(key.startswith(LIMITS) for key in statement.condition_keys()):
        return
    action = next((action for action in statement.actions if action.matches("sts:AssumeRole")), None)
    resource = next((resource for resource in statement.resources if _is_every_role(resource)), None)
    if action is None or resource is None or action.is_everything or action.text.lower() == "sts:*":
        return
    if not any(_denies(other) for other in context.policy.statements):
        yield Finding(
            action.at,
            "`sts:AssumeRole` is allowed on every role",
            label="only the trust policies decide",
            help="name the roles",
            related=(Related(resource.at, "because of this"),),
        )


def _is_every_role(resource: Pattern) -> bool:
    """Whether an entry takes in every role of every account."""
    arn = Arn.parse(resource.text)
    if arn is None:
        return resource.is_everything
    return arn.account == "*" and Pattern("role/*") <= Pattern(arn.resource)


def _denies(statement: Statement) -> bool:
    everywhere = any(resource.is_everything for resource in statement.resources)
    return (
        statement.denies and everywhere and not statement.conditions and statement.applies_to_action("sts:AssumeRole")
    )
