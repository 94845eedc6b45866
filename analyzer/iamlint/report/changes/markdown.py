"""Changes as GitHub shows them, for a job's summary or a comment. Nothing a policy says can act as markup."""

import json
from collections.abc import Iterator
from html import escape

from iamlint.questions.changes import Change, Changes, Verdict
from iamlint.report import Style
from iamlint.report.changes.words import Tale, common_notes, notes, split, summary, tales
from iamlint.report.grounds import Spot
from iamlint.report.markup import code, fenced, prose
from iamlint.report.paint import safe
from iamlint.source.placed import Homes

_SIGN = {Verdict.MORE: "🔴", Verdict.OPEN: "🟡", Verdict.LESS: "🟢", Verdict.SAME: "⚪"}


def render(report: Changes, style: Style) -> Iterator[str]:  # noqa: ARG001 - every format has the same shape
    """The changes as Markdown, in pieces that end with line ends."""
    common = common_notes(report)
    worst = next((verdict for verdict in Verdict if any(c.verdict is verdict for c in report.changes)), Verdict.SAME)
    is_partial = report.errors and worst in (Verdict.LESS, Verdict.SAME)
    yield (
        f"## {_SIGN[Verdict.OPEN]} IAM policies: not all compared\n\n"
        if is_partial
        else f"## {_SIGN[worst]} IAM policies: {worst.value}\n\n"
    )
    told, same = split(report)
    for change in told:
        yield from (f"{part}\n\n" for part in _change(change, report.homes, common))
    if same:
        listed = "\n".join(f"- {code(change.pair.title)}" for change in same)
        yield _details(f"{_SIGN[Verdict.SAME]} no change: {len(same)}", listed) + "\n\n"
    for error in report.errors:
        yield f"- ⚠️ not compared: {prose(error)}\n\n"
    assumed = [f"- {prose(each)}" for each in common]
    if assumed:
        yield _details("What was assumed", "\n".join(assumed)) + "\n\n"
    yield f"{prose(summary(report))}\n"


def _change(change: Change, homes: Homes, common: tuple[str, ...]) -> Iterator[str]:
    yield f"### {_SIGN[change.verdict]} {change.verdict.value}: {code(change.pair.title)}"
    for tale in tales(change, homes):
        yield from _tale(tale)
    told = [f"- {prose(text)}" for _, text in notes(change, common)]
    if told:
        yield "\n".join(told)


def _tale(tale: Tale) -> Iterator[str]:
    yield prose(tale.says) + (f", when {prose(tale.when)}" if tale.when else "")
    for shown in tale.shown:
        yield _details(f"{shown.main.message}: {shown.location}", _statement(shown))
    if tale.notes:
        yield "\n".join(f"- {word}: {prose(text)}" for word, text in tale.notes)


def _statement(shown: Spot) -> str:
    return fenced(json.dumps(shown.statement.raw, indent=2), "json")


def _details(title: str, body: str) -> str:
    """A part that is folded up; its title is HTML, where Markdown means nothing."""
    return f"<details><summary>{escape(safe(title))}</summary>\n\n{body}\n\n</details>"
