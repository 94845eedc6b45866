"""Policies that belong together: a role given as files, or a folder that holds one. Reads nothing itself."""

import os
from collections.abc import Iterable

from iamlint.policy.kind import PolicyKind
from iamlint.source.document import Found, Reading

_PERMISSIONS = (None, PolicyKind.IDENTITY)
_OWNED = (*_PERMISSIONS, PolicyKind.TRUST, PolicyKind.BOUNDARY)


def as_role(readings: Iterable[Reading], name: str = "role/given") -> tuple[Reading, ...]:
    """The readings, every policy of theirs belonging to one role."""
    return tuple(_given_to(reading, name) for reading in readings)


def join_folders(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """The readings; where a folder holds just one trust policy beside permission policies, they are one role.

    The role takes the folder's name. Policies whose surroundings name their role are left as they are.
    """
    everything = tuple(readings)
    folders: dict[str, list[Found]] = {}
    for reading in everything:
        folders.setdefault(os.path.dirname(reading.file.name), []).extend(reading.found)
    roles = {folder for folder, found in folders.items() if _is_role(found)}
    return tuple(
        _given_to(reading, f"role/{_folder_name(folder)}") if folder in roles else reading
        for reading in everything
        for folder in (os.path.dirname(reading.file.name),)
    )


def _folder_name(folder: str) -> str:
    try:
        return os.path.basename(os.path.abspath(folder or "."))
    except OSError:  # the current folder is gone
        return os.path.basename(folder)


def _is_role(found: list[Found]) -> bool:
    free = [each for each in found if _is_free(each)]
    trusts = [each for each in free if each.kind is PolicyKind.TRUST]
    return len(trusts) == 1 and any(each.kind in _PERMISSIONS for each in free)


def _is_free(found: Found) -> bool:
    """Whether its surroundings do not tell whose it is."""
    return found.principal is None and not found.managed


def _given_to(reading: Reading, name: str) -> Reading:
    found = (
        each._replace(principal=name) if _is_free(each) and each.kind in _OWNED else each for each in reading.found
    )
    return reading._replace(found=tuple(found))
