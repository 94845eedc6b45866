"""A text with a name, and what is wrong with it as text. Knows nothing of JSON, YAML or policies."""

from collections.abc import Callable
from typing import NamedTuple

from iamlint.text import Lines, Position, Span


class Problem(NamedTuple):
    """Something that keeps a file, or a part of it, from being read as it stands."""

    message: str
    span: Span
    help: str = ""
    kind: str = "syntax"  # syntax | duplicate-key | depth | size | number | alias | encoding
    label: str = ""
    related: tuple[tuple[Span, str], ...] = ()

    def moved(self, outer: Callable[[Span], Span]) -> "Problem":
        """The same problem of an inner text, told in the places of the text around it."""
        return self._replace(span=outer(self.span), related=tuple((outer(span), label) for span, label in self.related))


class Offsets:
    """Where each code point of a decoded text is written in the text around it; one more than there are code points."""

    __slots__ = ("places",)

    def __init__(self, places: list[int]) -> None:
        self.places = places

    def span(self, span: Span) -> Span:
        """The outer span of an inner one, clipped to what there is."""
        last = len(self.places) - 1
        start, end = (max(0, min(offset, last)) for offset in span)
        return Span(self.places[start], self.places[max(start, end)])

    def through(self, outer: "Offsets | None") -> "Offsets":
        """The offsets of a text inside a text that is itself inside another."""
        return Offsets([outer.places[place] for place in self.places]) if outer else self


class File:
    """A named text; its lines are counted only when asked for."""

    __slots__ = ("_lines", "encoding", "name", "text")

    def __init__(self, name: str, text: str, encoding: str = "utf-8") -> None:
        self.name = name
        self.text = text
        self.encoding = encoding
        self._lines = Lines(text)

    def __repr__(self) -> str:
        return f"File({self.name!r})"

    def position(self, offset: int) -> Position:
        """The line and column of an offset."""
        return self._lines.position(offset)

    def line(self, number: int) -> str:
        """The text of a line, from 1, without its line end."""
        return self._lines.line(number)

    def encode(self, text: str) -> bytes:
        """The bytes of a changed text, in the encoding (and with the byte order mark) the file came in."""
        return _MARKS.get(self.encoding, b"") + text.encode(_CODECS.get(self.encoding, "utf-8"), "surrogatepass")


_MARKS = {"utf-8-sig": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
_CODECS = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be"}


def decode(name: str, data: bytes) -> tuple[File, tuple[Problem, ...]]:
    """The file of some bytes: UTF-8, or what its mark says; what is no such text is replaced and reported."""
    encoding = next((e for e, mark in _MARKS.items() if data.startswith(mark)), "utf-8")
    body = data[len(_MARKS.get(encoding, b"")) :]
    codec = _CODECS.get(encoding, "utf-8")
    try:
        return File(name, body.decode(codec), encoding), ()
    except UnicodeDecodeError as error:
        start = len(body[: error.start].decode(codec, "replace"))
        shown = " ".join(f"{byte:02X}" for byte in body[error.start : error.end][:4])
        problem = Problem(
            f"the bytes `{shown}` are not {'UTF-16' if codec != 'utf-8' else 'UTF-8'}",
            Span(start, start + 1),
            help="save the file as UTF-8",
            kind="encoding",
        )
        return File(name, body.decode(codec, "replace"), encoding), (problem,)


def is_binary(data: bytes) -> bool:
    """Whether the bytes are no text: a NUL among the first ones, and no UTF-16 mark before them."""
    return b"\0" in data[:8192] and not data.startswith((b"\xff\xfe", b"\xfe\xff"))
