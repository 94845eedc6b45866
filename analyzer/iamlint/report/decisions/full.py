"""A decision for people: the answer, the statements that decide it, or those that come nearest and what they miss."""

from collections.abc import Iterator

from iamlint.engine.decision import Because, Decision, Outcome
from iamlint.engine.request import Request
from iamlint.questions.requests import Answer
from iamlint.report import Style
from iamlint.report.framed import framed, margin, note
from iamlint.report.grounds import Spot, place, spot
from iamlint.report.paint import BOLD, paint, safe
from iamlint.source.placed import Homes
from iamlint.words import what, when, who

_SAID = {
    Outcome.ALLOW: ("allowed", "1;32", "may call"),
    Outcome.EXPLICIT_DENY: ("denied (explicit)", "1;31", "may not call"),
    Outcome.IMPLICIT_DENY: ("denied (implicit)", "1;31", "may not call"),
}


def render(answer: Answer, style: Style) -> Iterator[str]:
    """The decision as lines of text, each with its line end."""
    for line in _lines(answer.request, answer.decision, answer.homes, style):
        yield f"{line}\n"


def _lines(request: Request, decision: Decision, homes: Homes, style: Style) -> Iterator[str]:
    word, color, verb = _SAID[decision.outcome]
    circumstances = when(request)
    told = f"{who(request.caller)} {verb} {what(request)}{f', when {circumstances}' if circumstances else ''}"
    yield f"{paint(word, color, style.color)}: {paint(safe(told), BOLD, style.color)}"
    if style.quiet:
        return
    shown = [(because, _spot(because, request, homes)) for because in decision.because]
    indent = margin(each for _, each in shown if each is not None)
    for because, each in shown:
        if each is None:
            yield note(because.layer.value, because.message, indent, style)
        else:
            yield from framed(each, style, color)
    for assumption in decision.assumptions:
        yield note("note", assumption, indent, style)


def _spot(because: Because, request: Request, homes: Homes) -> Spot | None:
    """Where a statement decides, or misses: every element that it fails by, with the reason."""
    policy, statement = because.policy, because.statement
    home = homes.get(id(policy))
    if policy is None or statement is None or home is None:
        return None
    where = f" at {because.level}" if because.level else ""
    if not because.misses:
        return spot(policy, statement, request, homes, f"{because.layer.value}{where}: {because.message}")
    first, *others = (place(home, miss.at, miss.message) for miss in because.misses)
    return Spot(first, tuple(others), home.found.address, statement)
