"""What only parliament says is known, and told in docs/parliament.md; anything else fails here."""

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from validate_policy import CHECKS, cases

from iamlint import source
from iamlint.bridges.parliament import opinions
from iamlint.catalog import load
from iamlint.diagnostic import Diagnostic
from iamlint.pipeline import lint
from iamlint.placing import SECOND_OPINION
from iamlint.policy import PolicyKind
from iamlint.registry import load_rules
from iamlint.source.document import Reading

ROOT = Path(__file__).parent.parent.parent
ROW = re.compile(r"^\| (?P<issue>[A-Z_]+) \| `(?P<case>.+?)` \| (?P<why>.+) \|$", re.MULTILINE)
RULES = load_rules()
OPINIONS = {rule.code for rule in RULES if rule.category == SECOND_OPINION}
READ = (PolicyKind.IDENTITY, PolicyKind.RESOURCE)
SAMPLE = 160


class Row(NamedTuple):
    """A difference that is explained: parliament's issue, a glob for a text in it, and the explanation."""

    issue: str
    case: str
    why: str


TABLE = [Row(**match.groupdict()) for match in ROW.finditer((ROOT / "docs" / "parliament.md").read_text())]


def test_the_table_is_read() -> None:
    """Every row explains itself: by AWS's documentation, by parliament's error, or as an opinion."""
    rows = [line for line in (ROOT / "docs" / "parliament.md").read_text().splitlines() if line.startswith("| ")]

    assert len(TABLE) == len(rows) - 1
    assert [row.case for row in TABLE if "https://docs.aws.amazon.com/" not in row.why] == []


def test_examples() -> None:
    """Over the examples, parliament says nothing that iamlint does not say or explain."""
    paths = [path for path in (ROOT / "examples").rglob("*") if path.is_file()]

    assert unexplained(source.read_file(str(path)) for path in sorted(paths)) == []


def test_cases_of_access_analyzer() -> None:
    """Over what Access Analyzer finds fault with, in the kinds of policy that parliament reads."""
    every = [case for check in CHECKS.values() for case in cases(check) if case.kind in READ]
    texts = {(case.kind, case.bad): case.service for case in every}

    assert unexplained(reading(text, kind, service) for (kind, text), service in texts.items()) == []


def test_managed_policies() -> None:
    """Over some of AWS's own policies."""
    names = sorted(managed())

    assert unexplained(managed_readings(random.Random(4).sample(names, SAMPLE))) == []


@pytest.mark.slow
def test_all_managed_policies() -> None:
    """Over all of AWS's own policies, none of which is old; and no other row of the table is for nothing."""
    differences = list(remainder(managed_readings(managed())))

    assert [each for each in differences if not explanations(*each)] == []
    used = {row for each in differences for row in explanations(*each)}
    assert {row for row in TABLE if row.issue != "OLD_VERSION"} == used


def managed() -> Mapping[str, Any]:
    from moto.iam.aws_managed_policies import aws_managed_policies_data  # noqa: PLC0415 - slow

    policies: Mapping[str, Any] = json.loads(aws_managed_policies_data)
    return policies


def managed_readings(names: Sequence[str] | Mapping[str, Any]) -> Iterator[Reading]:
    policies = managed()
    return (reading(json.dumps(policies[name]["Document"]), PolicyKind.IDENTITY) for name in names)


def reading(text: str, kind: PolicyKind, service: str | None = None) -> Reading:
    read = source.read("policy.json", text.encode(), kind=kind, explicit=True)
    if service is None:
        return read
    return read._replace(found=tuple(each._replace(service=service, is_attached=True) for each in read.found))


def unexplained(readings: Iterator[Reading]) -> list[str]:
    """What only parliament says, and no row of the table is about."""
    left = [(opinion, texts) for opinion, texts in remainder(readings) if not explanations(opinion, texts)]
    return [f"{opinion.parliament} {opinion.message} {sorted(texts)}" for opinion, texts in left]


def remainder(readings: Iterator[Reading]) -> Iterator[tuple[Diagnostic, frozenset[str]]]:
    """What only parliament says, with the texts of the statement that it is about."""
    for read in readings:
        for each in lint([read], RULES, load(), opinions).diagnostics:
            if each.code in OPINIONS:
                yield each, frozenset(statement_texts(read, each))


def statement_texts(read: Reading, opinion: Diagnostic) -> Iterator[str]:
    value: Any = read.found[0].document.value
    tokens = opinion.place.pointer.tokens
    within = tokens[: 2 if tokens[1:2] and tokens[1].isdigit() else 1] if tokens[:1] == ("Statement",) else ()
    for token in within:
        value = value[int(token)] if isinstance(value, list) else value[token]
    yield from strings(value)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(inner)


def explanations(opinion: Diagnostic, texts: frozenset[str]) -> list[Row]:
    """The rows that explain a difference."""
    rows = [row for row in TABLE if row.issue in opinion.parliament]
    return [row for row in rows if any(fnmatchcase(text, row.case) for text in texts)]
