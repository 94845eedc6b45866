"""Every rule's manual is executed; a new rule adds nothing here."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from iamlint.registry import AnyRule, find, load_rules
from iamlint.testing import broken_promises, examples, faults

RULES = load_rules()
OURS = [rule for rule in RULES if rule.category != "parliament" and rule.on.__name__ != "Problem"]
SWAPPED = {"Allow": '"Deny"', "Deny": '"Allow"'}
CORNER_CASES = sorted((Path(__file__).parent / "rules").glob("*.md"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.code}-{rule.name}")
def test_manual(rule: AnyRule) -> None:
    """What a rule's manual says it reports, mends and leaves alone, it does."""
    assert list(faults(rule)) == []


@pytest.mark.parametrize("path", CORNER_CASES, ids=lambda path: path.stem)
def test_corner_cases(path: Path) -> None:
    """The corner cases too many for the manual hold as well; the file is named after the rule."""
    assert list(faults(find(RULES, path.stem), path.read_text())) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.code}-{rule.name}")
def test_promises_in_reverse(rule: AnyRule) -> None:
    """The fixes of all rules keep their promises in a rule's examples where every Allow is a Deny, and the reverse."""
    for example in examples(rule.manual):
        swapped = re.sub('"(Allow|Deny)"', lambda match: SWAPPED[match[1]], example.text)

        assert list(broken_promises(OURS, replace(example, text=swapped))) == []


def test_engine_is_asked_in_time(tmp_path: Path) -> None:
    """Checking a policy imports the engine only where a rule has a question that patterns leave open."""
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    one.write_text(POLICY % "s3:PutObject")
    two.write_text(POLICY % "s3:GetObjectAcl")

    assert [imports_engine(path) for path in (one, two)] == [False, True]


POLICY = """{"Version": "2012-10-17", "Statement": [
  {"Sid": "A", "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::reports/*"},
  {"Sid": "B", "Effect": "Allow", "Action": "%s", "Resource": "arn:aws:s3:::reports/*"}
]}"""


def imports_engine(path: Path) -> bool:
    code = f"import sys; from iamlint.cli.main import main; main(['check', '--no-parliament', {str(path)!r}])"
    code = f"try:\n  {code}\nfinally:\n  sys.stderr.write(str('iamlint.engine' in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return done.stderr.endswith("True")
