"""The Python API: `lint`, `authorize`, `compare` and `suggest`, loaded when first used."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import iamlint
from iamlint.errors import IamlintError
from iamlint.policy import Policy

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


READ = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"},
}
REQUEST = {
    "action": "s3:GetObject",
    "resource": "arn:aws:s3:::reports/x",
    "principal": "arn:aws:iam::111122223333:role/reader",
}


def test_authorize_takes_policies_in_any_form(tmp_path: Path) -> None:
    """The caller's policies alone, as a value, a text or a path; or all that apply, as `can --batch` has them."""
    path = tmp_path / "policy.json"
    path.write_text(json.dumps(READ))

    for policies in (READ, [READ], json.dumps(READ), path, str(path), Policy(READ), {"identity_policies": [READ]}):
        assert iamlint.authorize(REQUEST, policies).outcome == "ALLOW"
    assert iamlint.authorize(REQUEST, []).outcome == "IMPLICIT_DENY"
    assert iamlint.authorize(REQUEST, {"identity_policies": [READ], "scps": [{"policies": []}]}).is_allowed is False
    assert iamlint.authorize(REQUEST, READ).because[0].statement is not None


@pytest.mark.parametrize(
    ("request_", "policies"),
    [({}, READ), ({**REQUEST, "principal": "bob"}, READ), (REQUEST, {"identity_policies": 3}), (REQUEST, "{")],
)
def test_authorize_answers_slips(request_: dict[str, Any], policies: Any) -> None:
    """What has another shape is an error that says so."""
    with pytest.raises(IamlintError):
        iamlint.authorize(request_, policies)


def test_compare_takes_policies_in_any_form(tmp_path: Path) -> None:
    """However a policy is given, the same is said of it; none grants nothing."""
    path = tmp_path / "policy.json"
    path.write_text(json.dumps(READ))

    for policy in (READ, [READ], json.dumps(READ), path, str(path), Policy(READ)):
        assert iamlint.compare(policy, READ).relation == "EQUIVALENT"
        assert iamlint.compare([], policy).relation == "BROADER"
    found = iamlint.compare(READ, {**READ, "Statement": {**READ["Statement"], "Action": "s3:*"}})  # type: ignore[dict-item]

    assert found.relation == "BROADER"
    assert found.gained is not None
    assert found.gained.request.action.startswith("s3:")
    with pytest.raises(IamlintError):
        iamlint.compare(READ, "no/such/file.json")
    with pytest.raises(IamlintError):
        iamlint.compare(READ, '{"Version": "2012-10-17", "Statement": [}')


def test_import_is_free() -> None:
    """`import iamlint` alone loads nothing of it."""
    code = "import iamlint, sys; print([m for m in sys.modules if m.startswith('iamlint.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
    with pytest.raises(AttributeError):
        _ = iamlint.no_such_name
