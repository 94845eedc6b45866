"""Code frames: exact columns whatever the line holds, nothing raw to the terminal."""

import pytest

from iamlint.diagnostic import Place
from iamlint.report.frame import frame
from iamlint.report.paint import safe
from iamlint.source.file import File
from iamlint.text import ROOT, Span


def drawn(text: str, marked: str, *, columns: int = 120, words: str = "here", related: str = "") -> list[str]:
    file = File("p.json", text)
    start = text.index(marked)
    place = Place(file, ROOT, Span(start, start + len(marked)), words)
    others = (Place(file, ROOT, Span(text.index(related), text.index(related) + len(related)), "because"),)
    return list(frame(place, others if related else (), "", columns))


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        ('{"a": 1}', '"a"', ["  |", '1 | {"a": 1}', "  |  ^^^ here", "  |"]),
        ('\t{"a": 1}', '"a"', ["  |", '1 |     {"a": 1}', "  |      ^^^ here", "  |"]),
        ('{"日本": 1}', "1", ["  |", '1 | {"日本": 1}', "  |          ^ here", "  |"]),
        ('{"e\u0301": 1}', "1", ["  |", '1 | {"e\u0301": 1}', "  |       ^ here", "  |"]),
        ('x\r\n{"a": 1}\r\n', '"a"', ["  |", '2 | {"a": 1}', "  |  ^^^ here", "  |"]),
        ('{"\x1b[3m": 9}', "9", ["  |", '1 | {"\\x1b[3m": 9}', "  |             ^ here", "  |"]),
        ('{"a": [\n1\n]}', "[\n1\n]", ["  |", '1 | {"a": [', "  |       ^ here", "  |"]),
    ],
    ids=["plain", "tab", "wide", "combining", "crlf", "escape", "lines"],
)
def test_frame(text: str, marked: str, expected: list[str]) -> None:
    """The carets stand under what they mean."""
    assert drawn(text, marked) == expected


def test_related() -> None:
    """Related places are underlined with dashes, in the order of the lines; a gap is shown."""
    text = '{\n"Action": "a",\n"Sid": "x",\n"Resource": "*"\n}'

    assert drawn(text, '"a"', related='"*"') == [
        "  |",
        '2 | "Action": "a",',
        "  |           ^^^ here",
        "...",
        '4 | "Resource": "*"',
        "  |             --- because",
        "  |",
    ]


def test_long_lines_are_cut_around_the_mark() -> None:
    """A minified policy shows what surrounds the mark."""
    text = '{"x": "' + "a" * 5000 + '", "Action": "s3:GetObjekt", "y": "' + "b" * 5000 + '"}'
    _, line, under, _ = drawn(text, '"s3:GetObjekt"', columns=80)

    assert len(line) <= 82
    assert line.index('"s3:GetObjekt"') == under.index("^")
    assert line.startswith("1 | …")
    assert line.endswith("…")


@pytest.mark.parametrize("text", ["\x1b]0;x\x07", "a\nb", "\u202e", "\ud800", "\x00"])
def test_nothing_raw(text: str) -> None:
    """Control characters, direction marks and lone surrogates never reach the terminal."""
    assert safe(text).isascii()
    assert safe(text).isprintable()
