from collections.abc import Iterator
from functools import partial

from iamlint.rule import Condition, Context, Finding, Pattern, PolicyKind, Related, Service, Severity, Statement, rule

POWERFUL = frozenset(
    {"iam", "sts", "kms", "organizations", "account", "sso", "sso-directory", "identitystore", "secretsmanager"}
)
"""Services that hand out permissions, or the keys to data.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""
CHANGING = frozenset({"Write", "Permissions management"})


@rule(
    "IAM402",
    on=Statement,
    severity=Severity.MEDIUM,
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
    needs=("Allow", "Action", "Resource"),
)
def service_wildcard(statement: Statement, context: Context) -> Iterator[Finding]:
    """Every action of a service is allowed on every resource.

    ## Why it matters

    With reading comes deleting, and changing who else has access. Actions that
    AWS adds to the service are allowed on the day they appear.

    Of a service whose actions only read nothing is said, and neither of a
    wildcard on resources that are named.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:*", "iam:*"],
                   ^^^^^^ every action of Amazon S3 is allowed on every resource
                           ^^^^^^^ every action of AWS Identity and Access Management (IAM) is allowed on every resource
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
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]
      }
    }
    ```

    ## References

    - [Security best practices in IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    - [Security Hub control IAM.21](https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-21)
    """
    resource = statement.any_resource
    if resource is None or not statement.wild_actions or any(map(_is_of_tag, statement.conditions)):
        return
    for action in [action for action in statement.wild_actions if action.text[-2:] in (":*", "**")]:
        service = _service(action, context)
        changing = context.catalog.remember(("changing", service.prefix), partial(_changing, service)) if service else 0
        if service and changing:
            where = " on every resource" if service.resources else ""
            yield Finding(
                action.at,
                f"every action of {service.name} is allowed{where}",
                why=f"{len(service.names)} actions today, of which {changing} change something",
                help="name the actions, or the resources"
                if where
                else "name the actions: AWS takes no resources for them",
                related=(Related(resource.at, "because of this"),) if where else (),
                severity=_severity(service.prefix, limited=bool(statement.conditions) or not where),
            )


def _is_of_tag(condition: Condition) -> bool:
    """Whether only resources with a certain tag are left of all."""
    return ":resourcetag/" in condition.key_lower and not condition.holds_when_absent


def _service(action: Pattern, context: Context) -> Service | None:
    """The service whose every action an entry allows."""
    prefix, _, name = action.text.partition(":")
    return context.catalog.service(prefix) if name and not name.strip("*") else None


def _changing(service: Service) -> int:
    return sum(service.access_level(name) in CHANGING for name in service.actions)


def _severity(prefix: str, *, limited: bool) -> Severity:
    if prefix in POWERFUL:
        return Severity.MEDIUM if limited else Severity.HIGH
    return Severity.LOW if limited else Severity.MEDIUM
