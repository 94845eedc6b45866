"""The format for programs: JSON, version 1, the same facts as for people. Additions keep the version."""

from collections.abc import Iterator

from iamlint.diagnostic import Diagnostic, Place, Report
from iamlint.report import Style
from iamlint.rule import Fix
from iamlint.text import Position

VERSION = 1


def render(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001 - every format has the same shape
    """The report as one JSON document, ended by a line end."""
    import json  # noqa: PLC0415 - the module of the same name as ours

    yield json.dumps(document(report), indent=2)
    yield "\n"


def document(report: Report) -> dict[str, object]:
    """The report as JSON values."""
    return {
        "version": VERSION,
        "catalogue": {"date": report.catalogue},
        "files": report.files,
        "policies": report.policies,
        "findings": [finding(each) for each in report.diagnostics],
        "skipped": [{"file": each.file, "why": each.why} for each in report.skipped],
        "crashes": [{"rule": each.rule, "file": each.file, "error": each.error} for each in report.crashes],
    }


def finding(diagnostic: Diagnostic) -> dict[str, object]:
    """One finding as JSON values."""
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity.value,
        "confidence": diagnostic.confidence.value,
        "message": diagnostic.message,
        "label": diagnostic.place.message,
        "why": diagnostic.why,
        "help": diagnostic.help,
        "file": diagnostic.place.file.name,
        "policy": {"address": diagnostic.address, "type": diagnostic.policy_type},
        **_place(diagnostic.place),
        "related": [{**_place(place), "message": place.message} for place in diagnostic.related],
        "access_analyzer": list(diagnostic.access_analyzer),
        "parliament": list(diagnostic.parliament),
        "fingerprint": diagnostic.fingerprint,
        "fix": _fix(diagnostic.fix),
        "suppressed": None,
    }


def _place(place: Place) -> dict[str, object]:
    return {"pointer": str(place.pointer), "start": _position(place.start), "end": _position(place.end)}


def _position(position: Position) -> dict[str, int]:
    return {"line": position.line, "column": position.column}


def _fix(fix: Fix | None) -> dict[str, object] | None:
    if fix is None:
        return None
    edits = [{"verb": edit.verb, "pointer": str(edit.at), "value": edit.value} for edit in fix.edits]
    return {"title": fix.title, "applicability": fix.applicability.value, "edits": edits}
