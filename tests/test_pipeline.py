"""The line and the registry: selection, crashes kept apart, roles as files, parliament's echoes."""

from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from iamlint.bridges.opinion import Opinion
from iamlint.catalog import load
from iamlint.errors import IamlintError
from iamlint.pipeline import lint
from iamlint.policy import Policy, PolicyKind, Principal, Statement
from iamlint.registry import GROUP, _packs, load_rules, select
from iamlint.rule import Context, Finding, Rule, Severity, rule
from iamlint.source import Reading, read
from iamlint.source.roles import as_role, join_folders
from iamlint.text import ROOT, Pointer

TRUST = (
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},'
    '"Action":"sts:AssumeRole"}}'
)
READ = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}}'


@rule("TST001", on=Statement, severity=Severity.LOW, parliament="UNKNOWN_ACTION")
def every_statement(statement: Statement, _: Context) -> Iterator[Finding]:
    """Statement is a statement."""
    yield Finding(statement.at / "Action", "it is one")


@rule("TST002", on=Statement, severity=Severity.LOW)
def crashing(statement: Statement, _: Context) -> Iterator[Finding]:
    """Rule is broken."""
    yield Finding(statement.at, "said before the crash")
    raise ZeroDivisionError("of the rule")


@rule("TST003", on=Principal, severity=Severity.LOW)
def every_role(principal: Principal, _: Context) -> Iterator[Finding]:
    """Role is a role."""
    if principal.name:
        yield Finding(ROOT, f"{principal.name} has {len(principal.policies)}", policy=principal.policies[-1])


def opinion_rule(issue: str) -> Rule[Policy]:
    def passed_on(policy: Policy, context: Context) -> Iterator[Finding]:
        yield from (Finding(opinion.at, opinion.title) for opinion in context.opinions(issue))

    passed_on.__module__ = "pack.parliament.passed_on"
    return rule("TST901", on=Policy, severity=Severity.LOW, parliament=issue)(passed_on)


def reading(text: str, name: str = "p.json") -> Reading:
    return read(name, text.encode())


def test_a_crash_hides_nothing() -> None:
    """A rule that raises is reported as a crash; what the others found stands."""
    report = lint([reading(READ), reading(READ, "q.json")], [every_statement, crashing], load())

    assert [(d.code, d.place.file.name) for d in report.diagnostics] == [("TST001", "p.json"), ("TST001", "q.json")]
    assert [(c.rule, c.file, c.error) for c in report.crashes] == [
        ("TST002", "p.json", "ZeroDivisionError: of the rule"),
        ("TST002", "q.json", "ZeroDivisionError: of the rule"),
    ]


@pytest.mark.parametrize(
    ("issue", "at", "kept", "echoed"),
    [
        ("UNKNOWN_ACTION", "/Statement", 0, True),
        ("UNKNOWN_ACTION", "/Statement/Resource", 0, True),
        ("RESOURCE_STAR", "/Statement/Action", 0, False),
        ("RESOURCE_STAR", "/Statement/Resource", 1, False),
        ("RESOURCE_STAR", "/Statement", 1, False),
        ("RESOURCE_STAR", "", 1, False),
    ],
)
def test_parliament_is_not_repeated(issue: str, at: str, kept: int, echoed: bool) -> None:
    """An opinion goes where a rule of ours replaces it in the statement, or speaks at the very element."""

    def ask(policy: Policy, catalog: object) -> tuple[Opinion, ...]:
        return (Opinion(issue, Pointer(at), "an opinion"),)

    report = lint([reading(READ)], [every_statement, opinion_rule(issue)], load(), ask)
    ours = next(d for d in report.diagnostics if d.code == "TST001")

    assert sum(d.code == "TST901" for d in report.diagnostics) == kept
    assert ours.parliament == ((issue,) if echoed else ())


def test_folder_is_a_role() -> None:
    """A folder with one trust policy beside permission policies is a role of the folder's name."""
    readings = [reading(TRUST, "roles/app/t.json"), reading(READ, "roles/app/a.json"), reading(READ, "roles/b.json")]
    report = lint(join_folders(readings), [every_role], load())

    assert [(d.message, d.place.file.name) for d in report.diagnostics] == [("role/app has 1", "roles/app/a.json")]


def test_two_trust_policies_are_two_roles() -> None:
    """A folder with several trust policies does not tell which permissions are whose."""
    readings = [reading(TRUST, "a/t.json"), reading(TRUST, "a/u.json"), reading(READ, "a/p.json")]

    assert lint(join_folders(readings), [every_role], load()).principals == ()


def test_role_as_named() -> None:
    """Files named as one role are one, wherever they lie."""
    given = as_role([read("x/t.json", TRUST.encode(), PolicyKind.TRUST), reading(READ, "y/p.json")])
    report = lint(given, [every_role], load())

    assert [d.message for d in report.diagnostics] == ["role/given has 1"]


def test_fingerprint_outlives_moved_lines() -> None:
    """The fingerprint is of the rule, the file, the statement and the text, not of lines."""
    one = lint([reading(READ)], [every_statement], load()).diagnostics[0]
    moved = lint([reading("\n\n" + READ.replace(",", ",\n"))], [every_statement], load()).diagnostics[0]
    other = lint([reading(READ.replace("GetObject", "PutObject"))], [every_statement], load()).diagnostics[0]

    assert one.place.span != moved.place.span
    assert one.fingerprint == moved.fingerprint
    assert one.fingerprint != other.fingerprint


RULES = load_rules()


@pytest.mark.parametrize(
    ("chosen", "ignored", "extra", "inside", "outside"),
    [
        ([], [], [], {"IAM001", "IAM201", "IAM901"}, {"IAM801"}),
        ([], [], ["IAM8"], {"IAM201", "IAM801"}, set()),
        (["IAM2"], [], [], {"IAM201"}, {"IAM001", "IAM801"}),
        (["redundancy"], ["IAM201"], [], {"IAM202"}, {"IAM201"}),
        (["IAM201"], ["IAM2"], [], {"IAM201"}, {"IAM202"}),
        (["covered-action"], [], [], {"IAM201"}, {"IAM202"}),
        (["ALL"], ["grammar"], [], {"IAM801", "IAM201"}, {"IAM001"}),
        ([], ["ALL"], [], set(), {"IAM001", "IAM201"}),
    ],
)
def test_select(chosen: list[str], ignored: list[str], extra: list[str], inside: set[str], outside: set[str]) -> None:
    """The closest selector decides; style rules run only when asked for."""
    selected = {each.code for each in select(RULES, chosen, ignored, extra)}

    assert inside <= selected
    assert not outside & selected


@pytest.mark.parametrize("selector", ["IAM7777", "no-such-rule", "", "IA M"])
def test_selector_of_nothing(selector: str) -> None:
    """A selector that matches no rule is a slip."""
    with pytest.raises(IamlintError):
        select(RULES, [selector])


def test_codes_fit_their_folders() -> None:
    """The hundreds of a code tell the folder."""
    first, second = "grammar names redundancy escalation breadth", "trust guardrail account style parliament"
    hundreds = f"{first} {second}".split()
    misplaced = [each.code for each in RULES if hundreds[int(each.code[3])] != each.category]

    assert misplaced == []


def test_packs_are_found_beside_the_packages(tmp_path: Path) -> None:
    """A pack is found by its distribution's entry point; other groups, comments and broken files are not packs."""
    texts = {
        "one-1.0.dist-info": "[scripts]\na = b:c\n\n[iamlint.rules]\n# x = y\nmine = my_rules\n\n[other]\nd = e\n",
        "two.egg-info": "[iamlint.rules]\r\nyours=your_rules\r\n",
        "three-1.dist-info": "[console_scripts]\na = b:c\n",
    }
    for name, text in texts.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "entry_points.txt").write_text(text)
    (tmp_path / "four-1.dist-info").mkdir()

    assert _packs([str(tmp_path), str(tmp_path / "missing")]) == {"mine": "my_rules", "yours": "your_rules"}
    assert _packs([str(tmp_path / "missing")]) == {each.name: each.value for each in entry_points(group=GROUP)}
