"""What an EC2 instance needs to use a role: trust, a profile, and the right to pass the role on. Knows no S3."""

import re
from dataclasses import dataclass
from typing import Any

from iamlint.errors import IamlintError
from iamlint.suggest.grant import VERSION

PRINCIPAL = "ec2.amazonaws.com"
ANY_ACCOUNT = "*"
CHINA_PRINCIPAL = "ec2.amazonaws.com.cn"
PARTITIONS = ("aws", "aws-cn", "aws-us-gov")

_ROLE_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_ACCOUNT = re.compile(r"\d{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Role:
    """The documents beside the permission policy."""

    name: str
    trust_policy: dict[str, Any]
    instance_profile: dict[str, Any]
    deployer_policy: dict[str, Any]


def role_for_ec2(name: str, partition: str, account: str | None) -> Role:
    """The documents for a role of that name.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html
    """
    trust = {
        "Sid": "Ec2AssumesThisRole",
        "Effect": "Allow",
        "Principal": {"Service": PRINCIPAL},
        "Action": "sts:AssumeRole",
    }
    return Role(
        name,
        {"Version": VERSION, "Statement": [trust]},
        {"name": name, "roles": [name]},
        _deployer(name, partition, account),
    )


def _deployer(name: str, partition: str, account: str | None) -> dict[str, Any]:
    """The right to pass this role to EC2. Nobody passes a role of another account, so any account means one's own.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    statement = {
        "Sid": "PassOnlyThisRoleToEc2",
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": f"arn:{partition}:iam::{account or ANY_ACCOUNT}:role/{name}",
        "Condition": {"StringEquals": {"iam:PassedToService": PRINCIPAL}},
    }
    return {"Version": VERSION, "Statement": [statement]}


def read_role_name(name: str) -> str:
    """The name of a role, without a path.

    Raises:
        IamlintError: No role can have the name.
    """
    if not _ROLE_NAME.fullmatch(name):
        raise IamlintError(f"`{name}` is no role's name", help="1 to 64 letters, digits and `_+=,.@-`, without a path")
    return name


def read_account(account: str) -> str:
    """An account's id.

    Raises:
        IamlintError: It has not 12 digits.
    """
    plain = account.replace("-", "")
    if not _ACCOUNT.fullmatch(plain):
        raise IamlintError(f"`{account}` is no account", help="an account has 12 digits, leading zeros included")
    return plain


def read_partition(partition: str) -> str:
    """A partition's name.

    Raises:
        IamlintError: There is no such partition here.
    """
    if partition not in PARTITIONS:
        raise IamlintError(f"there is no partition `{partition}`", help=f"one of: {', '.join(PARTITIONS)}")
    return partition


def remarks(role: Role, partition: str, account: str | None) -> list[str]:
    """What a user of these documents should know."""
    notes = [f"the role and the instance profile are both named `{role.name}`; a profile holds one role"]
    notes.append("the deployer's policy is for whoever launches the instances, not for the role")
    if account is None:
        notes.append(
            "a role cannot be passed across accounts, so the deployer's `*` is their own; `--account` names it"
        )
    if partition == "aws-cn":
        notes.append(f"in China the trust policy also accepts `{CHINA_PRINCIPAL}`: use it in all documents, or in none")
    return notes
