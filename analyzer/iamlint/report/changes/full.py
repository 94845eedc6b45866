"""Changes for people: a request that is allowed now and was not, the statement that grants it, why it was not so."""

from collections.abc import Iterator

from iamlint.questions.changes import Change, Changes, Verdict
from iamlint.report import Style
from iamlint.report.changes.words import Tale, common_notes, notes, split, summary, tales
from iamlint.report.framed import framed, margin, note
from iamlint.report.paint import BOLD, DIM, paint, safe
from iamlint.source.placed import Homes

COLOR = {Verdict.MORE: "1;31", Verdict.OPEN: "1;33", Verdict.LESS: "1;32", Verdict.SAME: DIM}


def render(report: Changes, style: Style) -> Iterator[str]:
    """The changes as lines of text, each with its line end."""
    common = common_notes(report)
    told, same = split(report)
    for change in told:
        for line in _change(change, report.homes, common, style):
            yield f"{line}\n"
        yield "\n"
    if style.quiet:
        return
    word = paint(Verdict.SAME.value, COLOR[Verdict.SAME], style.color)
    yield from (f"{word}: {safe(change.pair.title)}\n" for change in same)
    yield "\n" if same else ""
    yield from (f"note: {safe(each)}\n" for each in common)
    yield f"{summary(report)}\n"


def _change(change: Change, homes: Homes, common: tuple[str, ...], style: Style) -> Iterator[str]:
    color = COLOR[change.verdict]
    yield f"{paint(change.verdict.value, color, style.color)}: {paint(safe(change.pair.title), BOLD, style.color)}"
    indent = 0
    for tale in tales(change, homes):
        indent = margin(tale.shown)
        yield from _tale(tale, style, color, indent)
    for word, text in notes(change, common):
        yield note(word, text, indent, style)


def _tale(tale: Tale, style: Style, color: str, indent: int) -> Iterator[str]:
    yield f"  {safe(tale.says)}"
    if tale.when:
        yield f"  when {safe(tale.when)}"
    for shown in tale.shown:
        yield from framed(shown, style, color)
    for word, text in tale.notes:
        yield note(word, text, indent, style)
