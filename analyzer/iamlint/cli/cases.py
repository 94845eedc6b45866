"""JSONL files as every `--batch` reads them: one case a line, and what makes a line none. Judges no policy."""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from iamlint.errors import IamlintError
from iamlint.policy import PolicyKind

STDIN = "-"

BY_AWS_NAME = {
    "IDENTITY_POLICY": PolicyKind.IDENTITY,
    "RESOURCE_POLICY": PolicyKind.RESOURCE,
    "SERVICE_CONTROL_POLICY": PolicyKind.SCP,
    "RESOURCE_CONTROL_POLICY": PolicyKind.RCP,
}
"""The policy types of Access Analyzer's ValidatePolicy, for those who compare."""


def lines(path: str) -> Iterator[tuple[int, bytes]]:
    """The lines of a JSONL file (`-` for stdin) that are not blank, each with its number.

    Raises:
        IamlintError: The file cannot be read.
    """
    if path == STDIN:
        if sys.stdin is None:
            raise IamlintError("stdin is closed", help="pipe a JSONL file into `--batch -`")
        yield from _numbered(sys.stdin.buffer)
        return
    try:
        with open(path, "rb") as stream:
            yield from _numbered(stream)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise IamlintError(f"`{path}` cannot be read: {reason}", help="`--batch` takes a JSONL file") from error


def _numbered(stream: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    return ((number, line) for number, line in enumerate(stream, 1) if line.strip())


def value_of(line: bytes) -> Any:
    """The JSON value that a line is.

    Raises:
        ValueError: It is none.
    """
    try:
        return json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError("the line is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the line is no JSON: {error}") from error


def kind_of(word: Any) -> PolicyKind | None:
    """The kind of policy that `policy_type` says, in our words or AWS's; None if it is not given.

    Raises:
        ValueError: There is no such kind.
    """
    if word is None:
        return None
    if isinstance(word, str) and word in BY_AWS_NAME:
        return BY_AWS_NAME[word]
    try:
        return PolicyKind(word)
    except ValueError:
        raise ValueError(f"`policy_type` is one of {', '.join(kind.value for kind in PolicyKind)}") from None
