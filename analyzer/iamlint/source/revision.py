"""Files as a git revision has them, such as `main:policies/x.json`, by the `git` command. Knows nothing of policies."""

import os
import posixpath
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from iamlint.errors import IamlintError
from iamlint.source.sniff import NEITHER, format_by_name
from iamlint.source.walk import NEVER

_PLAIN_FILES = ("100644", "100755")
_BAD_LINKS = {
    "dangling": "a link to nothing",
    "symlink": "a link to a file outside of the repository",
    "loop": "a link to itself",
    "notdir": "a path through a file",
}


class Blob(NamedTuple):
    """A file at a revision: its path, from the folder that was asked for, and its bytes."""

    path: str
    data: bytes


class Tree(NamedTuple):
    """What stands at a path of a revision: one file, or the files under a folder that may hold policies."""

    revision: str
    path: str
    """From the root of the repository; empty for the root itself."""
    is_folder: bool
    blobs: tuple[Blob, ...]


def is_revision(name: str) -> bool:
    """Whether a path is one in a revision, `REV:path`: a file that has such a name comes first."""
    return ":" in name[1:] and not os.path.lexists(name)


def read_revision(name: str) -> Tree:
    """The files that `REV:path` names; the path is taken from the root of the repository, or else from here.

    Raises:
        IamlintError: This is no repository, or it has no such revision or path.
    """
    revision, _, path = name.partition(":")
    here = _git(["rev-parse", "--show-prefix"], name).decode("utf-8", "surrogateescape").rstrip("\n")
    for candidate in _candidates(path, here):
        kind, oid = _look_up(f"{revision}:{candidate}" if candidate else f"{revision}^{{tree}}", name)
        if kind == "blob":
            return Tree(revision, candidate, is_folder=False, blobs=(Blob("", _git(["cat-file", "blob", oid], name)),))
        if kind == "tree":
            return Tree(revision, candidate, is_folder=True, blobs=tuple(_blobs(oid, name)))
        if kind != "missing":
            what = "a submodule" if kind == "commit" else _BAD_LINKS.get(kind, f"a {kind}")
            raise IamlintError(f"`{name}` is {what}", help="name a file or folder of the revision")
    raise _missing(revision, path, name)


def _candidates(path: str, here: str) -> Sequence[str]:
    """The paths from the root that a path may mean: `./x` and `../x` are from here, others from the root first."""
    local = posixpath.normpath(posixpath.join(here, path))
    local = "" if local == "." else local
    if path.startswith(("./", "../")) or path in (".", ".."):
        return [] if local.startswith("..") else [local]
    root = posixpath.normpath(path) if path else ""
    return list(dict.fromkeys(("" if root == "." else root, local))) if path else [root]


def _look_up(what: str, name: str) -> tuple[str, str]:
    """The type of an object and its id; `missing` if there is none; what is wrong with a link to it."""
    if "\n" in what:
        return "missing", ""
    asked = f"{what}\n".encode("utf-8", "surrogateescape")
    answer = _git(["cat-file", "--follow-symlinks", "--batch-check"], name, asked)
    first = answer.decode("utf-8", "surrogateescape").splitlines()[0]
    if first.endswith((" missing", " ambiguous")):
        return "missing", ""
    words = first.split(" ")
    return (words[1], words[0]) if len(words) == 3 else (words[0], "")


def _blobs(oid: str, name: str) -> Iterator[Blob]:
    """The files under a folder that a walk would read, in git's order; links are not followed."""
    files: list[tuple[str, str]] = []
    for entry in _git(["ls-tree", "-r", "-z", "--full-tree", oid], name).split(b"\0")[:-1]:
        facts, _, raw = entry.partition(b"\t")
        mode, _, blob = facts.decode("ascii").split(" ")[:3]
        path = raw.decode("utf-8", "surrogateescape")
        *folders, last = path.split("/")
        if mode in _PLAIN_FILES and format_by_name(last) != NEITHER and NEVER.isdisjoint(folders):
            files.append((path, blob))
    rest = _git(["cat-file", "--batch"], name, "".join(f"{blob}\n" for _, blob in files).encode("ascii"))
    start = 0
    for path, _ in files:
        line = rest.index(b"\n", start)
        end = line + 1 + int(rest[start:line].split()[-1])
        yield Blob(path, rest[line + 1 : end])
        start = end + 1


def _missing(revision: str, path: str, name: str) -> IamlintError:
    from difflib import get_close_matches  # noqa: PLC0415 - only to help

    kind, oid = _look_up(f"{revision}^{{tree}}", name)
    if kind != "tree":
        near = f"origin/{revision}"
        known = _look_up(f"{near}^{{tree}}", name)[0] == "tree"
        remedy = f"did you mean `{near}`?" if known else "fetch it first: a shallow clone has only its newest commit"
        return IamlintError(
            f"`{name}` is no file, and `{revision}` no revision of this repository", help=f"`git branch -a`; {remedy}"
        )
    listing = _git(["ls-tree", "-r", "-t", "-z", "--name-only", "--full-tree", oid], name)
    names = listing.decode("utf-8", "surrogateescape").split("\0")
    close = get_close_matches(path, names, 1)
    return IamlintError(
        f"`{revision}` has no `{path}`", help=f"did you mean `{revision}:{close[0]}`?" if close else "check the path"
    )


def _git(words: Sequence[str], name: str, asked: bytes | None = None) -> bytes:
    """What a git command answers; nothing is fetched from anywhere.

    Raises:
        IamlintError: There is no git, or it refuses.
    """
    from subprocess import DEVNULL, run  # noqa: PLC0415 - only for revisions

    environment = {**os.environ, "LC_ALL": "C", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0"}
    given = {"stdin": DEVNULL} if asked is None else {}
    try:
        done = run(["git", *words], input=asked, capture_output=True, check=False, env=environment, **given)  # type: ignore[call-overload]  # noqa: S603, S607
    except OSError:
        raise IamlintError(f"`{name}` does not exist", help="to read a revision, install `git`") from None
    if done.returncode == 0:
        return bytes(done.stdout)
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    reason = said[0].removeprefix("fatal: ") if said else f"git ends with {done.returncode}"
    if "not a git repository" in reason:
        raise IamlintError(f"`{name}` is no file, and this folder is in no git repository", help="check the path")
    raise IamlintError(f"`{name}` cannot be read: {reason}", help="`git status` may tell more")
