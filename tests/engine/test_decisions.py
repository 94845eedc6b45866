"""Hundreds of named cases with their AWS pages, each decided by the definition."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from iamlint.engine.authorize import authorize
from iamlint.engine.case import read_case, write_decision

CASES: list[dict[str, Any]] = [
    case for file in sorted(Path(__file__).parent.glob("*.json")) for case in json.loads(file.read_text("utf-8"))
]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_decision(case: dict[str, Any]) -> None:
    """AWS's answer is ours."""
    decision = authorize(*read_case(case))

    assert case["expected"] == decision.outcome, json.dumps(write_decision(decision), indent=1)


def test_every_case_has_its_page() -> None:
    """A case is what AWS documents, not what we believe."""
    without = [case["name"] for case in CASES if not case["page"].startswith("https://docs.aws.amazon.com/")]

    assert [] == without


def test_names_are_unique() -> None:
    """A name names one case."""
    twice = [name for name, count in Counter(case["name"] for case in CASES).items() if count > 1]

    assert [] == twice


def test_there_are_many_cases() -> None:
    """Every trap that semantics has is tried from several sides."""
    groups = Counter(case["trap"] for case in CASES)

    assert len(CASES) >= 400
    assert {} == {trap: groups[trap] for trap in range(1, 30) if groups[trap] < 10}
