"""Changes for programs: JSON, version 1. Additions keep the version."""

from collections.abc import Iterator

from iamlint.engine.case import write_request
from iamlint.engine.comparison import Grounds, Witness
from iamlint.questions.changes import Change, Changes
from iamlint.report import Style
from iamlint.report.grounds import place
from iamlint.source.placed import Homes, Placed
from iamlint.text import Position

VERSION = 1


def render(report: Changes, style: Style) -> Iterator[str]:  # noqa: ARG001 - every format has the same shape
    """The changes as one JSON document, ended by a line end."""
    import json  # noqa: PLC0415 - the module of the same name as ours

    yield json.dumps(document(report), indent=2)
    yield "\n"


def document(report: Changes) -> dict[str, object]:
    """The changes as JSON values."""
    homes = report.homes
    return {
        "version": VERSION,
        "catalogue": {"date": report.catalogue},
        "old": report.old,
        "new": report.new,
        "changes": [_change(each, homes) for each in report.changes],
        "errors": list(report.errors),
    }


def _change(change: Change, homes: Homes) -> dict[str, object]:
    comparison = change.comparison
    return {
        "title": change.pair.title,
        "type": change.pair.kind.value,
        "verdict": change.verdict.value,
        "relation": comparison.relation.value,
        "old": [_home(each) for each in change.pair.old],
        "new": [_home(each) for each in change.pair.new],
        "gained": witness_document(comparison.gained, homes),
        "lost": witness_document(comparison.lost, homes),
        "undenied": witness_document(change.undenied, homes),
        "assumptions": list(comparison.assumptions),
        "unknown": comparison.unknown or None,
    }


def _home(placed: Placed) -> dict[str, object]:
    return {"file": placed.found.document.file.name, "address": placed.found.address}


def witness_document(witness: Witness | None, homes: Homes) -> dict[str, object] | None:
    """A witness as JSON values: the request, and the statements of the user's that answer for it."""
    if witness is None:
        return None
    return {
        "request": write_request(witness.request),
        "granted_by": [_grounds(each, homes) for each in witness.granted_by],
        "denied_by": [_grounds(each, homes) for each in witness.denied_by],
    }


def _grounds(each: Grounds, homes: Homes) -> dict[str, object]:
    home, told = homes.get(id(each.policy)), {"sid": each.statement.sid, "pointer": str(each.statement.at)}
    if home is None:
        return {"file": None, "address": each.policy.address, **told}
    shown = place(home, each.statement.at, "")
    return {**_home(home), **told, "start": _position(shown.start), "end": _position(shown.end)}


def _position(position: Position) -> dict[str, int]:
    return {"line": position.line, "column": position.column}
