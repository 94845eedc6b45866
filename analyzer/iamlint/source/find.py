"""Which values of a document are policies, and what stands around them tells. Knows nothing of bytes or files."""

from collections.abc import Iterator
from typing import NamedTuple

from iamlint.policy.kind import PolicyKind
from iamlint.source.detect import detect, service_of
from iamlint.source.document import Document, Found
from iamlint.source.embedded import could_embed, embedded
from iamlint.source.shape import is_policy
from iamlint.source.wrappers import Slot, outdated, owner, slot
from iamlint.text import ROOT, Pointer

_DEEP = 60  # no wrapper nests deeper


class _Around(NamedTuple):
    """What is known so far on the way down."""

    kind: PolicyKind | None  # asked for by the user
    owner: str | None = None
    policy: str | None = None
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
    return Found(document, told, service if told is PolicyKind.RESOURCE else None, address)


def _in_value(document: Document, at: Pointer, value: object, known: Slot, around: _Around) -> Iterator[Found]:
    if at.count("/") > _DEEP:
        return
    if isinstance(value, dict):
        if is_policy(value) or (known.certain and value and not _is_wrapper(value)):
            view = document.at(at, value) if at else document
            found = found_at(view, known, around.kind, _address(at, around))
            yield found._replace(principal=around.owner)
        else:
            yield from _in_mapping(document, at, value, known, around)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict | list | str) and not (isinstance(item, dict) and outdated(item, at.last)):
                yield from _in_value(document, at / index, item, known._replace(certain=False), around)
    elif isinstance(value, str) and could_embed(value) and (known.certain or "statement" in value.lower()):
        yield from _in_string(document, at, value, known, around)


def _in_mapping(
    document: Document, at: Pointer, value: dict[object, object], known: Slot, around: _Around
) -> Iterator[Found]:
    mapping = {key: item for key, item in value.items() if isinstance(key, str)}
    policy = mapping.get("PolicyName")
    around = around._replace(
        owner=owner(mapping) or around.owner,
        policy=f"policy/{policy}" if isinstance(policy, str) else around.policy or _text(mapping.get("VersionId")),
    )
    for key, item in mapping.items():
        if isinstance(item, dict | list | str):
            inner = slot(key, mapping)
            inherited = inner if inner != Slot() else known._replace(certain=False)
            yield from _in_value(document, at / key, item, inherited, around)


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
