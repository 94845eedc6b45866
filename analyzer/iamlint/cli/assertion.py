"""`iamlint assert`: reads assertions and the policies they are about, and writes how they fare. Parses no options."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from iamlint.catalog import Catalog, load
from iamlint.cli.console import columns, complain, note, read_stdin, use_color, write
from iamlint.cli.main import USAGE_ERROR
from iamlint.errors import IamlintError
from iamlint.policy import PolicyKind
from iamlint.questions.assertions import Assertion, assertions_in
from iamlint.questions.judging import Judgement, judge
from iamlint.questions.pairs import Unit, reasons_of, units_of
from iamlint.questions.sides import read_side
from iamlint.report import Style
from iamlint.report.assertions import Judged, renderer
from iamlint.source.revision import is_revision
from iamlint.source.value import read_value

BROKEN = 1


def run(given: Mapping[str, Any]) -> int:
    """Judge the assertions in the files that the options name and write the judgements.

    Returns:
        0 all hold, 1 one is broken or could not be decided, 2 something could not be read.

    Raises:
        IamlintError: An option or a file cannot be used.
    """
    paths: Sequence[str] = given.get("paths") or ()
    if not paths:
        raise IamlintError("`assert` takes a file of assertions", help="such as `iamlint assert assertions.yaml`")
    shelf = _Shelf(given.get("policies") or (), PolicyKind(given["policy_type"]) if given.get("policy_type") else None)
    catalog = load()
    judgements = tuple(judgement for path in paths for judgement in _judged(path, shelf, catalog))
    style = Style(use_color(given.get("color") or "auto"), columns(), bool(given.get("quiet")))
    judged = Judged(judgements, tuple(shelf.errors), catalog.date)
    write(renderer(given.get("format") or "full")(judged, style), given.get("output_file"))
    is_broken = any(not judgement.holds for judgement in judgements)
    return USAGE_ERROR if shelf.errors else BROKEN if is_broken else 0


def _judged(path: str, shelf: "_Shelf", catalog: Catalog) -> Iterator[Judgement]:
    """The judgements of one file; a file or an assertion that cannot be used does not hide the others."""
    found: Sequence[Assertion] = ()
    with shelf.complaints():
        found = assertions_in(read_value(path), catalog, overridden=bool(shelf.instead))
    for assertion in found:
        with shelf.complaints():
            yield judge(assertion, shelf.units(assertion), catalog)


class _Shelf:
    """The policies by path, each read once, and what is wrong with the files."""

    def __init__(self, instead: Sequence[str], kind: PolicyKind | None) -> None:
        self.instead = instead
        self.kind = kind
        self.errors: list[str] = []
        self._read: dict[str, tuple[Unit, ...]] = {}

    @contextmanager
    def complaints(self) -> Iterator[None]:
        """Say what is wrong, remember it, and go on."""
        try:
            yield
        except IamlintError as error:
            complain(error)
            self.errors.append(error.message)

    def units(self, assertion: Assertion) -> list[Unit]:
        """The policies that an assertion is about; its paths are from the folder of its file.

        Raises:
            IamlintError: There are none, so that it would hold of nothing.
        """
        folder = os.path.dirname(assertion.place.file.name)
        own = (path if is_revision(path) else os.path.join(folder, path) for path in assertion.policies)
        paths = self.instead or [os.path.normpath(path) for path in own]
        found = [unit for path in paths for unit in self._side(path)]
        if not found:
            names = ", ".join(f"`{path}`" for path in paths)
            raise IamlintError(f"{assertion.name}: there is no policy in {names} to judge", help="check the paths")
        return found

    def _side(self, path: str) -> tuple[Unit, ...]:
        if path not in self._read:
            side = read_side(path, self.kind, read_stdin)
            for reason in reasons_of(side):
                note(f"error: {reason}")
                self.errors.append(reason)
            self._read[path] = units_of(side)
        return self._read[path]
