"""Paths the user names → the files to read, and their bytes → what is in them. Knows nothing of formats or policies."""

import os
import stat
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from iamlint.errors import IamlintError
from iamlint.policy.kind import PolicyKind
from iamlint.source.document import Reading
from iamlint.source.file import File
from iamlint.source.gitignore import Ignore, Pattern, ignored, parse, pattern
from iamlint.source.reading import read
from iamlint.source.sniff import NEITHER, format_by_name

STDIN = "-"
NEVER = frozenset(
    (
        *(".git", ".hg", ".svn", ".idea", "node_modules", ".venv", "venv", "__pycache__", ".tox", ".nox"),
        *(".terraform", ".terragrunt-cache", ".aws-sam", ".serverless", "cdk.out"),
        *(".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"),
    )
)
"""Folders that no walk enters."""
_PIPES = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")  # `iamlint check <(aws iam get-role …)`


class Walked(str):
    """A path that a walk came upon, rather than one the user named."""

    __slots__ = ()


def expand(paths: Sequence[str], exclude: Sequence[str] = ()) -> Iterator[str]:
    """The files that paths stand for: files as they are, folders walked; each once, in a stable order.

    A walk leaves out what .gitignore and `exclude` (in the same form) name, and what no name of a policy's file is.

    Raises:
        IamlintError: A path does not exist.
    """
    excludes = tuple(pattern(line) for line in exclude)
    seen: set[str] = set()
    here = _here(paths)
    for path in paths:
        if path != STDIN and not os.path.lexists(path):
            raise _missing(path)
        found = _walk(path, excludes) if path != STDIN and os.path.isdir(path) else iter((path,))
        for each in found:
            key = each if each == STDIN else os.path.normpath(os.path.join(here, each))
            if key not in seen:
                seen.add(key)
                yield each


def _here(paths: Sequence[str]) -> str:
    """The current folder, needed as soon as a path is not absolute."""
    try:
        return os.getcwd()
    except OSError:
        if all(os.path.isabs(path) or path == STDIN for path in paths):
            return ""
    raise IamlintError("the current folder is gone", help="`cd` to a folder that exists")


def read_file(path: str, kind: PolicyKind | None = None) -> Reading:
    """The policies in a file; one that cannot be read gives a reading that says why."""
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode) and not path.startswith(_PIPES):
            is_folder = stat.S_ISDIR(mode)
            if is_folder:
                os.scandir(path).close()  # fails if that is why it came here
            if not is_folder and not isinstance(path, Walked):
                return Reading(File(path, ""), unread="a pipe, socket or device; `-` reads stdin")
            return Reading(File(path, ""), skipped="a folder" if is_folder else "a pipe, socket or device")
        with open(path, "rb") as stream:
            data = stream.read()
    except (OSError, ValueError) as error:
        return Reading(File(path, ""), unread=_reason(error))
    return read(path, data, kind, explicit=not isinstance(path, Walked))


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


def _missing(path: str) -> IamlintError:
    from difflib import get_close_matches  # noqa: PLC0415 - only to help

    folder, name = os.path.split(path)
    try:
        names = os.listdir(folder or ".")
    except OSError:
        return IamlintError(f"`{path}` does not exist", help=f"nor does the folder `{folder}`" if folder else "")
    close = get_close_matches(name, names, 1)
    near = f"did you mean `{os.path.join(folder, close[0])}`?" if close else "check the path"
    return IamlintError(f"`{path}` does not exist", help=near)


def _walk(top: str, excludes: tuple[Pattern, ...]) -> Iterator[Walked]:
    """The files under a folder; links to folders are not followed, so that no loop can hold it."""
    root, ignores = _repository(top)
    inside = os.path.relpath(os.path.realpath(top), root).replace(os.sep, "/")
    base = "" if inside == "." else f"{inside}/"
    pending: list[_Folder | Walked] = [_Folder(top, base, (*ignores, Ignore(base, excludes)))]
    while pending:
        item = pending.pop()
        if isinstance(item, Walked):
            yield item
        else:
            pending += reversed(_entries(*item))


class _Folder(NamedTuple):
    """A folder to look into; `inside` is its path in the repository, the last of `ignores` the user's own."""

    path: str
    inside: str
    ignores: tuple[Ignore, ...]


def _entries(folder: str, inside: str, ignores: tuple[Ignore, ...]) -> list[_Folder | Walked]:
    """What to visit in a folder, in order: files, and folders with the ignore files that hold there."""
    own = _ignore_file(os.path.join(folder, ".gitignore"), inside)
    ignores = (*ignores[:-1], own, ignores[-1]) if own else ignores
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return [Walked(folder)]  # reading it will say why
    found: list[_Folder | Walked] = []
    for entry in listed:
        is_folder = entry.is_dir(follow_symlinks=False)
        if (is_folder and entry.name in NEVER) or ignored(inside + entry.name, ignores, is_folder=is_folder):
            continue
        path = entry.name if folder == "." else os.path.join(folder, entry.name)
        if is_folder:
            found.append(_Folder(path, f"{inside}{entry.name}/", ignores))
        elif format_by_name(entry.name) != NEITHER and _is_file(entry):
            found.append(Walked(path))
    return found


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False


def _repository(top: str) -> tuple[str, tuple[Ignore, ...]]:
    """The root of the repository a folder is in (else the folder), and the ignore files above the folder."""
    real = os.path.realpath(top)
    above = [real]
    while not os.path.exists(os.path.join(above[-1], ".git")):
        parent = os.path.dirname(above[-1])
        if parent == above[-1]:
            return real, ()
        above.append(parent)
    root = above[-1]
    ignores = [_ignore_file(os.path.join(root, ".git", "info", "exclude"), "")]
    for folder in reversed(above[1:]):
        inside = os.path.relpath(folder, root).replace(os.sep, "/")
        ignores.append(_ignore_file(os.path.join(folder, ".gitignore"), "" if inside == "." else f"{inside}/"))
    return root, tuple(ignore for ignore in ignores if ignore)


def _ignore_file(path: str, inside: str) -> Ignore | None:
    try:
        with open(path, encoding="utf-8-sig", errors="replace") as stream:
            return parse(inside, stream.read())
    except OSError:
        return None
