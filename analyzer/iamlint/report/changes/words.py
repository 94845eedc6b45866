"""What every format says of a change: its tales, each a request and the statements behind it, notes, the summary."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from iamlint.engine.comparison import Witness
from iamlint.questions.changes import Change, Changes, Verdict
from iamlint.report.grounds import Spot, spot
from iamlint.source.placed import Homes, Placed
from iamlint.words import quoted, what, when, who, worth_saying

Note = tuple[str, str]


class Tale(NamedTuple):
    """What became of one request: the sentence, when it holds, the statements to show, and what else is to be said."""

    says: str
    when: str
    shown: tuple[Spot, ...]
    notes: tuple[Note, ...]


def tales(change: Change, homes: Homes) -> Iterator[Tale]:
    """What was gained, what was lost, and what is no longer denied though nothing here grants it."""
    gained, lost, undenied = change.comparison.gained, change.comparison.lost, change.undenied
    old, new = change.pair.old, change.pair.new
    if gained:
        why = "" if gained.denied_by else _silence(old, "there was no policy", "allowed")
        yield _tale(gained, "may now call", ("this grants it", "this denied it"), ("before", why), homes)
    if lost:
        why = "" if lost.denied_by else _silence(new, "there is no policy any more", "allows")
        yield _tale(lost, "may no longer call", ("this granted it", "this denies it"), ("now", why), homes)
    if undenied:
        why = "nothing here grants it, but another policy may"
        yield _tale(
            undenied._replace(granted_by=()), "is no longer denied", ("", "this denied it"), ("note", why), homes
        )


def _silence(side: tuple[Placed, ...], nothing: str, verb: str) -> str:
    """What to say where no statement of a side allows a request, and none denies it."""
    names = ", ".join(dict.fromkeys(quoted(each.found.document.file.name) for each in side))
    return f"no statement of {names} {verb} it" if names else nothing


def _tale(witness: Witness, verb: str, words: tuple[str, str], why: Note, homes: Homes) -> Tale:
    request, shown, notes = witness.request, [], []
    for those, label in ((witness.granted_by, words[0]), (witness.denied_by, words[1])):
        found = (spot(each.policy, each.statement, request, homes, label) for each in those)
        spots = [place for place in found if place is not None]
        shown += spots[:1]
        notes += [("also", f"{place.location}: {label}") for place in spots[1:]]
    notes += [why] if why[1] else []
    return Tale(f"{who(request.caller)} {verb} {what(request)}", when(request), tuple(shown), tuple(notes))


def split(report: Changes) -> tuple[list[Change], list[Change]]:
    """The changes that there is something to say of, and those that are none."""
    told: list[Change] = []
    same: list[Change] = []
    for change in report.changes:
        (same if change.verdict is Verdict.SAME and change.undenied is None else told).append(change)
    return told, same


def notes(change: Change, common: tuple[str, ...]) -> Iterator[Note]:
    """What else is to be known: what was not decided, what was assumed of this change alone and so is not `common`."""
    if change.comparison.unknown:
        yield "open", f"not decided: {change.comparison.unknown}"
    for assumption in worth_saying(change.comparison.assumptions):
        if assumption not in common:
            yield "note", assumption


def common_notes(report: Changes) -> tuple[str, ...]:
    """What was assumed of every change that there is something to say of, if there are several: it is said once."""
    told = [worth_saying(change.comparison.assumptions) for change in split(report)[0]]
    return tuple(each for each in told[0] if all(each in other for other in told)) if len(told) > 1 else ()


def summary(report: Changes) -> str:
    """One line: how many policies were compared and what became of them, and how old AWS's data is."""
    found: Counter[Verdict] = Counter()
    for change in report.changes:
        found[change.verdict] += change.pair.number
    number = found.total()
    if not number:
        return "Nothing was compared."
    told = ", ".join(f"{found[verdict]} {verdict}" for verdict in Verdict if found[verdict])
    compared = f"{number} {'policy' if number == 1 else 'policies'}"
    told += f", {len(report.errors)} not compared" if report.errors else ""
    return f"Compared {compared}: {told}. Catalogue of {report.catalogue}."
