"""The harness itself: a fix that does not keep its promise is caught, with the request that shows it."""

from collections.abc import Callable, Iterator

import pytest

from iamlint.engine.compare import Answer
from iamlint.registry import AnyRule
from iamlint.rule import Context, Edit, Finding, Fix, Severity, Statement, insert, remove, replace, rule
from iamlint.testing import faults

Maker = Callable[..., Fix]
Editor = Callable[[Statement], Edit]

ALLOW = '"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"'
CONDITION = '"Condition": {"Bool": {"aws:SecureTransport": "true"}}'


def fixing(make: Maker, edit: Editor) -> AnyRule:
    """A rule that mends every statement in one way, without a manual."""

    @rule("IAM299", on=Statement, severity=Severity.LOW)
    def mended(statement: Statement, _: Context) -> Iterator[Finding]:
        yield Finding(statement.at, "it is there", fix=make("Mend it", edit(statement)))

    return mended


def manual(statement: str, kind: str = "") -> str:
    """A manual with one statement that the rule is told to report."""
    marks = "^" * len(statement)
    return f'```json bad{kind}\n{{"Version": "2012-10-17", "Statement":\n{statement}\n{marks} it is there\n}}\n```\n'


def told(make: Maker, edit: Editor, text: str) -> list[str]:
    """What the harness says against a fix."""
    return [fault.partition("of the manual: ")[2] for fault in faults(fixing(make, edit), text)]


def wider(statement: Statement) -> Edit:
    return replace(statement.at / "Resource", "*")


def narrower(statement: Statement) -> Edit:
    return replace(statement.at / "Resource", "arn:aws:s3:::reports/2026/*")


def unconditional(statement: Statement) -> Edit:
    return remove(statement.at / "Condition")


def conditional(statement: Statement) -> Edit:
    return insert(statement.at / "Condition", {"Bool": {"aws:SecureTransport": "true"}})


def without_effect(statement: Statement) -> Edit:
    return replace(statement.at / "Action", ["s3:GetObject", "s3:getobject"])


@pytest.mark.parametrize(
    ("make", "edit", "statement", "expected"),
    [
        (
            Fix.safely,
            narrower,
            f"{{{ALLOW}}}",
            "the fix `Mend it` is not safe: only before, "
            "`arn:aws:iam::123456789012:role/example` may call `s3:GetObject` on `arn:aws:s3:::reports/example`",
        ),
        (
            Fix.tightening,
            unconditional,
            f"{{{ALLOW}, {CONDITION}}}",
            "the fix `Mend it` is not tightening: only afterwards, "
            "`arn:aws:iam::123456789012:role/example` may call `s3:GetObject` on `arn:aws:s3:::reports/example`",
        ),
        (
            Fix.tightening,
            conditional,
            f"{{{ALLOW.replace('Allow', 'Deny')}}}",
            "the fix `Mend it` is not tightening: only afterwards, "
            "`arn:aws:iam::123456789012:role/example` may call `s3:GetObject` on `arn:aws:s3:::reports/example`",
        ),
    ],
    ids=["safe but narrower", "tightening but broader", "tightening but denies less"],
)
def test_broken_promise(make: Maker, edit: Editor, statement: str, expected: str) -> None:
    """A fix that does something else than it says is a fault, and the sentence names a request that shows it."""
    found = told(make, edit, manual(statement))

    assert expected in [each.partition(" where ")[0] for each in found]


@pytest.mark.parametrize(
    ("make", "edit", "statement"),
    [
        (Fix.safely, without_effect, f"{{{ALLOW}}}"),
        (Fix.tightening, narrower, f"{{{ALLOW}}}"),
        (Fix.tightening, conditional, f"{{{ALLOW}}}"),
        (Fix.tightening, unconditional, f"{{{ALLOW.replace('Allow', 'Deny')}, {CONDITION}}}"),
        (Fix.risky, wider, f"{{{ALLOW}}}"),
    ],
)
def test_kept_promise(make: Maker, edit: Editor, statement: str) -> None:
    """A fix that does what it says is none; of a risky one nothing is to be proved."""
    assert [] == told(make, edit, manual(statement))


def test_every_kind() -> None:
    """In a guardrail too, which grants nothing by itself, and in YAML."""
    deny = ALLOW.replace("Allow", "Deny")
    assert any("not safe" in fault for fault in told(Fix.safely, narrower, manual(f"{{{deny}}}", " scp")))
    assert any(
        "not safe" in fault
        for fault in told(Fix.safely, narrower, manual(f'{{"Principal": "*", {ALLOW}}}', " resource:s3"))
    )
    assert any(
        "not safe" in fault for fault in told(Fix.safely, narrower, manual(f"{{{ALLOW}}}").replace("json", "yaml"))
    )


def test_unknown_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the engine cannot decide is not proved."""
    monkeypatch.setattr("iamlint.testing.gain", lambda *_: Answer(unknown="it is too hard"))

    expected = ["that the fix `Mend it` is tightening is not proved: it is too hard"]
    assert expected == told(Fix.tightening, narrower, manual(f"{{{ALLOW}}}"))
