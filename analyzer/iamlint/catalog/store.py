"""The catalogue file: an index of offsets, then compressed JSON. Knows nothing of AWS.

Eight bytes of magic, four that give the length of the index, the compressed index, then one compressed block per
section. A block is read and parsed when asked for, so that opening the file costs the index alone; a list stands one
item to a line, so that one item can be parsed without the others.
"""

import json
import os
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from iamlint.errors import IamlintError

MAGIC = b"IAMLINT\x01"
_START = len(MAGIC) + 4


class Store:
    """An open catalogue file, wholly in memory, so that replacing the file does no harm."""

    __slots__ = ("_base", "_bytes", "_path", "_sections", "head")

    def __init__(self, path: os.PathLike[str] | str) -> None:
        self._path = path
        try:
            with open(path, "rb") as stream:
                self._bytes = stream.read()
        except OSError as error:
            reason = (error.strerror or "unreadable").lower()
            raise IamlintError(f"cannot read the catalogue `{os.fspath(path)}`: {reason}", help=_HELP) from error
        if not self._bytes.startswith(MAGIC):
            raise self._broken()
        self._base = _START + int.from_bytes(self._bytes[len(MAGIC) : _START], "big")
        index: dict[str, Any] = self._parse(_START, self._base)
        self.head: dict[str, Any] = index["head"]
        self._sections: dict[str, list[int]] = index["sections"]

    def __contains__(self, name: object) -> bool:
        return name in self._sections

    def __iter__(self) -> Iterator[str]:
        return iter(self._sections)

    def read(self, name: str) -> Any:
        """The parsed content of a section.

        Raises:
            IamlintError: The file is damaged.
        """
        start, end = self._sections[name]
        return self._parse(self._base + start, self._base + end)

    def rows(self, name: str) -> list[str]:
        """The rows of a section that is a list, not parsed yet; `parse_row` parses one.

        Raises:
            IamlintError: The file is damaged.
        """
        start, end = self._sections[name]
        return self._decompress(self._base + start, self._base + end).decode().split("\n")[1:-1]

    def _parse(self, start: int, end: int) -> Any:
        try:
            return json.loads(self._decompress(start, end))
        except ValueError as error:
            raise self._broken() from error

    def _decompress(self, start: int, end: int) -> bytes:
        try:
            return zlib.decompress(self._bytes[start:end])
        except zlib.error as error:
            raise self._broken() from error

    def _broken(self) -> IamlintError:
        return IamlintError(f"the catalogue `{os.fspath(self._path)}` is damaged", help=_HELP)


_HELP = "reinstall iamlint"


def pack(head: Mapping[str, Any], sections: Mapping[str, Any]) -> bytes:
    """The bytes of a catalogue file; the same for the same content and the same zlib.

    Other builds of zlib, such as zlib-ng, may compress to other bytes: compare sections, not files, across machines.
    """
    blocks = {name: _squeeze(content) for name, content in sections.items()}
    offsets, end = {}, 0
    for name, block in blocks.items():
        offsets[name] = [end, end := end + len(block)]
    index = _squeeze({"head": head, "sections": offsets})
    return b"".join((MAGIC, len(index).to_bytes(4, "big"), index, *blocks.values()))


def parse_row(row: str) -> list[Any]:
    """A row of `Store.rows`; what may stand after it is a comma."""
    parsed: list[Any] = _parse(row)[0]
    return parsed


_parse = json.JSONDecoder().raw_decode


def _squeeze(content: Any) -> bytes:
    text = "[\n" + ",\n".join(map(_dump, content)) + "\n]" if isinstance(content, list) else _dump(content)
    return zlib.compress(text.encode(), 9)


def _dump(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
