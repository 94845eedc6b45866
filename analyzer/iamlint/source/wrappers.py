"""What the AWS CLI prints around a policy, or takes it in: which key holds which kind. Knows nothing of policies.

The shapes are those of the CLI's reference, https://docs.aws.amazon.com/cli/latest/reference/ (names of its JSON output
and of `--cli-input-json`).
"""

from typing import NamedTuple

from iamlint.policy.kind import PolicyKind


class Slot(NamedTuple):
    """What is known of the policy in a place: None where only the policy itself can tell.

    `certain`: whatever stands there is meant as a policy, however broken.
    """

    kind: PolicyKind | None = None
    service: str | None = None
    certain: bool = False


_ORGANIZATIONS = {"SERVICE_CONTROL_POLICY": PolicyKind.SCP, "RESOURCE_CONTROL_POLICY": PolicyKind.RCP}
_OWNERS = {"RoleName": "role", "UserName": "user", "GroupName": "group"}
_SIBLINGS: dict[str, Slot] = {
    "RoleSessionName": Slot(PolicyKind.SESSION),
    "Bucket": Slot(PolicyKind.RESOURCE, "s3"),
    "KeyId": Slot(PolicyKind.RESOURCE, "kms"),
    "QueueArn": Slot(PolicyKind.RESOURCE, "sqs"),
    "TopicArn": Slot(PolicyKind.RESOURCE, "sns"),
    "FileSystemId": Slot(PolicyKind.RESOURCE, "elasticfilesystem"),
    "FunctionName": Slot(PolicyKind.RESOURCE, "lambda"),
    "SecretId": Slot(PolicyKind.RESOURCE, "secretsmanager"),
}
_PLAIN: dict[str, Slot] = {
    "AssumeRolePolicyDocument": Slot(PolicyKind.TRUST, certain=True),
    "InlinePolicy": Slot(PolicyKind.IDENTITY),
    "policyText": Slot(PolicyKind.RESOURCE, "ecr", certain=True),
    "x-amazon-apigateway-policy": Slot(PolicyKind.RESOURCE, "execute-api", certain=True),
    "AccessPolicies": Slot(PolicyKind.RESOURCE, "es"),
}
_NOTHING = Slot()

DETAILS = ("UserDetailList", "GroupDetailList", "RoleDetailList")
LISTS = (*DETAILS, "Policies")
"""What `aws iam get-account-authorization-details` prints: the lists of an account."""


def slot(key: str, around: dict[str, object]) -> Slot:
    """What is known of a policy under a key of a mapping.

    >>> slot("AssumeRolePolicyDocument", {}).kind
    <PolicyKind.TRUST: 'trust'>
    """
    if key == "PolicyDocument":
        return _policy_document(around)
    if key == "Document" and ("VersionId" in around or "IsDefaultVersion" in around):
        return Slot(PolicyKind.IDENTITY, certain=True)
    if key == "Content":
        return _organizations(around)
    if key in ("Policy", "policy", "ResourcePolicy"):
        return _resource(key, around)
    return _PLAIN.get(key, _NOTHING)


def _policy_document(around: dict[str, object]) -> Slot:
    if "VpcEndpointId" in around or ("VpcId" in around and "ServiceName" in around):
        return Slot(PolicyKind.VPC_ENDPOINT, certain=True)
    if not around.keys().isdisjoint(("PolicyName", *_OWNERS)):
        return Slot(PolicyKind.IDENTITY, certain=True)
    return _NOTHING


def _organizations(around: dict[str, object]) -> Slot:
    summary = around.get("PolicySummary")
    told = summary.get("Type") if isinstance(summary, dict) else around.get("Type")
    kind = _ORGANIZATIONS.get(told) if isinstance(told, str) else None
    return Slot(kind, certain=True) if kind else _NOTHING


def _resource(key: str, around: dict[str, object]) -> Slot:
    for sibling, known in _SIBLINGS.items():
        if sibling in around:
            return known
    if around.get("PolicyName") == "default":  # the one name a key policy can have
        return Slot(PolicyKind.RESOURCE, "kms")
    arn = next((arn for name in ("ARN", "ResourceArn", "resourceArn") if isinstance(arn := around.get(name), str)), "")
    parts = arn.split(":")
    if len(parts) > 5:
        return Slot(PolicyKind.RESOURCE, parts[2])
    return Slot(PolicyKind.RESOURCE) if key == "ResourcePolicy" else _NOTHING


def owner(around: dict[str, object]) -> str | None:
    """The role, user or group a mapping describes.

    >>> owner({"RoleName": "reader"})
    'role/reader'
    """
    key = owner_key(around)
    return f"{_OWNERS[key]}/{around[key]}" if key else None


def owner_key(around: dict[str, object]) -> str | None:
    """The key by which a mapping names the role, user or group that it describes."""
    return next((key for key in _OWNERS if isinstance(around.get(key), str)), None)


def account_of(arn: object) -> str:
    """The account in an ARN; empty if it has none.

    >>> account_of("arn:aws:iam::111122223333:role/reader"), account_of(None)
    ('111122223333', '')
    """
    fields = arn.split(":") if isinstance(arn, str) else ()
    return fields[4] if len(fields) > 5 else ""


def managed(around: dict[str, object]) -> str:
    """The ARN of the managed policy that a mapping describes; empty if it describes none.

    >>> managed({"PolicyName": "p", "Arn": "arn:aws:iam::111122223333:policy/p"})
    'arn:aws:iam::111122223333:policy/p'
    """
    arn = around.get("Arn")
    return arn if isinstance(arn, str) and ":policy/" in arn and around.keys().isdisjoint(_OWNERS) else ""


def only_limits(around: dict[str, object]) -> bool:
    """Whether a managed policy is some principal's boundary and attached to nobody."""
    return around.get("AttachmentCount") == 0 and around.get("PermissionsBoundaryUsageCount") not in (0, None)


def lists_account(value: object) -> bool:
    """Whether a document is what `aws iam get-account-authorization-details` prints."""
    return isinstance(value, dict) and not value.keys().isdisjoint(DETAILS)


def outdated(around: dict[str, object], default: object) -> bool:
    """Whether a mapping is a version of a managed policy that is not in force; `default` is the version that is."""
    told = around.get("IsDefaultVersion")
    if told is not None:
        return str(told).lower() == "false"
    return isinstance(default, str) and "VersionId" in around and around["VersionId"] != default


def elsewhere(value: object) -> str | None:
    """Why a document is left to a reader of its own; None if it is not."""
    if not isinstance(value, dict):
        return None
    if "AWSTemplateFormatVersion" in value or _has_resources(value.get("Resources")):
        return "CloudFormation template: not read yet"
    if "terraform_version" in value and value.keys() & {"planned_values", "resource_changes", "resources", "values"}:
        return "Terraform plan or state: not read yet"
    version = value.get("version")
    return "CDK tree: not read yet" if isinstance(version, str) and version.startswith("tree-") else None


def _has_resources(resources: object) -> bool:
    return isinstance(resources, dict) and any(
        isinstance(each, dict) and isinstance(told := each.get("Type"), str) and told.startswith(("AWS::", "Custom::"))
        for each in resources.values()
    )
