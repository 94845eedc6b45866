"""What services grant or refuse by themselves, whatever the policies say. Knows no policy.

Only what AWS documents; each row has its page.
"""

import re
from typing import NamedTuple

from iamlint.engine.request import CallerKind, Request

UNDENIABLE = frozenset({"sts:getcalleridentity"})
"""Actions that need no permission and cannot be denied.

https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
"""


class Refusal(NamedTuple):
    """Actions that nobody may call on some resources."""

    actions: frozenset[str]
    resource: re.Pattern[str]
    message: str
    page: str


def _row(actions: str, resource: str, message: str, page: str) -> Refusal:
    return Refusal(frozenset(actions.lower().split()), re.compile(resource), message, page)


REFUSALS = (
    _row(
        "iam:CreatePolicyVersion iam:DeletePolicy iam:DeletePolicyVersion iam:SetDefaultPolicyVersion",
        r"arn:[^:]*:iam::aws:policy/.*",
        "AWS managed policies cannot be changed",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html#aws-managed-policies",
    ),
    _row(
        "iam:AttachRolePolicy iam:DeleteRolePermissionsBoundary iam:DeleteRolePolicy iam:DetachRolePolicy "
        "iam:PutRolePermissionsBoundary iam:PutRolePolicy iam:UpdateAssumeRolePolicy",
        r"arn:[^:]*:iam::\d{12}:role/aws-service-role/.*",
        "only its service can change the permissions of a service-linked role",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html",
    ),
    _row(
        "iam:DeleteRole",
        r"arn:[^:]*:iam::\d{12}:role/aws-service-role/.*",
        "a service-linked role is deleted with `iam:DeleteServiceLinkedRole`",
        "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteServiceLinkedRole.html",
    ),
    _row(
        "iam:AttachRolePolicy iam:DeleteRole iam:DeleteRolePermissionsBoundary iam:DeleteRolePolicy "
        "iam:DetachRolePolicy iam:PutRolePermissionsBoundary iam:PutRolePolicy iam:TagRole iam:UntagRole "
        "iam:UpdateAssumeRolePolicy iam:UpdateRole iam:UpdateRoleDescription",
        r"arn:[^:]*:iam::\d{12}:role/aws-reserved/.*",
        "roles that AWS reserves are changed by their service only",
        "https://docs.aws.amazon.com/singlesignon/latest/userguide/using-service-linked-roles.html",
    ),
    _row(
        "kms:CreateAlias kms:DeleteAlias kms:UpdateAlias",
        r"arn:[^:]*:kms:[^:]*:[^:]*:alias/aws/.*",
        "aliases that begin with `alias/aws/` are AWS's own",
        "https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html",
    ),
)


def refusal(request: Request) -> Refusal | None:
    """The refusal that a request meets; services themselves are free to do what they refuse others."""
    if request.caller.kind is CallerKind.SERVICE:
        return None
    action = request.action.lower()
    return next((row for row in REFUSALS if action in row.actions and row.resource.fullmatch(request.resource)), None)


def is_undeniable(request: Request) -> bool:
    """Whether everyone with credentials may do it, whatever any policy says."""
    return request.action.lower() in UNDENIABLE and request.caller.kind is not CallerKind.ANONYMOUS
