"""The Python API: `iamlint.lint` and `iamlint.suggest`, loaded when first used."""

import subprocess
import sys
from pathlib import Path

import pytest

import iamlint
from iamlint.errors import IamlintError

POLICY = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "arn:aws:s3:::b/*"},
}


def test_lint_takes_a_mapping_a_text_and_a_path(tmp_path: Path) -> None:
    """However a policy is given, the same is said of it."""
    path = tmp_path / "policy.json"
    path.write_text(str(POLICY).replace("'", '"'))

    for subject in (POLICY, path.read_text(), path, str(tmp_path)):
        report = iamlint.lint(subject)
        assert [each.code for each in report.diagnostics] == ["IAM101"]
        assert report.diagnostics[0].parliament == ("UNKNOWN_ACTION",)


def test_lint_takes_choices() -> None:
    """Rules, kind and parliament can be chosen."""
    assert iamlint.lint(POLICY, ignore=["names"], parliament=False).diagnostics == ()
    assert [d.code for d in iamlint.lint(POLICY, policy_type="trust", select=["IAM5"]).diagnostics]
    with pytest.raises(IamlintError):
        iamlint.lint(POLICY, select=["IAM777777"])
    with pytest.raises(IamlintError):
        iamlint.lint("no/such/path.json")


def test_suggest() -> None:
    """The suggestion's policy has the one permission that was asked for."""
    suggestion = iamlint.suggest(actions=["s3:GetObject"], resources=["arn:aws:s3:::reports/*"])
    (statement,) = suggestion.policy["Statement"]

    assert (statement["Action"], statement["Resource"]) == ("s3:GetObject", "arn:aws:s3:::reports/*")
    assert iamlint.lint(suggestion.policy).diagnostics == ()


def test_import_is_free() -> None:
    """`import iamlint` alone loads nothing of it."""
    code = "import iamlint, sys; print([m for m in sys.modules if m.startswith('iamlint.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
    with pytest.raises(AttributeError):
        _ = iamlint.no_such_name
