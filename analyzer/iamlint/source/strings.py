"""How the characters of a string are written: escapes, quotes, folding, percent signs. Knows nothing of values."""

import re
from collections.abc import Iterator

from iamlint.source.file import Offsets

_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.DOTALL)
_SIMPLE = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "/": "/"}
_FORM = re.compile(r"[\w.~*+%-]*+", re.ASCII)
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2})+")


def unescape(escape: str) -> str:
    """The character a JSON escape stands for; an escape that is none stands for itself.

    >>> unescape("\\\\u00e9"), unescape("\\\\n"), unescape("\\\\d")
    ('é', '\\n', '\\\\d')
    """
    if len(escape) == 12:
        return chr(0x10000 + ((int(escape[2:6], 16) - 0xD800) << 10) + int(escape[8:12], 16) - 0xDC00)
    if len(escape) == 6:
        return chr(int(escape[2:6], 16))
    return _SIMPLE.get(escape[1], escape)


def decode_escapes(raw: str) -> str:
    """The string that JSON text between quotes stands for, as the standard library has it.

    >>> decode_escapes("s3:\\\\u0047et\\\\u002a")
    's3:Get*'
    """
    return _ESCAPE.sub(lambda m: unescape(m[0]), raw) if "\\" in raw else raw


def string_offsets(text: str, start: int, end: int, value: str) -> Offsets | None:
    """Where each character of a string value is written in `text[start:end]`; None if not traceable."""
    raw = text[start:end]
    if len(raw) > 1 and raw[1:-1] == value and raw[0] == raw[-1]:
        return Offsets(list(range(start + 1, end)))
    if raw.startswith('"') and len(raw) > 1:
        return _escaped(raw, start, value)
    if raw == value:
        return Offsets(list(range(start, end + 1)))
    return _aligned(raw, start, value)


def _escaped(raw: str, start: int, value: str) -> Offsets | None:
    places: list[int] = []
    decoded: list[str] = []
    position = 1
    for escape in _ESCAPE.finditer(raw, 1, len(raw) - 1):
        decoded += raw[position : escape.start()], unescape(escape[0])
        places += range(start + position, start + escape.start())
        places += [start + escape.start()] * len(decoded[-1])
        position = escape.end()
    decoded.append(raw[position:-1])
    places += range(start + position, start + len(raw))
    return Offsets(places) if "".join(decoded) == value else _aligned(raw, start, value)


def _aligned(raw: str, start: int, value: str) -> Offsets | None:
    """Match the characters in order, letting white space and quotes differ: block, folded and many-line scalars."""
    position = _content(raw)
    doubled = raw[:1] == "'"
    places: list[int] = []
    for character in value:
        found = _next(raw, position, character)
        if found is None:
            return None
        places.append(start + found)
        position = found + (0 if character.isspace() and raw[found : found + 1] != character else 1)
        if doubled and character == "'":
            position += 1
    if raw[position:].strip() not in ("", raw[0]):
        return None
    return Offsets([*places, start + position])


def _content(raw: str) -> int:
    """Where the characters start: after a quote, or after the line with `|` or `>`."""
    if raw[:1] in ("|", ">"):
        return raw.find("\n") + 1 or len(raw)
    return 1 if raw[:1] in ("'", '"') else 0


def _next(raw: str, position: int, character: str) -> int | None:
    if raw[position : position + 1] == character or character.isspace():
        return position
    while raw[position : position + 1].isspace():
        position += 1
    return position if raw[position : position + 1] == character else None


def percent_decode(text: str) -> tuple[str, Offsets]:
    """The text that percent-encoded UTF-8 stands for, and where each character of it is written.

    Where all but letters and digits is encoded, as forms are, a `+` can only be a blank.

    >>> percent_decode("a%7B%C3%A9")[0], percent_decode("%7B+%2B")[0], percent_decode("%7B:+")[0]
    ('a{é', '{ +', '{:+')
    """
    if _FORM.fullmatch(text):
        text = text.replace("+", " ")
    decoded: list[str] = []
    places: list[int] = []
    position = 0
    for run in _PERCENT.finditer(text):
        decoded.append(text[position : run.start()])
        places += range(position, run.start())
        position = run.start()
        for character, width in _utf8(bytes.fromhex(run[0].replace("%", ""))):
            decoded.append(character)
            places.append(min(position, run.end()))
            position += 3 * width
        position = run.end()
    decoded.append(text[position:])
    places += range(position, len(text) + 1)
    return "".join(decoded), Offsets(places)


def _utf8(data: bytes) -> Iterator[tuple[str, int]]:
    """The characters of UTF-8 bytes, each with how many bytes it takes; a byte that fits nowhere is replaced."""
    try:
        for character in data.decode():
            yield character, len(character.encode())
    except UnicodeDecodeError as error:
        yield from _utf8(data[: error.start])
        yield "\N{REPLACEMENT CHARACTER}", error.end - error.start
        yield from _utf8(data[error.end :])


def percent_encode(text: str) -> str:
    """Text as IAM prints documents: percent-encoded UTF-8."""
    from urllib.parse import quote  # noqa: PLC0415 - only for edits

    return quote(text, safe="")
