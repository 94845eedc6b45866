"""Pointers and spans: how every layer names a place. Knows nothing of files, formats or policies."""

from bisect import bisect_right
from typing import NamedTuple


class Pointer(str):
    """A place in a document: an RFC 6901 JSON pointer, such as `/Statement/0/Action/2`; the empty one is the whole.

    >>> Pointer("/Statement") / 0 / "a/b"
    '/Statement/0/a~1b'
    """

    __slots__ = ()

    def __truediv__(self, token: str | int) -> "Pointer":
        """The member `token` of what this points at."""
        if isinstance(token, str) and ("~" in token or "/" in token):
            token = token.replace("~", "~0").replace("/", "~1")
        return Pointer(self + "/" + str(token))

    @property
    def tokens(self) -> tuple[str, ...]:
        """The unescaped steps from the root.

        >>> Pointer("/Statement/0/a~1b").tokens
        ('Statement', '0', 'a/b')
        """
        return tuple(t.replace("~1", "/").replace("~0", "~") for t in self.split("/")[1:])

    @property
    def parent(self) -> "Pointer":
        """The place that holds this one; the root is its own parent."""
        return Pointer(self.rpartition("/")[0])

    @property
    def last(self) -> str:
        """The last step, unescaped; empty for the root."""
        return self.rpartition("/")[2].replace("~1", "/").replace("~0", "~")

    def within(self, other: str) -> bool:
        """Whether this place is `other` or lies inside it.

        >>> Pointer("/Statement/10").within("/Statement/1")
        False
        """
        return self == other or self.startswith(f"{other}/")


ROOT = Pointer("")


class Span(NamedTuple):
    """A stretch of text in code points, from 0, `end` excluded."""

    start: int
    end: int


class Position(NamedTuple):
    """A line and a column, both from 1; columns count code points."""

    line: int
    column: int


class Lines:
    """The lines of a text, for turning offsets into positions.

    A line ends with `\\n`, `\\r\\n` or a lone `\\r`, as editors, JSON and YAML have it.
    """

    __slots__ = ("_starts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: list[int] | None = None

    def _index(self) -> list[int]:
        if self._starts is None:
            starts, offset = [0], 0
            for line in self._text.replace("\r\n", "\0\n").replace("\r", "\n").split("\n")[:-1]:
                offset += len(line) + 1
                starts.append(offset)
            self._starts = starts
        return self._starts

    def __len__(self) -> int:
        return len(self._index())

    def position(self, offset: int) -> Position:
        """The line and column of an offset; an offset past the end is the end."""
        starts = self._index()
        offset = max(0, min(offset, len(self._text)))
        line = bisect_right(starts, offset)
        return Position(line, offset - starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of a line, from 1, without its line end."""
        starts = self._index()
        end = starts[number] if number < len(starts) else len(self._text)
        return self._text[starts[number - 1] : end].rstrip("\r\n")
