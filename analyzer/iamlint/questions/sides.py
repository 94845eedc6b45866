"""The sides of a comparison: what a path, a folder or a revision holds, file by file. Compares nothing."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from iamlint import source
from iamlint.errors import IamlintError
from iamlint.policy import PolicyKind
from iamlint.source.document import Entity, Found, Reading
from iamlint.source.file import File
from iamlint.source.placed import Placed, placed
from iamlint.source.revision import is_revision, read_revision
from iamlint.source.shape import is_policy, is_statements

STDIN = "-"
_NOTHING = "no policy in it"


class Member(NamedTuple):
    """A policy, its place, and the path of its file from the folder that was named; empty for a file that was."""

    path: str
    placed: Placed


class Side(NamedTuple):
    """One side: its policies; by path, why files cannot be read as they stand; and what was passed over.

    `entities` are the principals that are listed in it; `spoilt` says of policies of theirs, by the identity of
    the document, why they cannot be read as they stand.
    """

    name: str
    is_folder: bool
    members: tuple[Member, ...] = ()
    broken: tuple[tuple[str, str], ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    entities: tuple[Entity, ...] = ()
    spoilt: Mapping[int, str] = MappingProxyType({})


def read_side(name: str, kind: PolicyKind | None, stdin: Callable[[], bytes]) -> Side:
    """What a path stands for: a file, a folder, `-` for stdin, `REV:path`; the null device is a side without policies.

    Raises:
        IamlintError: There is no such path, or it is a file without a policy.
    """
    if name == os.devnull:
        return Side(name, is_folder=False)
    is_folder, readings = _readings(name, kind, stdin)
    return side_of("<stdin>" if name == STDIN else name, readings, is_folder=is_folder)


def side_of(name: str, readings: Iterable[tuple[str, Reading]], *, is_folder: bool) -> Side:
    """The side that readings by path make.

    Raises:
        IamlintError: It is a file without a policy.
    """
    members: list[Member] = []
    broken: list[tuple[str, str]] = []
    skipped: list[tuple[str, str]] = []
    entities: list[Entity] = []
    spoilt: dict[int, str] = {}
    for path, reading in readings:
        found = policies_in(reading)
        members += (Member(path, each) for each in found)
        entities += reading.entities
        reason = trouble(reading)
        if reason:
            broken.append((path, reason))
        elif is_listing(reading):
            spoilt |= flaws(found)
        elif not found:
            skipped.append((reading.file.name, reading.skipped or _NOTHING))
    if not is_folder and not members and not broken and not entities:
        why = skipped[0][1] if skipped else _NOTHING
        raise IamlintError(f"`{name}` cannot be judged: {why}", help="name a file that holds a policy")
    return Side(name, is_folder, tuple(members), tuple(broken), tuple(skipped), tuple(entities), spoilt)


def is_listing(reading: Reading) -> bool:
    """Whether a file lists the principals of an account: one broken policy then spoils nobody else's."""
    return any(entity.is_whole for entity in reading.entities)


def policies_in(reading: Reading) -> tuple[Placed, ...]:
    """The policies in a file; what was only asked to be one, and does not look like it, is none."""
    everything = is_listing(reading)
    return tuple(placed(each) for each in reading.found if everything or _has_statement(each) or _is_meant(each))


def flaws(members: Iterable[Placed]) -> dict[int, str]:
    """By the identity of their documents, why policies of a listing cannot be judged."""
    return {id(each.found.document): reason for each in members if (reason := _flaw(each.found))}


def _flaw(found: Found) -> str | None:
    document = found.document
    if document.problems:
        return _told(document.file, document.problems[0].span.start, document.problems[0].message)
    if not _has_statement(found):
        return _told(document.file, document.span().start, "a policy without `Statement` says nothing")
    return None


def _has_statement(found: Found) -> bool:
    return isinstance(found.document.value, dict) and "Statement" in found.document.value


def _is_meant(found: Found) -> bool:
    value = found.document.value
    return is_policy(value) or is_statements(value)


def trouble(reading: Reading) -> str | None:
    """Why a file cannot be judged: it cannot be read, or what was read is no longer what is written."""
    if reading.unread:
        return f"`{reading.file.name}` cannot be read: {reading.unread}"
    problems, found = reading.problems, reading.found
    if is_listing(reading):
        inner = {problem for each in found if each.document.source.is_inner for problem in each.document.problems}
        problems, found = tuple(problem for problem in problems if problem not in inner), ()
    if problems:
        return _told(reading.file, problems[0].span.start, problems[0].message)
    bare = next((each for each in found if not _has_statement(each) and _is_meant(each)), None)
    return bare and _flaw(bare)


def _told(file: File, start: int, message: str) -> str:
    line, column = file.position(start)
    return f"{file.name}:{line}:{column}: {message}"


def _readings(
    name: str, kind: PolicyKind | None, stdin: Callable[[], bytes]
) -> tuple[bool, Iterator[tuple[str, Reading]]]:
    if name == STDIN:
        return False, iter([("", source.read("<stdin>", stdin(), kind, explicit=True))])
    if is_revision(name):
        return _from_git(name, kind)
    is_folder = os.path.isdir(name)
    paths = source.expand([name])
    return is_folder, ((_relative(path, name) if is_folder else "", source.read_file(path, kind)) for path in paths)


def _relative(path: str, folder: str) -> str:
    return os.path.relpath(path, folder).replace(os.sep, "/")


def _from_git(name: str, kind: PolicyKind | None) -> tuple[bool, Iterator[tuple[str, Reading]]]:
    tree = read_revision(name)

    def readings() -> Iterator[tuple[str, Reading]]:
        for blob in tree.blobs:
            path = "/".join(part for part in (tree.path, blob.path) if part)
            reading = source.read(path, blob.data, kind, explicit=not tree.is_folder)
            reading.file.name = f"{tree.revision}:{path}"  # only now: a revision's name tells no kind of policy
            yield blob.path, reading

    return tree.is_folder, readings()
