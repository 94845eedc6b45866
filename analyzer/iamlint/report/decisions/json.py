"""A decision for programs: JSON, version 1; as `--batch` writes it, and with places. Additions keep the version."""

from collections.abc import Iterator

from iamlint.engine.case import write_decision, write_request
from iamlint.engine.decision import Because
from iamlint.questions.requests import Answer
from iamlint.report import Style
from iamlint.report.grounds import place
from iamlint.source.placed import Homes

VERSION = 1


def render(answer: Answer, style: Style) -> Iterator[str]:  # noqa: ARG001 - every format has the same shape
    """The decision as one JSON document, ended by a line end."""
    import json  # noqa: PLC0415 - the module of the same name as ours

    yield json.dumps(document(answer), indent=2)
    yield "\n"


def document(answer: Answer) -> dict[str, object]:
    """The decision as JSON values."""
    written = write_decision(answer.decision)
    reasons = written["because"] if isinstance(written["because"], list) else []
    pairs = zip(answer.decision.because, reasons, strict=True)
    return {
        "version": VERSION,
        "catalogue": {"date": answer.catalogue},
        "request": write_request(answer.request),
        **written,
        "because": [{**reason, **_place(because, answer.homes)} for because, reason in pairs],
    }


def _place(because: Because, homes: Homes) -> dict[str, object]:
    home = homes.get(id(because.policy))
    if home is None or because.statement is None:
        return {}
    shown = place(home, because.statement.at, "")
    start, end = ({"line": at.line, "column": at.column} for at in (shown.start, shown.end))
    return {"file": shown.file.name, "start": start, "end": end}
