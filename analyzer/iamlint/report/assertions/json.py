"""Assertions for programs: JSON, version 1. Additions keep the version."""

from collections.abc import Iterator

from iamlint.questions.judging import Breach, Judgement
from iamlint.report import Style
from iamlint.report.assertions import Judged
from iamlint.report.changes.json import witness_document

VERSION = 1


def render(judged: Judged, style: Style) -> Iterator[str]:  # noqa: ARG001 - every format has the same shape
    """The judgements as one JSON document, ended by a line end."""
    import json  # noqa: PLC0415 - the module of the same name as ours

    yield json.dumps(document(judged), indent=2)
    yield "\n"


def document(judged: Judged) -> dict[str, object]:
    """The judgements as JSON values."""
    return {
        "version": VERSION,
        "catalogue": {"date": judged.catalogue},
        "assertions": [_judgement(each) for each in judged.judgements],
        "errors": list(judged.errors),
    }


def _judgement(judgement: Judgement) -> dict[str, object]:
    place = judgement.assertion.place
    return {
        "name": judgement.assertion.name,
        "file": place.file.name,
        "start": {"line": place.start.line, "column": place.start.column},
        "holds": judgement.holds,
        "breaches": [_breach(each, judgement) for each in judgement.breaches],
        "assumptions": list(judgement.assumptions),
    }


def _breach(breach: Breach, judgement: Judgement) -> dict[str, object]:
    return {
        "policy": breach.title,
        "witness": witness_document(breach.witness, judgement.homes),
        "unknown": breach.unknown or None,
    }
