"""The generated documentation is what the rules say now, and every idea of other linters has an answer."""

import runpy
from pathlib import Path

from iamlint.registry import load_rules

ROOT = Path(__file__).parent.parent
DOCS = runpy.run_path(str(ROOT / "scripts" / "docs.py"))
RULES = load_rules()


def test_pages_are_fresh() -> None:
    """`python scripts/docs.py` would change nothing."""
    made = dict(DOCS["pages"](RULES))
    there = {*(ROOT / "docs" / "rules").glob("*.md"), ROOT / "docs" / "coverage.md"}

    assert there == set(made)
    assert [path.name for path, text in made.items() if path.read_text() != text] == []


def test_every_idea_has_an_answer() -> None:
    """A rule that there is, or a reason."""
    codes = {rule.code for rule in RULES}
    for concept in DOCS["concepts"]():
        assert set(concept["by"]) <= codes, concept["id"]
        assert concept["how"] in DOCS["HOW"], concept["id"]
        assert concept["by"] or concept["note"], concept["id"]
        assert concept["how"] != "rule" or concept["by"], concept["id"]
