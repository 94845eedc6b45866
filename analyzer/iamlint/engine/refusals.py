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


BUCKET_POLICY = frozenset({"s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"})
"""Actions that a bucket policy cannot deny to the root user of the bucket's account.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
"""


class Refusal(NamedTuple):
    """Actions that nobody may call on some resources, or nobody of one kind."""

    actions: frozenset[str]
    resource: re.Pattern[str]
    message: str
    page: str
    kind: CallerKind | None = None


def _row(actions: str, resource: str, message: str, page: str, kind: CallerKind | None = None) -> Refusal:
    return Refusal(frozenset(actions.lower().split()), re.compile(resource), message, page, kind)


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
        "https://docs.aws.amazon.com/singlesignon/latest/userguide/troubleshooting.html",
    ),
    _row(
        "kms:CreateAlias kms:DeleteAlias kms:UpdateAlias",
        r"arn:[^:]*:kms:[^:]*:[^:]*:alias/aws/.*",
        "aliases that begin with `alias/aws/` are AWS's own",
        "https://docs.aws.amazon.com/kms/latest/developerguide/alias-create.html",
    ),
    _row(
        "sts:AssumeRole",
        r".*",
        "root users cannot assume roles",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html",
        CallerKind.ROOT,
    ),
)


def refusal(request: Request) -> Refusal | None:
    """The refusal that a request meets; services themselves are free to do what they refuse others."""
    kind, action = request.caller.kind, request.action.lower()
    if kind is CallerKind.SERVICE:
        return None
    rows = (row for row in REFUSALS if action in row.actions and row.kind in (None, kind))
    return next((row for row in rows if row.resource.fullmatch(request.resource)), None)


def is_undeniable(request: Request) -> bool:
    """Whether everyone with credentials may do it, whatever any policy says."""
    return request.action.lower() in UNDENIABLE and request.caller.kind is not CallerKind.ANONYMOUS


def keeps_root(request: Request) -> bool:
    """Whether a resource's policy cannot deny this to the root user of its account."""
    return request.action.lower() in BUCKET_POLICY and request.caller.kind is CallerKind.ROOT
