from collections.abc import Iterator
from functools import lru_cache

from iamlint.rule import (
    Confidence,
    Context,
    Finding,
    Opened,
    Path,
    Paths,
    Principal,
    Related,
    Scope,
    Severity,
    Step,
    rule,
)

ADMIN = tuple(f"arn:aws:iam::aws:policy/{name}" for name in ("AdministratorAccess", "IAMFullAccess", "PowerUserAccess"))
HIGH = ("ArnEquals", "iam:PolicyARN", ADMIN)
KINDS = {"role": ("role",), "user": ("user", "group"), "group": ("user", "group"), "": ("role", "user", "group")}
SELF = (
    ("iam-005", "iam:PutRolePolicy", "role"),
    ("iam-009", "iam:AttachRolePolicy", "role"),
    ("iam-007", "iam:PutUserPolicy", "user"),
    ("iam-008", "iam:AttachUserPolicy", "user"),
    ("iam-011", "iam:PutGroupPolicy", "group"),
    ("iam-010", "iam:AttachGroupPolicy", "group"),
    ("iam-013", "iam:AddUserToGroup", "group"),
    ("iam-001", "iam:CreatePolicyVersion", "policy"),
    ("rhino-02", "iam:SetDefaultPolicyVersion", "policy"),
)
"""Paths by their usual names, the action, and what of the holder's own it works on."""
ROUNDABOUT = (
    ("iam-017", "iam:PutRolePolicy", "sts:AssumeRole", "role", "iam-005"),
    ("iam-021", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "role", "iam-005"),
    ("iam-014", "iam:AttachRolePolicy", "sts:AssumeRole", "role", "iam-009"),
    ("iam-019", "iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy", "role", "iam-009"),
    ("iam-018", "iam:PutUserPolicy", "iam:CreateAccessKey", "user", "iam-007"),
    ("iam-015", "iam:AttachUserPolicy", "iam:CreateAccessKey", "user", "iam-008"),
    ("iam-016", "iam:CreatePolicyVersion", "sts:AssumeRole", "policy", "iam-001"),
    ("iam-020", "iam:CreatePolicyVersion", "iam:UpdateAssumeRolePolicy", "policy", "iam-001"),
)
"""Paths by way of somebody else: who is given more, how one becomes that, and the shorter path.

https://pathfinding.cloud (the categories self-escalation and principal-access)
https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/
"""


@rule("IAM303", on=Principal, severity=Severity.HIGH)
def policy_takeover(principal: Principal, context: Context) -> Iterator[Finding]:
    """The holder may give itself more permissions.

    ## Why it matters

    Whoever may attach a policy to itself, write one into itself or change one
    that it has can give itself every permission of the account. The other
    statements limit nothing any more. All policies of the principal are judged
    together, within its boundary: what a Deny, a boundary that every change must
    keep, or a list of policies that may be attached forbids is not reported.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["iam:ListRoles", "iam:AttachRolePolicy"],
                                    ^^^^^^^^^^^^^^^^^^^^^^ `iam:AttachRolePolicy` lets the holder give itself more permissions
        "Resource": "*"
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "iam:AttachRolePolicy",
          "Resource": "*",
          "Condition": {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}}
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
    told = set()
    for opened in context.opened(principal, _paths(principal._replace(policies=(), trust=None))):
        first, *rest = opened.spots
        if (id(first.policy), first.at) in told:
            continue
        told.add((id(first.policy), first.at))
        yield Finding(
            first.at,
            f"{opened.actions} lets the holder give itself more permissions",
            label="whatever else its policies say",
            why=opened.story,
            help=_help(first.action),
            related=tuple(Related(at, f"here is `{action}`", policy) for action, policy, at in rest),
            severity=_severity(principal, opened),
            confidence=None if opened.scope is Scope.EVERY and not opened.is_limited else Confidence.MEDIUM,
            policy=first.policy,
        )


def _help(action: str) -> str:
    kind = next((kind for kind in ("Group", "PolicyVersion") if kind in action), "")
    whose = {"Group": "groups", "PolicyVersion": "policies", "": "roles or users"}[kind]
    return f"name other {whose} than the holder's own" + (
        "" if kind else ", or demand a boundary by `iam:PermissionsBoundary`"
    )


def _severity(principal: Principal, opened: Opened) -> Severity:
    """It weighs less where a boundary stays, or where what may be changed need not be the holder's own."""
    if principal.boundary or len(opened.ways) > 1:
        return Severity.MEDIUM
    return Severity.HIGH if principal.arn or opened.scope is Scope.EVERY else Severity.MEDIUM


@lru_cache(maxsize=8)
def _paths(principal: Principal) -> Paths:
    kinds = (*KINDS[principal.name.partition("/")[0]], "policy")
    own = [
        Path(name, (_changed(action, _own(principal, kind), principal),))
        for name, action, kind in SELF
        if kind in kinds
    ]
    by_others = (
        Path(
            name,
            (
                _changed(action, _any(kind), principal, others=True),
                _becoming(become, kind),
            ),
            of,
            same=kind != "policy",
        )
        for name, action, become, kind, of in ROUNDABOUT
    )
    return Paths(*(path for path in own if path.steps[0].resource), *by_others, to_everything=True)


def _changed(action: str, resource: tuple[str, ...], principal: Principal, *, others: bool = False) -> Step:
    """A step that gives something permissions: the administrator's, and beyond no boundary but the one it has."""
    where = [HIGH] if action.startswith("iam:Attach") else []
    if action.endswith(("RolePolicy", "UserPolicy")):
        bound = ("StringEquals", (principal.boundary,)) if principal.boundary and not others else ("Null", ("true",))
        where.append((bound[0], "iam:PermissionsBoundary", bound[1]))
    return Step(action, resource, tuple(where), others=others)


def _becoming(action: str, kind: str) -> Step:
    """A step that makes the holder the one that was given permissions."""
    trusting = "caller" if action == "sts:AssumeRole" else ""
    return Step(action, _any("user" if kind == "user" else "role"), others=True, trusting=trusting)


def _any(kind: str) -> tuple[str, ...]:
    """Every entity of a kind; the policies of AWS cannot be changed."""
    return (f"arn:*:iam::????????????:{kind}/*",)


def _own(principal: Principal, kind: str) -> tuple[str, ...]:
    """What is the holder's own of a kind, where that is known, else whatever there is."""
    if not principal.arn:
        return _any(kind)
    if kind == "policy":
        return tuple(each.arn for each in principal.attached if ":aws:policy/" not in each.arn)
    if kind == "group":
        names = [name.partition("/")[2] for name in principal.groups]
        return tuple(f"arn:*:iam::????????????:group/{path}{name}" for name in names for path in ("", "*/"))
    return (principal.arn,) if f":{kind}/" in principal.arn else ()
