"""Which policies of two sides belong together: by path and address, by owner, or as the only ones. Compares nothing."""

import os
import posixpath
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from iamlint.errors import IamlintError
from iamlint.policy import PolicyKind
from iamlint.questions.owners import Owners, joined, owners
from iamlint.questions.sides import Member, Side
from iamlint.source.placed import Placed

CALLED = {
    PolicyKind.IDENTITY: "an identity policy",
    PolicyKind.TRUST: "a trust policy",
    PolicyKind.RESOURCE: "a resource policy",
    PolicyKind.BOUNDARY: "a permissions boundary",
    PolicyKind.SESSION: "a session policy",
    PolicyKind.SCP: "a service control policy",
    PolicyKind.RCP: "a resource control policy",
    PolicyKind.VPC_ENDPOINT: "a VPC endpoint policy",
}
_OWN = (PolicyKind.IDENTITY, PolicyKind.TRUST, PolicyKind.BOUNDARY)


class Unit(NamedTuple):
    """Policies that are judged as one: a policy alone, or all of a kind that a principal has."""

    title: str
    kind: PolicyKind
    members: tuple[Placed, ...]
    owner: str = ""
    """The principal or the role's folder; empty for a policy alone."""


class Pair(NamedTuple):
    """Policies to be compared, all of one kind; several on one side are attached together."""

    title: str
    kind: PolicyKind
    old: tuple[Placed, ...]
    new: tuple[Placed, ...]
    number: int = 1
    """How many principals it stands for."""


class Pairing(NamedTuple):
    """The pairs of two sides, and why some cannot be compared."""

    pairs: tuple[Pair, ...]
    errors: tuple[str, ...] = ()


class _Key(NamedTuple):
    """What tells one thing to compare from the others.

    A policy has its file's path and its address there; those that belong to one principal have a kind, and its name or
    the folder that is the role.
    """

    path: str
    owner: str = ""
    kind: str = ""


_Units = dict[_Key, list[Member]]


def pair(old: Side, new: Side) -> Pairing:
    """Pair the policies of two sides.

    Two files with one thing to compare each are a pair, whatever they are called. Otherwise policies are paired by the
    path from the folder and by their address in the file; those of a role, user or group are taken together, with what
    is attached to it and to its groups. Principals that have the very same policies are one, and so are those of a
    listing whose policies are as they were.

    Raises:
        IamlintError: One side is a folder and the other a file.
    """
    if old.is_folder != new.is_folder and os.devnull not in (old.name, new.name):
        folder, file = (old, new) if old.is_folder else (new, old)
        raise IamlintError(
            f"`{folder.name}` is a folder and `{file.name}` a file", help="name two files or two folders"
        )
    roles = _role_folders(old.members) | _role_folders(new.members)
    was, now = owners(old, new)
    before, after = _units(old, was, roles), _units(new, now, roles)
    if not old.is_folder and not new.is_folder and len(before) == len(after) == 1:
        before = dict(zip(after, before.values(), strict=True))
    bad = _bad(old) | _bad(new)
    errors = [*_reasons(old), *_reasons(new), *now.unknown_since(was)]
    pairs: dict[tuple[object, ...], list[Pair]] = {}
    for key in (*after, *(key for key in before if key not in after)):
        members = (*before.get(key, ()), *after.get(key, ()))
        if not _is_whole(key, members, bad):
            continue
        made = _pair(before.get(key, ()), after.get(key, ()), _title(key, new if key in after else old))
        if isinstance(made, Pair):
            pairs.setdefault((key.kind, *_what(made, is_listed=bool(new.entities))), []).append(made)
        else:
            errors.append(made)
    joint = (same[0]._replace(title=joined([pair.title for pair in same]), number=len(same)) for same in pairs.values())
    return Pairing(tuple(joint), tuple(errors))


def units_of(side: Side) -> tuple[Unit, ...]:
    """What is judged as one, of one side alone; what has a part in a broken file is left out."""
    bad = _bad(side)
    (known,) = owners(side)
    spoilt = {name for name, member in known.members if id(member.placed.found.document) in bad}
    units = (
        Unit(_title(key, side), _kind(found) or found[0].policy.kind, found, f"{side.name}/{key.path}/{key.owner}")
        if key.kind
        else Unit(_title(key, side), found[0].policy.kind, found)
        for key, members in _units(side, known, _role_folders(side.members)).items()
        if _is_whole(key, members, bad) and key.owner not in spoilt
        for found in (tuple(member.placed for member in members),)
    )
    return tuple(_distinct(units))


def _distinct(units: Iterable[Unit]) -> Iterator[Unit]:
    """The units, principals with the very same policies and boundary as one."""
    owned: dict[str, list[Unit]] = {}
    others = []
    for unit in units:
        if unit.owner and unit.kind is not PolicyKind.TRUST:
            owned.setdefault(unit.owner, []).append(unit)
        else:
            others.append(unit)
    alike: dict[tuple[object, ...], list[list[Unit]]] = {}
    for own in owned.values():
        alike.setdefault(tuple((unit.kind, _same(unit.members)) for unit in own), []).append(own)
    for same in alike.values():
        for kin in zip(*same, strict=True):
            yield kin[0]._replace(title=joined([unit.title for unit in kin]))
    yield from others


def reasons_of(side: Side) -> tuple[str, ...]:
    """Why some of a side cannot be judged."""
    (known,) = owners(side)
    return (*_reasons(side), *known.unknown_since(None))


def _role_folders(members: Iterable[Member]) -> set[str]:
    """The folders that are a role: one trust policy beside permission policies, none of which names its owner."""
    kinds: dict[str, list[PolicyKind]] = {}
    for member in members:
        if member.placed.found.principal is None and not member.placed.found.managed:
            kinds.setdefault(posixpath.dirname(member.path), []).append(member.placed.policy.kind)
    return {
        folder for folder, found in kinds.items() if found.count(PolicyKind.TRUST) == 1 and PolicyKind.IDENTITY in found
    }


def _units(side: Side, known: Owners, roles: set[str]) -> _Units:
    """What is compared as one, of one side."""
    units: _Units = {}
    for name, member in known.members:
        units.setdefault(_Key("", name, member.placed.policy.kind.value), []).append(member)
    for member in side.members:
        policy, found, folder = member.placed.policy, member.placed.found, posixpath.dirname(member.path)
        if found.principal or found.managed in known.managed:
            continue
        if member.path and folder in roles and policy.kind in _OWN and not found.managed:
            key = _Key(folder, kind=policy.kind.value)
        else:
            key = _Key(member.path, found.address or "")
        units.setdefault(key, []).append(member)
    return units


def _bad(side: Side) -> set[object]:
    """The paths of files, and the identities of documents in listings, that cannot be judged."""
    return {path for path, _ in side.broken} | side.spoilt.keys()


def _reasons(side: Side) -> tuple[str, ...]:
    return (*(reason for _, reason in side.broken), *side.spoilt.values())


def _is_whole(key: _Key, members: Iterable[Member], bad: set[object]) -> bool:
    """Whether every file counts that could have a part in it: none of a role's folder is broken."""
    is_folder = key.kind and not key.owner
    return not any(member.path in bad or id(member.placed.found.document) in bad for member in members) and not (
        is_folder and any(isinstance(path, str) and posixpath.dirname(path) == key.path for path in bad)
    )


def _what(pair: Pair, *, is_listed: bool) -> tuple[object, ...]:
    """What is compared: the policies of either side; for principals of a listing where nothing changed, just that."""
    if is_listed and [each.policy.raw for each in pair.old] == [each.policy.raw for each in pair.new]:
        return ("unchanged",)
    return _same(pair.old), _same(pair.new)


def _same(members: Iterable[Placed]) -> frozenset[int]:
    return frozenset(id(each.policy) for each in members)


def _pair(before: Iterable[Member], after: Iterable[Member], title: str) -> Pair | str:
    """The pair, or why the two cannot be compared; a policy without statements may be of any kind."""
    old, new = tuple(member.placed for member in before), tuple(member.placed for member in after)
    was, now = _kind(old), _kind(new)
    if was and now and was is not now:
        return f"{title}: {CALLED[was]} cannot be compared with {CALLED[now]}; `--policy-type` says what both are"
    return Pair(title, now or was or (*new, *old)[0].policy.kind, old, new)


def _kind(members: Iterable[Placed]) -> PolicyKind | None:
    return next((each.policy.kind for each in members if each.policy.statements), None)


def _title(key: _Key, side: Side) -> str:
    """How to call what is compared: as the user would."""
    own = {"trust": " (trust)", "boundary": " (boundary)"}.get(key.kind, "")
    if key.kind and key.owner:
        return f"{key.owner}{own}"
    path = _joined(side.name, key.path)
    return f"{path} ({key.owner})" if key.owner else f"{path}{own}"


def _joined(folder: str, path: str) -> str:
    if not path or folder == ".":
        return path or folder
    return f"{folder}{path}" if folder.endswith((":", "/")) else f"{folder}/{path}"
