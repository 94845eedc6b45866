"""Policies written inside strings: escaped JSON, and the percent-encoded form IAM answers with. Knows no wrappers."""

from collections.abc import Callable

from iamlint.source.document import Document
from iamlint.source.file import Offsets
from iamlint.source.json_reader import read_embedded
from iamlint.source.strings import percent_decode, percent_encode, string_offsets
from iamlint.text import Pointer, Span


def could_embed(text: str) -> bool:
    """Whether a string may be a document: it starts as an object does, plain or percent-encoded.

    >>> could_embed('{"Version": 1}'), could_embed("%7B%22Version"), could_embed("{id}")
    (True, True, False)
    """
    start = text[:64].lstrip()
    return len(text) > 8 and (start.startswith("{") or start[:3].lower() in ("%7b", "%0a", "%20", "%09"))


def embedded(document: Document, at: Pointer, text: str) -> Document:
    """The document inside the string at a pointer; its places are those of the file."""
    percent = text[:64].lstrip().startswith("%")
    inner, inner_offsets = percent_decode(text) if percent else (text, None)

    def offsets() -> Offsets:
        node, source = document.node(at), document.source
        outer = string_offsets(source.text, node.start, node.end, text)
        if outer is None:
            return Whole(source.outer(Span(node.start, node.end)))
        outer = outer.through(source.offsets)
        return inner_offsets.through(outer) if inner_offsets else outer

    return read_embedded(document.file, inner, offsets, _encoder(document, percent=percent))


class Whole(Offsets):
    """The offsets of a text that cannot be traced: any part of it is the whole string."""

    __slots__ = ("string",)

    def __init__(self, string: Span) -> None:
        super().__init__([string.start, string.end])
        self.string = string

    def span(self, span: Span) -> Span:  # noqa: ARG002 - any part is the whole
        """The whole string."""
        return self.string

    def through(self, outer: Offsets | None) -> Offsets:
        """The whole string, in the places around it."""
        return Whole(outer.span(self.string)) if outer else self


def _encoder(document: Document, *, percent: bool) -> Callable[[str], str]:
    def encode(text: str) -> str:
        text = percent_encode(text) if percent else text
        return document.encode(_escape(text) if document.format == "json" else text)

    return encode


def _escape(text: str) -> str:
    import json  # noqa: PLC0415 - only for edits

    return json.dumps(text, ensure_ascii=False)[1:-1]
