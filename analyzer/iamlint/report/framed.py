"""Places as they are shown outside of findings: an arrow, the frame, notes below it. Knows no rule and no decision."""

from collections.abc import Iterable, Iterator

from iamlint.report import Style
from iamlint.report.frame import frame
from iamlint.report.grounds import Spot
from iamlint.report.paint import BLUE, BOLD, paint, safe


def framed(shown: Spot, style: Style, color: str) -> Iterator[str]:
    """A place with its arrow and its frame."""
    address = f" ({safe(shown.address)})" if shown.address else ""
    yield f"{' ' * margin((shown,))}{paint('-->', BLUE, style.color)} {safe(shown.location)}{address}"
    yield from frame(shown.main, shown.related, color if style.color else "", style.width)


def margin(shown: Iterable[Spot]) -> int:
    """How wide the line numbers of some frames get."""
    lines = [place.start.line for each in shown for place in (each.main, *each.related)]
    return len(str(max(lines, default=0)))


def note(word: str, text: str, indent: int, style: Style) -> str:
    """A note under a frame."""
    return f"{' ' * indent} {paint('=', BLUE, style.color)} {paint(f'{word}:', BOLD, style.color):<5} {safe(text)}"
