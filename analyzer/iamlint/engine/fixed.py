"""Fixed values: what in a condition says who calls or from where, so that a stranger's request cannot have it.

The keys, and what counts as fixed, are those of AWS's definitions of *public*; of a pattern, the part that nobody else
can have must be plain text. Knows no statement as a whole and decides nothing.
"""

import re
from collections.abc import Callable, Mapping

from iamlint.engine.providers import is_tenant_claim
from iamlint.engine.scalars import addresses
from iamlint.policy import Condition

_ANY = re.compile(r"[*?]")
_OWN_ACCOUNT = r"\$\{aws:ResourceAccount\}"
_OWN_ORGANIZATION = r"\$\{aws:ResourceOrgID\}"
"""The variables that stand for the owner of the resource: no stranger is in its account or organization."""
_ACCOUNT = re.compile(rf"\d{{12}}|{_OWN_ACCOUNT}", re.IGNORECASE)
_ORGANIZATION = re.compile(rf"o-[a-z0-9]+|{_OWN_ORGANIZATION}", re.IGNORECASE)
_ORGANIZATION_PATH = re.compile(rf"(o-[a-z0-9]+|{_OWN_ORGANIZATION})/.*", re.IGNORECASE)
_USER_ID = re.compile(r"[^*?:]+:.*|A[A-Z]{3}[A-Z0-9]{12,}.*")
_SUBJECT = re.compile(r"\w+:[^*?:/]+[:/].*")
_CLAIM = re.compile(r"[^*?:/]+/.*")
_WIDEST_V4, _WIDEST_V6 = 1 << (32 - 8), 1 << (128 - 32)
_V6 = 1 << 32

Fixed = Callable[[str, str], bool]
"""Whether a value, which has wildcards or may have, is fixed; then the operator's name, for how wildcards are read."""


def _word(_: str, __: str) -> bool:
    return False


def _account(text: str, _: str) -> bool:
    return _ACCOUNT.fullmatch(text) is not None


def _organization(text: str, _: str) -> bool:
    return _ORGANIZATION.fullmatch(text) is not None


def _organization_path(text: str, _: str) -> bool:
    return _ORGANIZATION_PATH.fullmatch(text) is not None


def _user_id(text: str, _: str) -> bool:
    """The part before the colon is the unique id of a role, which nobody else has."""
    return _USER_ID.fullmatch(text) is not None


def _arn(text: str, operator: str) -> bool:
    """The account is plain text, or the whole name of a bucket, whose ARN has no account.

    As StringLike reads it, a `*` before the account may be anything, another account too.
    """
    fields = text.split(":", 5)
    crosses = operator.startswith("String")
    if len(fields) != 6 or (crosses and _ANY.search("".join(fields[:3]))):
        return False
    service, account, resource = fields[2], fields[4], fields[5]
    if service == "s3" and account in ("", "*"):
        return not _ANY.search(resource) and "/" not in resource
    return _ACCOUNT.fullmatch(account) is not None and not (crosses and _ANY.search(fields[3]))


def _subject(text: str, _: str) -> bool:
    """The tenant is plain text, as in `repo:owner/*`."""
    return _SUBJECT.fullmatch(text) is not None


def _claim(text: str, _: str) -> bool:
    return _CLAIM.fullmatch(text) is not None


KEYS: Mapping[str, Fixed] = {
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    "aws:principalorgid": _organization,
    "aws:sourcearn": _arn,
    "aws:sourcevpc": _word,
    "aws:sourcevpce": _word,
    "aws:sourceowner": _account,
    "aws:sourceaccount": _account,
    "aws:sourceip": _word,
    "aws:userid": _user_id,
    "s3:x-amz-server-side-encryption-aws-kms-key-id": _arn,
    "s3:dataaccesspointarn": _arn,
    "s3:dataaccesspointaccount": _account,
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-filter-keys.html
    "aws:principalarn": _arn,
    "aws:principalorgpaths": _organization_path,
    "kms:calleraccount": _account,
    # Of the same kind, newer or of one service only:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    "aws:principalaccount": _account,
    "aws:sourceorgid": _organization,
    "aws:sourceorgpaths": _organization_path,
    "aws:sourcevpcarn": _arn,
    "aws:vpceaccount": _account,
    "aws:vpceorgid": _organization,
    "aws:vpceorgpaths": _organization_path,
    # https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
    "lambda:eventsourcetoken": _word,
}
"""The keys that say who calls or from where, and which patterns of theirs are fixed. A word is fixed without wildcards.

Not here, as a stranger can have any value: tags, user names, `aws:VpcSourceIp`, `aws:Referer`, `sts:ExternalId`,
`kms:ViaService`, `sns:Endpoint`.
"""
MOUNT_TARGET = "elasticfilesystem:AccessedViaMountTarget"
"""True only inside the VPC of a mount target: https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html"""


def fixed_values(condition: Condition, *, variables: bool) -> tuple[str, ...]:
    """The values of a condition, whether negated or not, by which no stranger can be meant.

    Args:
        condition: A condition of any statement.
        variables: Whether `${…}` is a policy variable.
    """
    operator, key = condition.operator, condition.key_lower
    if not operator.known or operator.family not in ("String", "Arn", "IpAddress"):
        return ()
    texts = (value.text for value in condition.values)
    if operator.family == "IpAddress":
        return tuple(text for text in texts if key == "aws:sourceip" and is_narrow(text))
    is_fixed = _is_fixed_of(key)
    if is_fixed is None:
        return ()
    has_wildcards = operator.family == "Arn" or operator.name.endswith("Like")
    return tuple(text for text in texts if _is_fixed(text, is_fixed, operator.name if has_wildcards else "", variables))


def _is_fixed_of(key: str) -> Fixed | None:
    if key == "aws:federatedprovider":
        return _arn
    if is_tenant_claim(key):
        return _subject if key.endswith(":sub") else _claim
    return KEYS.get(key)


def _is_fixed(text: str, is_fixed: Fixed, like: str, variables: bool) -> bool:
    """Whether one value is fixed; `like` is the name of an operator that reads wildcards, else empty."""
    plain = re.sub(f"{_OWN_ACCOUNT}|{_OWN_ORGANIZATION}", "", text, flags=re.IGNORECASE)
    if variables and "${" in plain:
        return False
    has_own = variables and plain != text
    if (like and _ANY.search(text)) or has_own:
        return is_fixed(text, like or "StringLike")
    return bool(text)


def is_narrow(text: str) -> bool:
    """Whether a range of addresses is one that AWS takes for fixed: at most a /8, or a /32 of IPv6."""
    found = addresses(text)
    if found is None:
        return False
    first, last = found
    return last - first < (_WIDEST_V6 if first >= _V6 else _WIDEST_V4)
