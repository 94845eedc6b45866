"""Write what the documentation says of the rules: a page for each, and which checks of others they cover.

    python scripts/docs.py

`docs/rules/` is made from the rules' docstrings; `docs/coverage.md` from the rules and scripts/data/concepts.json.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from iamlint.cli.rule import manual
from iamlint.registry import AnyRule, load_rules

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
CONCEPTS = ROOT / "scripts" / "data" / "concepts.json"
HOW = {"rule": "", "parliament": "by parliament", "other": "elsewhere", "left out": "left out"}
OFFICIAL = ("parliament", "access-analyzer")

INDEX = """# Rules

Made by `python scripts/docs.py` from the rules' docstrings, which are also their tests. `iamlint rule CODE` shows one.
"""
COVERAGE = """# Coverage

Made by `python scripts/docs.py` from the rules and scripts/data/concepts.json.

## Access Analyzer

Every current check of [ValidatePolicy](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html),
and the rule that makes it offline.

"""
OF_PARLIAMENT = """
## parliament

Every finding of [parliament](https://github.com/duo-labs/parliament), and the rule that says it better or passes it on.

"""
OF_ALL = """
## Ideas of all linters

What any linter of IAM policies checks, and what none does: which rule covers it, or why it is left out.

"""


def pages(rules: Sequence[AnyRule]) -> Iterator[tuple[Path, str]]:
    """Every generated page: its path and its text."""
    for rule in rules:
        yield DOCS / "rules" / f"{rule.name}.md", "".join(manual(rule))
    yield DOCS / "rules" / "README.md", "".join(_index(rules))
    yield DOCS / "coverage.md", "".join(_coverage(rules))


def _index(rules: Sequence[AnyRule]) -> Iterator[str]:
    yield INDEX
    categories = dict.fromkeys(rule.category for rule in rules)
    for category in categories:
        yield f"\n## {category}\n\n"
        rows = (
            (_linked(rule, ""), rule.title, rule.severity, rule.confidence)
            for rule in rules
            if rule.category == category
        )
        yield from _table(("rule", "what it finds", "severity", "confidence"), rows)


def _coverage(rules: Sequence[AnyRule]) -> Iterator[str]:
    yield COVERAGE
    yield from _table(("code", "rule"), _by(rules, lambda rule: rule.aws))
    yield OF_PARLIAMENT
    yield from _table(("issue", "rule"), _by(rules, lambda rule: rule.parliament))
    yield OF_ALL
    by_code = {rule.code: rule for rule in rules}
    yield from _table(("idea", "found by", "iamlint", "remark"), (_row(each, by_code) for each in concepts()))


def concepts() -> Sequence[Mapping[str, Any]]:
    """The ideas of all linters: `id`, `concept`, `peers` that have it, and `by`, `how` and `note` for iamlint."""
    found: list[Mapping[str, Any]] = json.loads(CONCEPTS.read_text())
    return found


def _row(concept: Mapping[str, Any], rules: Mapping[str, AnyRule]) -> tuple[str, ...]:
    peers = ", ".join(concept["peers"]) or "nobody"
    covering = ", ".join(_linked(rules[code], "rules/") for code in concept["by"])
    return concept["concept"], peers, covering or HOW[concept["how"]], concept["note"]


def _by(rules: Iterable[AnyRule], names: Any) -> list[tuple[str, str]]:
    """Each name of others, and the rules that go by it."""
    found: dict[str, list[AnyRule]] = {}
    for rule in rules:
        for name in names(rule):
            found.setdefault(name, []).append(rule)
    return [(f"`{name}`", ", ".join(_linked(rule, "rules/") for rule in found[name])) for name in sorted(found)]


def _linked(rule: AnyRule, folder: str) -> str:
    return f"[{rule.code}]({folder}{rule.name}.md) {rule.name}"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(_cell(str(cell)) for cell in row)} |\n"


def _cell(text: str) -> str:
    """A text that breaks no table, and hides no `<…>`."""
    return re.sub(r"<(?=\w)", "&lt;", text.replace("|", "\\|").replace("\n", " "))


def main() -> None:
    """Write every page, and remove those of rules that are no more."""
    made = dict(pages(load_rules()))
    for old in (DOCS / "rules").glob("*.md"):
        if old not in made:
            old.unlink()
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


if __name__ == "__main__":
    main()
