"""Bytes → the policies in them: the front door of the readers. Knows nothing of folders or of what a policy means."""

from iamlint.policy.kind import PolicyKind
from iamlint.source.document import Found, Reading
from iamlint.source.file import decode, is_binary
from iamlint.source.json_reader import read_json
from iamlint.source.shape import is_policy


def read(name: str, data: bytes, kind: PolicyKind | None = None, explicit: bool = False) -> Reading:
    """The policies in the bytes of a file."""
    file, problems = decode(name, data)
    if is_binary(data):
        return Reading(file, skipped="it is not text")
    document = read_json(file, comments=name.endswith(".jsonc"))
    found = (Found(document, kind),) if kind or is_policy(document.value) else ()
    return Reading(file, found, problems + document.problems, None if found else "no policy in it")
