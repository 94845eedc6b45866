"""The roles, users and groups that a document lists, and what is attached to them. Knows nothing of policies.

The shapes are those of `aws iam get-account-authorization-details`, and of `get-role`, `list-users` and the like:
https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
"""

from collections.abc import Iterator

from iamlint.source.document import Document, Entity
from iamlint.source.wrappers import DETAILS, account_of, owner, owner_key
from iamlint.text import ROOT, Pointer

_DEEP = 6  # pages in a list, in a wrapper of its own: no listing nests deeper


def entities(document: Document) -> Iterator[Entity]:
    """The roles, users and groups in a document, each with its ARN, from top to bottom."""
    yield from _in_value(document, ROOT, document.value, whole=False)


def _in_value(document: Document, at: Pointer, value: object, *, whole: bool) -> Iterator[Entity]:
    if isinstance(value, dict):
        key = owner_key(value)
        if key and (whole or account_of(value.get("Arn"))):
            yield _entity(document, at / key, value, is_whole=whole)
        elif not key and at.count("/") < _DEEP:
            for name, item in value.items():
                if isinstance(item, dict | list) and isinstance(name, str):
                    yield from _in_value(document, at / name, item, whole=name in DETAILS)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield from _in_value(document, at / index, item, whole=whole)


def _entity(document: Document, at: Pointer, value: dict[str, object], *, is_whole: bool) -> Entity:
    arn, boundary = value.get("Arn"), value.get("PermissionsBoundary")
    groups, profiles = value.get("GroupList"), value.get("InstanceProfileList")
    return Entity(
        name=owner(value) or "",
        document=document.at(at, value[at.last]),
        arn=arn if isinstance(arn, str) else "",
        account=account_of(arn),
        attached=tuple(_attached(value.get("AttachedManagedPolicies"))),
        groups=tuple(f"group/{each}" for each in groups if isinstance(each, str)) if isinstance(groups, list) else (),
        boundary=_text(boundary, "PermissionsBoundaryArn"),
        profiles=tuple(_profiles(profiles)) if isinstance(profiles, list) else None,
        is_whole=is_whole,
    )


def _attached(listed: object) -> Iterator[tuple[str, str]]:
    for each in listed if isinstance(listed, list) else ():
        arn = _text(each, "PolicyArn")
        if arn:
            yield _text(each, "PolicyName") or arn.rpartition("/")[2], arn


def _profiles(listed: list[object]) -> Iterator[str]:
    for each in listed:
        name = _text(each, "InstanceProfileName")
        if name:
            yield name


def _text(value: object, key: str) -> str:
    text = value.get(key) if isinstance(value, dict) else None
    return text if isinstance(text, str) else ""
