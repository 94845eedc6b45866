"""The sides of a comparison: what a path, a folder or a revision holds, file by file. Compares nothing."""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from iamlint import source
from iamlint.errors import IamlintError
from iamlint.policy import PolicyKind
from iamlint.source.document import Reading
from iamlint.source.placed import Placed, placed
from iamlint.source.revision import is_revision, read_revision

STDIN = "-"


class Member(NamedTuple):
    """A policy, its place, and the path of its file from the folder that was named; empty for a file that was."""

    path: str
    placed: Placed


class Side(NamedTuple):
    """One side: its policies; by path, why files cannot be read as they stand; and what was passed over."""

    name: str
    is_folder: bool
    members: tuple[Member, ...] = ()
    broken: tuple[tuple[str, str], ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()


def read_side(name: str, kind: PolicyKind | None, stdin: Callable[[], bytes]) -> Side:
    """What a path stands for: a file, a folder, `-` for stdin, `REV:path`; the null device is a side without policies.

    Raises:
        IamlintError: There is no such path, or it is a file without a policy.
    """
    if name == os.devnull:
        return Side(name, is_folder=False)
    is_folder, readings = _readings(name, kind, stdin)
    return side_of(name, readings, is_folder=is_folder)


def side_of(name: str, readings: Iterable[tuple[str, Reading]], *, is_folder: bool) -> Side:
    """The side that readings by path make.

    Raises:
        IamlintError: It is a file without a policy.
    """
    members: list[Member] = []
    broken: list[tuple[str, str]] = []
    skipped: list[tuple[str, str]] = []
    for path, reading in readings:
        members += (Member(path, placed(found)) for found in reading.found)
        reason = trouble(reading)
        if reason:
            broken.append((path, reason))
        elif reading.skipped:
            skipped.append((reading.file.name, reading.skipped))
    if not is_folder and not members and not broken:
        why = skipped[0][1] if skipped else "no policy in it"
        raise IamlintError(f"`{name}` cannot be judged: {why}", help="name a file that holds a policy")
    return Side(name, is_folder, tuple(members), tuple(broken), tuple(skipped))


def trouble(reading: Reading) -> str | None:
    """Why a file cannot be judged: it cannot be read, or what was read is no longer what is written."""
    if reading.unread:
        return f"`{reading.file.name}` cannot be read: {reading.unread}"
    if not reading.problems:
        return None
    first = reading.problems[0]
    line, column = reading.file.position(first.span.start)
    return f"{reading.file.name}:{line}:{column}: {first.message}"


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
