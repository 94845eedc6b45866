from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Pattern, Policy, PolicyKind, Severity, Statement, rule

ANY = {kind: Pattern(f"arn:aws:iam::111122223333:{kind}/any") for kind in ("role", "user", "policy")}
WAYS = (
    (("iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"), "can take it off"),
    (("iam:PutRolePermissionsBoundary", "iam:PutUserPermissionsBoundary"), "can put another one in its place"),
    (("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"), "can rewrite it"),
    (("iam:CreateRole", "iam:CreateUser"), "can create others without it"),
)
"""How a principal gets rid of its boundary.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate
"""
FOLLOWED_BY = ("iam:AttachRolePolicy", "iam:AttachUserPolicy", "iam:PutRolePolicy", "iam:PutUserPolicy")
"""What makes a principal without boundary worth creating."""


@rule(
    "IAM610",
    on=Policy,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    kinds=(PolicyKind.BOUNDARY,),
    needs="Allow",
)
def boundary_escape(policy: Policy, _: Context) -> Iterator[Finding]:
    """A permissions boundary does not keep its holder from leaving it.

    ## Why it matters

    A boundary is to hold whatever else its holder is granted. If it leaves the
    actions that remove, replace or rewrite a boundary, or that create roles
    without one, then any policy with `iam:*` leads out of it. AWS's example
    denies the first ones, and grants creation under a condition on
    `iam:PermissionsBoundary`.

    ## Examples

    ```json bad boundary
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:*", "iam:*"],
                           ^^^^^^^ its holder can take it off, by `iam:DeleteRolePermissionsBoundary`
        "Resource": "*"
      }
    }
    ```

    ```json bad boundary
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "NotAction": ["iam:*PermissionsBoundary", "iam:*PolicyVersion"],
        ^^^^^^^^^^^ its holder can create others without it, by `iam:CreateRole`
        "Resource": "*"
      }
    }
    ```

    ```json good boundary
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": ["s3:*", "iam:Get*", "iam:List*"], "Resource": "*"},
        {
          "Effect": "Allow",
          "Action": ["iam:CreateRole", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary"],
          "Resource": "*",
          "Condition": {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/boundary"}}
        }
      ]
    }
    ```

    ```json good boundary
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {
          "Effect": "Deny",
          "Action": ["iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"],
          "Resource": "*"
        },
        {
          "Effect": "Deny",
          "Action": ["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:DeletePolicyVersion"],
          "Resource": "arn:aws:iam::111122223333:policy/boundary"
        },
        {
          "Effect": "Deny",
          "Action": ["iam:CreateRole", "iam:CreateUser", "iam:Put*PermissionsBoundary"],
          "Resource": "*",
          "Condition": {
            "StringNotEquals": {"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/boundary"}
          }
        }
      ]
    }
    ```

    ## References

    - [Permissions boundaries: delegating responsibility](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate)
    - [DeleteRolePermissionsBoundary](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePermissionsBoundary.html)
    """
    denies = [statement for statement in policy.statements if statement.denies]
    for statement in policy.statements:
        if statement.allows and not statement.has("Condition") and statement.resources:
            found = _way(statement, denies, policy)
            if found:
                action, outcome = found
                entry = statement.entry_for(action)
                yield Finding(
                    entry.at if entry else statement.element_at("NotAction"),
                    f"its holder {outcome}, by `{action}`",
                    on_key=entry is None,
                    why="whatever policy grants the action leads out of the boundary",
                    help="deny it here, or allow it under a condition on `iam:PermissionsBoundary`",
                    severity=Severity.MEDIUM if action in WAYS[-1][0] else None,
                )


def _way(statement: Statement, denies: list[Statement], policy: Policy) -> tuple[str, str] | None:
    for actions, outcome in WAYS:
        for action in actions:
            if _applies(statement, action) and not _is_denied(action, denies):
                if actions is WAYS[-1][0] and not any(_is_open(each, policy, denies) for each in FOLLOWED_BY):
                    continue
                return action, outcome
    return None


def _is_open(action: str, policy: Policy, denies: list[Statement]) -> bool:
    allowed = any(each.allows and each.applies_to_action(action) for each in policy.statements)
    return allowed and not _is_denied(action, denies)


def _is_denied(action: str, denies: list[Statement]) -> bool:
    """Whether a Deny is about the action, be it under conditions or on some resources only."""
    return any(statement.applies_to_action(action) for statement in denies)


def _applies(statement: Statement, action: str) -> bool:
    """Whether the statement takes in the action on any role, user or policy, and with them the holder's own."""
    kind = next((kind for kind in ("role", "user") if kind in action.lower()), "policy")
    return statement.applies_to_action(action) and any(ANY[kind] <= resource for resource in statement.resources)
