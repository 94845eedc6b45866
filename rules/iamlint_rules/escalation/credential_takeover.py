from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Path, Paths, Principal, Related, Scope, Severity, Step, rule

USERS, ROLES = ("arn:*:iam::????????????:user/*",), ("arn:*:iam::????????????:role/*",)
SEVERITIES = {Scope.EVERY: Severity.HIGH, Scope.SOME: Severity.MEDIUM, Scope.ONE: Severity.LOW}


def _of_user(action: str) -> Step:
    return Step(action, USERS, others=True)


PATHS = Paths(
    Path("iam-002", (_of_user("iam:CreateAccessKey"),)),
    Path("iam-003", (_of_user("iam:CreateAccessKey"), _of_user("iam:DeleteAccessKey")), variant_of="iam-002"),
    Path("iam-004", (_of_user("iam:CreateLoginProfile"),)),
    Path("iam-006", (_of_user("iam:UpdateLoginProfile"),)),
    Path("iam-012", (Step("iam:UpdateAssumeRolePolicy", ROLES, others=True),)),
)
"""https://pathfinding.cloud (the category principal-access)

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
"""


@rule("IAM306", on=Principal, severity=Severity.HIGH)
def credential_takeover(principal: Principal, context: Context) -> Iterator[Finding]:
    """Somebody else's credentials may be had: keys and passwords of users, sessions of roles.

    ## Why it matters

    Whoever may make access keys or a password for another user, or write itself
    into the trust policy of another role, acts as them from then on, the
    administrator among them. One's own keys and password are no such thing.
    All policies of the principal are judged together, within its boundary.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["iam:ListUsers", "iam:CreateAccessKey"],
                                    ^^^^^^^^^^^^^^^^^^^^^ `iam:CreateAccessKey` gives the holder the credentials of others
        "Resource": "*"
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["iam:CreateAccessKey", "iam:UpdateLoginProfile"],
        "Resource": "arn:aws:iam::*:user/${aws:username}"
      }
    }
    ```

    ## References

    - [Manage access keys for IAM users](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html)
    - [Update a role trust policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html)
    """
    for opened in context.opened(principal, PATHS):
        first, *rest = opened.spots
        whose = (
            f"the credentials of `{opened.ways[0].resource}`"
            if opened.scope is Scope.ONE
            else "the credentials of others"
        )
        yield Finding(
            first.at,
            f"{opened.actions} gives the holder {whose}",
            why=opened.story,
            help="name the roles that are meant"
            if ":role/" in opened.ways[0].resource
            else "name one's own user by `${aws:username}`, or the users that are meant",
            related=tuple(Related(at, f"here is `{action}`", policy) for action, policy, at in rest),
            severity=SEVERITIES[opened.scope],
            confidence=Confidence.MEDIUM if opened.is_limited else None,
            policy=first.policy,
        )
