"""Every check of Access Analyzer's ValidatePolicy, for every kind of policy it is for: a bad policy and a near miss.

The cases stand in JSON, a file for each family of checks; validate_policy.py says how they are read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import pytest
from validate_policy import CHECKS, SILENT, Case, cases, kinds_without_case, text

from iamlint import source
from iamlint.catalog import load
from iamlint.diagnostic import Diagnostic, Place
from iamlint.pipeline import lint
from iamlint.policy import PolicyKind
from iamlint.registry import load_rules

RULES = [rule for rule in load_rules() if rule.aws]
CURRENT = 153
RETIRED = {
    "SCP_SYNTAX_ERROR_ALLOW_CONDITION",
    "SCP_SYNTAX_ERROR_ALLOW_NOTACTION",
    "SCP_SYNTAX_ERROR_ALLOW_RESOURCE",
    "SCP_SYNTAX_ERROR_NOTRESOURCE",
    "UNSUPPORTED_SYMBOL_IN_VARIABLE",
}
"""What AWS's list has no more."""


def test_every_check_is_made() -> None:
    """The checks with cases are those that some rule declares, each as many as AWS has; none of them is retired."""
    declared = {code for rule in RULES for code in rule.aws}

    assert set(CHECKS) == declared
    assert len(CHECKS) == CURRENT
    assert not declared & RETIRED


def test_every_kind_has_a_case() -> None:
    """A check has a case for every kind of policy, or a reason why there is none."""
    assert [f"{code}: {kind}" for code, check in CHECKS.items() for kind in kinds_without_case(check)] == []


@pytest.mark.parametrize("code", CHECKS)
def test_check(code: str) -> None:
    """The bad policy has the finding at its places and no other finding of Access Analyzer's; the good one has none."""
    assert [fault for case in cases(CHECKS[code]) for fault in faults(code, case)] == []


@pytest.mark.parametrize("part", SILENT, ids=range(len(SILENT)))
def test_nothing_is_told(part: Mapping[str, object]) -> None:
    """Of what AWS's managed policies do, and its analyzer was seen to pass over, nothing is told."""
    assert codes(findings(text(part, PolicyKind.IDENTITY, alone=False), PolicyKind.IDENTITY)) == set()


def faults(code: str, case: Case) -> Iterator[str]:
    """What is not as a case has it."""
    found = findings(case.bad, case.kind, case.service)
    good = codes(findings(case.good, case.kind, case.service))
    told = [each for each in found if code in each.access_analyzer]
    places = {place_of(each.place) for each in told}
    related = {place_of(each) for diagnostic in told for each in diagnostic.related}
    if set(case.at) != places:
        yield f"{case.kind}: {case.bad} is told at {sorted(places)}, not {case.at}"
    if case.related is not None and set(case.related) != related:
        yield f"{case.kind}: {case.bad} has the related places {sorted(related)}, not {case.related}"
    if others := codes(found) - {code, *case.beside}:
        yield f"{case.kind}: {case.bad} has {sorted(others)} as well"
    if others := good - set(case.good_has):
        yield f"{case.kind}: {case.good} has {sorted(others)}"
    if missing := set(case.good_has) - good:
        yield f"{case.kind}: {case.good} is said to have {sorted(missing)}"


def findings(policy: str, kind: PolicyKind, service: str | None = None) -> Sequence[Diagnostic]:
    reading = source.read("policy.json", policy.encode(), kind=kind, explicit=True)
    if service:
        found = (each._replace(service=service, is_attached=True) for each in reading.found)
        reading = reading._replace(found=tuple(found))
    report = lint([reading], RULES, load())
    assert report.crashes == ()
    return report.diagnostics


def codes(diagnostics: Sequence[Diagnostic]) -> set[str]:
    return {code for each in diagnostics for code in each.access_analyzer}


def place_of(place: Place) -> str:
    """A place as the cases write it: the pointer, and `#` for the key of a member."""
    is_key = place.pointer and re.match(r'"(?:[^"\\]|\\.)*"\s*:', place.file.text[place.span.start :]) is not None
    return f"{place.pointer}{'#' if is_key else ''}" or "/"


def test_cases_are_told_apart() -> None:
    """No case is there twice."""
    texts = [(code, each.kind, each.bad, each.good) for code, check in CHECKS.items() for each in cases(check)]

    assert len(set(texts)) == len(texts)
