"""Which values of a document are policies, and what stands around them tells. Knows nothing of bytes or files."""

from collections.abc import Iterator
from typing import NamedTuple

from iamlint.policy.kind import PolicyKind
from iamlint.source.detect import detect, hints, service_of
from iamlint.source.document import Document, Found
from iamlint.source.embedded import could_embed, embedded
from iamlint.source.shape import is_policy
from iamlint.source.wrappers import LISTS, Slot, account_of, managed, only_limits, outdated, owner, slot
from iamlint.text import ROOT, Pointer

_DEEP = 60  # no wrapper nests deeper


class _Around(NamedTuple):
    """What is known so far on the way down."""

    kind: PolicyKind | None  # asked for by the user
    owner: str | None = None
    account: str = ""
    policy: str | None = None
    managed: str = ""
    limits: bool = False  # a boundary, and attached to nobody
    default: object = None  # the version that is in force
    listed: bool = False  # among the details of an account
    prefix: str = ""  # for a document inside a string: where that is


def find(document: Document, kind: PolicyKind | None = None) -> Iterator[Found]:
    """The policies in a document, from top to bottom.

    Args:
        document: The document.
        kind: What its policies are, where their surroundings do not know better.
    """
    yield from _in_value(document, ROOT, document.value, Slot(), _Around(kind))


def found_at(document: Document, known: Slot, kind: PolicyKind | None, address: str | None = None) -> Found:
    """A policy, given what its surroundings tell; what they leave open, it tells itself."""
    told, service = known.kind or kind, known.service
    if told is None:
        told, detected = detect(document.value, document.file.name)
        service = service or detected
    elif told is PolicyKind.RESOURCE:
        service = service or service_of(document.value)
    if told is not PolicyKind.RESOURCE or service is None:
        return Found(document, told, None, address)
    is_attached = service in (known.service, hints(document.file.name)[1])
    return Found(document, told, service, address, is_attached=is_attached)


def _in_value(document: Document, at: Pointer, value: object, known: Slot, around: _Around) -> Iterator[Found]:
    if at.count("/") > _DEEP:
        return
    if isinstance(value, dict):
        if is_policy(value) or (known.certain and value and not _is_wrapper(value)):
            view = document.at(at, value) if at else document
            yield _told(found_at(view, known, around.kind, _address(at, around)), around)
        else:
            yield from _in_mapping(document, at, value, known, around)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            is_old = at.last == "PolicyVersionList" and isinstance(item, dict) and outdated(item, around.default)
            if isinstance(item, dict | list | str) and not is_old:
                yield from _in_value(document, at / index, item, known._replace(certain=False), around)
    elif isinstance(value, str) and could_embed(value) and (known.certain or "statement" in value.lower()):
        yield from _in_string(document, at, value, known, around)


def _in_mapping(
    document: Document, at: Pointer, value: dict[object, object], known: Slot, around: _Around
) -> Iterator[Found]:
    mapping = {key: item for key, item in value.items() if isinstance(key, str)}
    around = _around(mapping, around)
    for key, item in mapping.items():
        if key == "InstanceProfileList" and owner(mapping):
            continue  # holds the role once more
        inner = slot(key, mapping)
        if around.listed and inner.certain and not _is_document(item):
            yield _told(Found(document.at(at / key, item), inner.kind, None, _address(at / key, around)), around)
        elif isinstance(item, dict | list | str):
            inherited = inner if inner != Slot() else known._replace(certain=False)
            within = around._replace(listed=around.listed or key in LISTS)
            yield from _in_value(document, at / key, item, inherited, within)


def _around(mapping: dict[str, object], around: _Around) -> _Around:
    """What is known inside a mapping."""
    named, arn = mapping.get("PolicyName"), managed(mapping)
    policy = named if isinstance(named, str) else arn.rpartition("/")[2]
    own = owner(mapping)
    return around._replace(
        owner=own or around.owner,
        account=account_of(mapping.get("Arn")) if own else around.account,
        policy=f"policy/{policy}" if policy else around.policy or _text(mapping.get("VersionId")),
        managed=arn or around.managed,
        limits=only_limits(mapping) if arn else around.limits,
        default=mapping.get("DefaultVersionId", around.default),
    )


def _told(found: Found, around: _Around) -> Found:
    """A policy with what is known of its owner."""
    kind = PolicyKind.BOUNDARY if around.limits and found.kind is PolicyKind.IDENTITY else found.kind
    return found._replace(kind=kind, principal=around.owner, account=around.account, managed=around.managed)


def _is_document(item: object) -> bool:
    """Whether something can stand for a policy: a mapping that says something, or a string that holds one."""
    return bool(item) and (isinstance(item, dict) or (isinstance(item, str) and could_embed(item)))


def _in_string(document: Document, at: Pointer, text: str, known: Slot, around: _Around) -> Iterator[Found]:
    inside = embedded(document, at, text)
    around = around._replace(prefix=_label(at, around))
    if isinstance(inside.value, dict) and (known.certain or not inside.problems or is_policy(inside.value)):
        yield from _in_value(inside, ROOT, inside.value, known, around)


def _is_wrapper(value: dict[object, object]) -> bool:
    return any(isinstance(key, str) and slot(key, {}) != Slot() for key in value)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _address(at: Pointer, around: _Around) -> str | None:
    """How to call the policy: by its owner and name, or else by where it stands; None for the whole document."""
    return _label(at, around) or None


def _label(at: Pointer, around: _Around) -> str:
    if around.prefix and not at:
        return around.prefix
    last = at.last
    if last == "AssumeRolePolicyDocument":
        what: str | None = last
    else:
        what = around.policy
    named = " ".join(part for part in (around.owner, what) if part)
    if named and what:
        return named
    return "/".join(part for part in (around.prefix, at[1:]) if part)
