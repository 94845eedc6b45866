"""Changes on one line each, in the form that editors and grep understand."""

from collections.abc import Iterator

from iamlint.questions.changes import Change, Changes
from iamlint.report import Style
from iamlint.report.changes.full import COLOR
from iamlint.report.changes.words import summary, tales
from iamlint.report.paint import BOLD, paint, safe
from iamlint.source.placed import Homes


def render(report: Changes, style: Style) -> Iterator[str]:
    """The changes as lines of text, each with its line end."""
    homes = report.homes
    for change in report.changes:
        yield f"{_line(change, homes, style)}\n"
    if not style.quiet:
        yield f"{summary(report)}\n"


def _line(change: Change, homes: Homes, style: Style) -> str:
    head = paint(change.verdict.value, COLOR[change.verdict], style.color)
    where, told = change.pair.title, change.comparison.unknown
    tale = next(tales(change, homes), None)
    if tale is not None:
        where = tale.shown[0].location if tale.shown else where
        told = f"{tale.says}{f', when {tale.when}' if tale.when else ''}"
    return f"{paint(safe(where), BOLD, style.color)}: {head}{f': {safe(told)}' if told else ''}"
