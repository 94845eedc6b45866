"""Code frames: lines of a file with carets under a stretch of them. Knows places, and nothing of rules."""

from collections.abc import Iterator
from dataclasses import dataclass

from iamlint.diagnostic import Place
from iamlint.report.paint import BLUE, paint, safe, width

TAB = "    "
CUT = "…"


@dataclass(frozen=True, slots=True)
class _Mark:
    """One line to underline: the columns are offsets in the line, `end` excluded."""

    line: int
    start: int
    end: int
    sign: str
    words: str


def frame(main: Place, related: tuple[Place, ...], color: str, columns: int) -> Iterator[str]:
    """The lines of a frame, without the arrow above it.

    Args:
        main: What the carets point at.
        related: Other places, underlined with dashes; those of other files are left out.
        color: The terminal code for the carets, empty for none.
        columns: How wide a line may get; longer ones are cut around the mark.
    """
    places = [(main, "^"), *((place, "-") for place in related if place.file is main.file)]
    marks = sorted((_mark(place, sign) for place, sign in places), key=lambda mark: (mark.line, mark.start))
    margin = len(str(marks[-1].line))
    bar = paint(f"{' ' * margin} |", BLUE, bool(color))
    yield bar
    previous = None
    for line in dict.fromkeys(mark.line for mark in marks):
        if previous is not None and line > previous + 1:
            yield paint(f"{'.' * max(margin, 3)}", BLUE, bool(color))
        previous = line
        here = [mark for mark in marks if mark.line == line]
        text, shift = _window(main.file.line(line), here, columns - margin - 3)
        yield f"{paint(f'{line:>{margin}} |', BLUE, bool(color))} {_shown(text)}".rstrip()
        for mark in here:
            yield f"{bar} {_underline(text, mark, shift, color)}"
    yield bar


def _mark(place: Place, sign: str) -> _Mark:
    start, end = place.start, place.end
    last = end.column - 1 if end.line == start.line else len(place.file.line(start.line))
    return _Mark(start.line, start.column - 1, max(last, start.column), sign, place.message)


def _window(line: str, marks: list[_Mark], room: int) -> tuple[str, int]:
    """The part of a line to show, and how many characters were cut before it."""
    room = max(room, 40)
    if len(line) <= room:
        return line, 0
    first = min(mark.start for mark in marks)
    begin = max(0, min(first - room // 4, len(line) - room))
    shown = line[begin : begin + room]
    return (CUT if begin else "") + shown + (CUT if begin + room < len(line) else ""), begin - bool(begin)


def _shown(text: str) -> str:
    return safe(text.replace("\t", TAB))


def _underline(text: str, mark: _Mark, shift: int, color: str) -> str:
    start = max(0, mark.start - shift)
    end = max(start + 1, min(mark.end - shift, len(text)))
    before, under = width(_shown(text[:start])), width(_shown(text[start:end])) or 1
    words = f" {safe(mark.words)}" if mark.words else ""
    return " " * before + paint(mark.sign * under + words, color if mark.sign == "^" else BLUE, bool(color))
