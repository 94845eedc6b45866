"""`iamlint diff`: reads two sides, asks what became of their policies, writes it. Parses no options."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from iamlint.catalog import Catalog, load
from iamlint.cli.cases import kind_of, lines, value_of
from iamlint.cli.console import columns, note, read_stdin, use_color, write
from iamlint.cli.main import USAGE_ERROR
from iamlint.engine.case import write_request
from iamlint.engine.comparison import Comparison, Relation, Witness
from iamlint.errors import IamlintError
from iamlint.policy import Policy, PolicyKind
from iamlint.questions.changes import Changes, changes, relate
from iamlint.questions.sides import Side, read_side
from iamlint.report import Style
from iamlint.report.changes import renderer

NEW_ACCESS = 1


def run(given: Mapping[str, Any]) -> int:
    """Compare what the options name and write the changes.

    Returns:
        0 nothing gained, 1 new access (or not decided), 2 something could not be read or compared.

    Raises:
        IamlintError: An option or a path cannot be used.
    """
    kind = PolicyKind(given["policy_type"]) if given.get("policy_type") else None
    paths = given.get("paths") or ()
    if given.get("batch") is not None:
        if paths:
            raise IamlintError("`--batch` compares its own lines and no files", help="compare the files by another run")
        return _batch(given, kind)
    if len(paths) != 2:
        raise IamlintError("`diff` takes two: OLD and NEW", help="such as `iamlint diff main:policies policies`")
    if list(paths) == ["-", "-"]:
        raise IamlintError("stdin can be one side only", help="name a file for the other")
    old, new = (read_side(path, kind, read_stdin) for path in paths)
    report = changes(old, new, load())
    style = Style(use_color(given.get("color") or "auto"), columns(), bool(given.get("quiet")))
    write(renderer(given.get("format") or "full")(report, style), given.get("output_file"))
    _say(report, (old, new), given)
    is_new = any(change.is_new for change in report.changes) and not given.get("exit_zero")
    return USAGE_ERROR if report.errors else NEW_ACCESS if is_new else 0


def _say(report: Changes, sides: tuple[Side, Side], given: Mapping[str, Any]) -> None:
    """Notes on stderr for what was not compared."""
    for error in report.errors:
        note(f"error: {error}")
    for side in sides if given.get("verbose") else ():
        for name, why in side.skipped:
            note(f"passed over: {name}: {why}")
    if not report.changes and not report.errors and not given.get("quiet"):
        note(f"note: no policy in `{report.old}` or `{report.new}`; `-v` says why each file was passed over")


def _batch(given: Mapping[str, Any], kind: PolicyKind | None) -> int:
    codes = {0}
    write(_results(str(given["batch"]), kind or PolicyKind.IDENTITY, codes), given.get("output_file"))
    return 0 if given.get("exit_zero") and max(codes) == NEW_ACCESS else max(codes)


def _results(path: str, kind: PolicyKind, codes: set[int]) -> Iterator[str]:
    catalog = load()
    for number, line in lines(path):
        try:
            identity, comparison = _compared(value_of(line), kind, catalog)
        except ValueError as error:
            note(f"error: {path}:{number}: {error}")
            codes.add(USAGE_ERROR)
            continue
        is_open = comparison.relation is Relation.UNKNOWN
        codes.add(NEW_ACCESS if comparison.gained or is_open else 0)
        yield f"{json.dumps(_answer(identity, comparison))}\n"


def _compared(case: Any, kind: PolicyKind, catalog: Catalog) -> tuple[object, Comparison]:
    """One line: `{"id", "old": {}, "new": {}, "policy_type": "identity"}`; a side may be a list, or null for none."""
    if not isinstance(case, dict) or not {"old", "new"} <= case.keys():
        raise ValueError('a line is an object with "id", "old", "new" (policies) and "policy_type"')
    told = kind_of(case.get("policy_type")) or kind
    old, new = (_policies(case[side], side, told) for side in ("old", "new"))
    return case.get("id"), relate(old, new, told, catalog)


def _policies(value: object, side: str, kind: PolicyKind) -> list[Policy]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"`{side}` is no JSON: {error}") from None
    values = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(each, dict) for each in values):
        raise ValueError(f"`{side}` must be a policy, which is an object, or a list of them")
    return [Policy(each, kind) for each in values]


def _answer(identity: object, comparison: Comparison) -> dict[str, object]:
    answer: dict[str, object] = {
        "id": identity,
        "relation": comparison.relation.value,
        "gained": _request(comparison.gained),
        "lost": _request(comparison.lost),
        "assumptions": list(comparison.assumptions),
    }
    return {**answer, "unknown": comparison.unknown} if comparison.unknown else answer


def _request(witness: Witness | None) -> dict[str, object] | None:
    return None if witness is None else write_request(witness.request)
