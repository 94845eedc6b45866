from collections.abc import Iterator, Mapping

from iamlint.rule import Arn, Confidence, Context, Finding, Pattern, PolicyKind, Related, Severity, Statement, rule

TARGETS: Mapping[str, str] = {
    "iam:CreatePolicyVersion": "policy",
    "iam:SetDefaultPolicyVersion": "policy",
    "iam:AttachRolePolicy": "role",
    "iam:AttachUserPolicy": "user",
    "iam:AttachGroupPolicy": "group",
    "iam:PutRolePolicy": "role",
    "iam:PutUserPolicy": "user",
    "iam:PutGroupPolicy": "group",
    "iam:AddUserToGroup": "group",
    "iam:UpdateAssumeRolePolicy": "role",
    "iam:CreateAccessKey": "user",
    "iam:CreateLoginProfile": "user",
    "iam:UpdateLoginProfile": "user",
}
"""Actions that give their holder somebody's permissions, or new ones, and what they work on.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
https://pathfinding.cloud (the paths iam-001 to iam-021)
"""

LIMITS = ("iam:permissionsboundary", "iam:policyarn", "iam:resourcetag/", "aws:resourcetag/", "aws:calledvia")


@rule("IAM303", on=Statement, severity=Severity.HIGH, kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION))
def policy_takeover(statement: Statement, context: Context) -> Iterator[Finding]:
    """Permissions of anyone may be rewritten or taken over.

    ## Why it matters

    Whoever may attach a policy to any role, rewrite any policy or make access
    keys for any user can give themselves every permission of the account. The
    other statements of the policy limit nothing any more.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["iam:ListRoles", "iam:AttachRolePolicy", "iam:Put*"],
                                    ^^^^^^^^^^^^^^^^^^^^^^ `iam:AttachRolePolicy`, `iam:PutRolePolicy` and 2 more can make the holder an administrator
        "Resource": "*"
                    --- because of this
      }
    }
    ```

    One's own keys, a boundary that every change must keep, or a list of
    policies that may be attached are fine.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "iam:CreateAccessKey",
          "Resource": "arn:aws:iam::*:user/${aws:username}"
        },
        {
          "Effect": "Allow",
          "Action": ["iam:AttachRolePolicy", "iam:PutRolePolicy"],
          "Resource": "*",
          "Condition": {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/limits"}}
        }
      ]
    }
    ```

    ## References

    - [Policies and permissions boundaries](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html)
    - [Actions, resources, and condition keys for IAM](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html)
    """
    actions = [action for action in statement.actions if action.text[:4].lower() == "iam:"]
    wide = any(action.is_everything or action.text.lower() == "iam:*" for action in statement.actions)
    if wide or not statement.allows or any(key.startswith(LIMITS) for key in statement.condition_keys()):
        return
    granted: dict[str, tuple[Pattern, Pattern]] = {}
    for action in actions:
        for name, target in TARGETS.items():
            resource = next((entry for entry in statement.resources if _is_every(entry, target)), None)
            if resource and action.matches(name) and name not in granted and not _is_denied(context, name):
                granted[name] = action, resource
    if granted:
        first, resource = next(iter(granted.values()))
        yield Finding(
            first.at,
            f"{_listed([f'`{name}`' for name in granted])} can make the holder an administrator",
            label="whatever else the policy says",
            help="name the resources, or add a condition on `iam:PermissionsBoundary`",
            related=(Related(resource.at, "because of this"),),
            confidence=Confidence.MEDIUM if statement.conditions else None,
        )


def _is_every(resource: Pattern, kind: str) -> bool:
    """Whether an entry takes in every role, user, group or policy of an account."""
    arn = Arn.parse(resource.text)
    return resource.is_everything or (arn is not None and Pattern(f"{kind}/*") <= Pattern(arn.resource))


def _is_denied(context: Context, action: str) -> bool:
    return any(
        other.denies
        and not other.conditions
        and other.applies_to_action(action)
        and any(resource.is_everything for resource in other.resources)
        for other in context.policy.statements
    )


def _listed(words: list[str]) -> str:
    if len(words) > 3:
        words = [*words[:2], f"{len(words) - 2} more"]
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]
