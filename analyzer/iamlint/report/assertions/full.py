"""Assertions for people: which hold, and of a broken one the request and the statement that breaks it."""

from collections.abc import Iterator

from iamlint.diagnostic import Place
from iamlint.engine.comparison import Witness
from iamlint.questions.judging import Breach, Judgement
from iamlint.report import Style
from iamlint.report.assertions import Judged
from iamlint.report.framed import framed, margin, note
from iamlint.report.grounds import Spot, spot
from iamlint.report.paint import BLUE, BOLD, paint, safe
from iamlint.source.placed import Homes
from iamlint.words import what, when, who, worth_saying

_RED, _GREEN, _YELLOW = "1;31", "1;32", "1;33"


def render(judged: Judged, style: Style) -> Iterator[str]:
    """The judgements as lines of text, each with its line end."""
    for judgement in judged.judgements:
        if not (judgement.holds and style.quiet):
            yield from (f"{line}\n" for line in _judgement(judgement, style))
    if not style.quiet:
        yield f"{summary(judged)}\n"


def _judgement(judgement: Judgement, style: Style) -> Iterator[str]:
    name = paint(safe(judgement.assertion.name), BOLD, style.color)
    if judgement.holds:
        yield f"{paint('holds', _GREEN, style.color)}: {name}"
        return
    known = any(breach.witness for breach in judgement.breaches)
    word, color = ("broken", _RED) if known else ("not decided", _YELLOW)
    yield f"{paint(word, color, style.color)}: {name}"
    yield f" {paint('-->', BLUE, style.color)} {_location(judgement.assertion.place)}"
    for breach in judgement.breaches:
        yield from _breach(breach, judgement, color, style)
    for assumption in worth_saying(judgement.assumptions):
        yield note("note", assumption, 0, style)
    yield ""


def _location(place: Place) -> str:
    return f"{safe(place.file.name)}:{place.start.line}:{place.start.column}"


def _breach(breach: Breach, judgement: Judgement, color: str, style: Style) -> Iterator[str]:
    if breach.witness is None:
        yield note("open", f"not decided for {breach.title}: {breach.unknown}", 0, style)
        return
    denies = judgement.assertion.denies
    yield f"  {safe(sentence(breach.witness, denies=denies))}"
    shown = list(_spots(breach.witness, judgement.homes, denies=denies))
    for each in shown[:1]:
        yield from framed(each, style, color)
    indent = margin(shown[:1])
    for each in shown[1:]:
        yield note("also", each.location, indent, style)
    if shown and _is_shared(shown[0].address, breach.title):
        yield note("of", breach.title, indent, style)
    if not shown:
        yield note("by", f"no statement of {breach.title} allows it", indent, style)


def _is_shared(address: str | None, title: str) -> bool:
    """Whether a policy's own name does not tell whose it is: a managed one, or a group's."""
    return bool(address) and str(address) not in title and title not in str(address)


def sentence(witness: Witness, *, denies: bool) -> str:
    """The request that breaks an assertion, as a sentence."""
    request, circumstances = witness.request, when(witness.request)
    verb = "may call" if denies else "may not call"
    return f"{who(request.caller)} {verb} {what(request)}{f', when {circumstances}' if circumstances else ''}"


def _spots(witness: Witness, homes: Homes, *, denies: bool) -> Iterator[Spot]:
    label = "this grants it" if denies else "this denies it"
    for each in witness.granted_by if denies else witness.denied_by:
        found = spot(each.policy, each.statement, witness.request, homes, label)
        if found is not None:
            yield found


def summary(judged: Judged) -> str:
    """One line: how many assertions hold, and how old AWS's data is."""
    number, held = len(judged.judgements), sum(judgement.holds for judgement in judged.judgements)
    assertions = f"{number} assertion{'' if number == 1 else 's'}"
    if not number:
        return "No assertion could be judged."
    told = "all hold" if held == number else f"{number - held} broken, {held} hold{'s' if held == 1 else ''}"
    return f"Checked {assertions}: {told}. Catalogue of {judged.catalogue}."
