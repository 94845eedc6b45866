"""Every rule's manual is executed; a new rule adds nothing here."""

from pathlib import Path

import pytest

from iamlint.registry import AnyRule, find, load_rules
from iamlint.testing import faults

RULES = load_rules()
CORNER_CASES = sorted((Path(__file__).parent / "rules").glob("*.md"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.code}-{rule.name}")
def test_manual(rule: AnyRule) -> None:
    """What a rule's manual says it reports, mends and leaves alone, it does."""
    assert list(faults(rule)) == []


@pytest.mark.parametrize("path", CORNER_CASES, ids=lambda path: path.stem)
def test_corner_cases(path: Path) -> None:
    """The corner cases too many for the manual hold as well; the file is named after the rule."""
    assert list(faults(find(RULES, path.stem), path.read_text())) == []
