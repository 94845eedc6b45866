"""What every command makes of `aws iam get-account-authorization-details`: principals whole, each document once."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from iamlint.cli.main import main

Capture = pytest.CaptureFixture[str]
Change = Callable[[dict[str, Any]], object]

DUMP: dict[str, Any] = json.loads((Path(__file__).parents[1] / "source" / "dumps" / "account.json").read_text())
HERE = "arn:aws:iam::111122223333"
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:app-1"
AUDIT = "arn:aws:iam::aws:policy/SecurityAudit"
DOCUMENTS = ("PolicyDocument", "AssumeRolePolicyDocument", "Document")


def raw(value: Any) -> Any:
    """A dump as the API returns it."""
    if isinstance(value, list):
        return [raw(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {key: quote(json.dumps(each), safe="") if key in DOCUMENTS else raw(each) for key, each in value.items()}


def changed(change: Change) -> dict[str, Any]:
    dump = deepcopy(DUMP)
    change(dump)
    return dump


def attach(index: int, arn: str) -> Change:
    entry = {"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn}
    return lambda dump: dump["RoleDetailList"][index]["AttachedManagedPolicies"].append(entry)


def statement(dump: dict[str, Any], policy: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = dump["Policies"][policy]["PolicyVersionList"][0]["Document"]["Statement"][0]
    return found


def put(dump: dict[str, Any], document: Any) -> None:
    dump["UserDetailList"][1]["UserPolicyList"][0]["PolicyDocument"] = document


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the dumps that the cases name, in which we stand."""
    files = {
        "dump": DUMP,
        "raw": raw(DUMP),
        "broken": changed(lambda dump: put(dump, "%7B%22Version%22: 1")),
        "wider": changed(lambda dump: statement(dump)["Action"].append("lambda:DeleteFunction")),
        "unlimited": changed(lambda dump: dump["UserDetailList"][0].pop("PermissionsBoundary")),
        "member": changed(lambda dump: dump["UserDetailList"][1].update(GroupList=["devs"])),
        "attached": changed(attach(2, f"{HERE}:policy/Spare")),
        "unread": changed(attach(2, "arn:aws:iam::aws:policy/AdministratorAccess")),
        "users": {"UserDetailList": [{"UserName": "eve", "Arn": f"{HERE}:user/eve", "GroupList": []}]},
    }
    for name, value in files.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(value, indent=2))
    monkeypatch.chdir(tmp_path)
    return tmp_path


# (who, action, resource, files) and the answer
ANSWERS: list[tuple[str, str]] = [
    (f"user/alice lambda:GetFunction {FUNCTION} --identity dump.json", "allowed"),
    (f"user/alice lambda:GetFunction {FUNCTION} --identity raw.json", "allowed"),
    (f"{HERE}:user/alice lambda:GetFunction {FUNCTION} --identity dump.json", "allowed"),
    ("user/bob s3:GetObject arn:aws:s3:::reports/x --identity dump.json", "allowed"),
    (f"{HERE}:user/ops/bob s3:GetObject arn:aws:s3:::reports/x --identity dump.json", "allowed"),
    ("user/alice s3:GetObject arn:aws:s3:::reports/x --identity dump.json", "denied (implicit)"),
    ("role/web s3:GetObject arn:aws:s3:::other/x --identity dump.json", "allowed"),
    ("role/idle s3:GetObject arn:aws:s3:::other/x --identity dump.json", "denied (implicit)"),
    ("arn:aws:sts::111122223333:assumed-role/web/i-1 s3:GetObject arn:aws:s3:::o/x --identity dump.json", "allowed"),
    (f"user/alice sts:AssumeRole {HERE}:role/deploy --identity dump.json", "allowed"),
    (f"user/bob sts:AssumeRole {HERE}:role/deploy --identity dump.json", "denied (implicit)"),
    (f"user/alice sts:AssumeRole {HERE}:role/web --identity dump.json", "denied (implicit)"),
    (f"{HERE}:user/alice sts:AssumeRole {HERE}:role/deploy --trust dump.json", "allowed"),
    (f"ec2.amazonaws.com sts:AssumeRole {HERE}:role/web --trust dump.json", "allowed"),
    (f"user/alice lambda:GetFunction {FUNCTION} --identity dump.json --boundary dump.json", "slip"),
    (f"user/bob lambda:GetFunction {FUNCTION} --identity broken.json", "slip"),
    (f"user/alice lambda:GetFunction {FUNCTION} --identity broken.json", "allowed"),
    (f"role/deploy lambda:GetFunction {FUNCTION} --identity dump.json", "slip"),
    (f"role/nobody lambda:GetFunction {FUNCTION} --identity dump.json", "slip"),
    (f"ec2.amazonaws.com lambda:GetFunction {FUNCTION} --identity dump.json", "slip"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "answer"), ANSWERS)
def test_can(words: str, answer: str, folder: Path, capsys: Capture) -> None:
    """Whoever is listed is asked about with all it has, within its boundary, and a role by its trust policy."""
    code = main(["can", *words.split()])
    captured = capsys.readouterr()

    assert answer == (captured.out.partition(":")[0] or "slip")
    assert {"allowed": 0, "slip": 2}.get(answer, 1) == code


def test_can_within_the_boundary(folder: Path, capsys: Capture) -> None:
    """What the policies grant and the boundary does not is denied, and allowed without the boundary."""
    dump = changed(lambda dump: statement(dump, 1).update(Action="s3:*"))
    (folder / "narrow.json").write_text(json.dumps(dump))
    words = ["can", "user/alice", "lambda:GetFunction", FUNCTION, "--identity"]

    assert (1, 0) == (main([*words, "narrow.json"]), main([*words, "unlimited.json"]))
    assert "no permissions boundary allows" in capsys.readouterr().out


def test_can_says_what_is_missing(folder: Path, capsys: Capture) -> None:
    main(["can", "role/deploy", "s3:ListBucket", "arn:aws:s3:::b", "--identity", "dump.json"])

    assert f"error: `{AUDIT}` of `role/deploy` is not there to read\n" == capsys.readouterr().err.partition(" help")[0]


# new side: (exit code, {title: verdict} without what did not change, what is said on stderr)
DIFFS: dict[str, tuple[int, dict[str, str], str]] = {
    "raw": (0, {}, ""),
    "wider": (1, dict.fromkeys(("user/alice", "user/bob", "role/web", "role/deploy"), "new access"), ""),
    "unlimited": (1, {"user/alice (boundary)": "new access"}, ""),
    "member": (1, {"user/bob": "new access"}, ""),
    "attached": (1, {"role/idle": "new access"}, ""),
    "unread": (2, {}, "error: `arn:aws:iam::aws:policy/AdministratorAccess` of role/idle is not there to read\n"),
    "broken": (2, {}, "error: broken.json:"),
}  # fmt: skip


@pytest.mark.parametrize("new", DIFFS)
def test_diff(new: str, folder: Path, capsys: Capture) -> None:
    """Dumps are compared principal by principal; what cannot be read of one is said, and the others are compared."""
    code, told, said = DIFFS[new]

    assert code == main(["diff", "dump.json", f"{new}.json", "-f", "json"])
    captured = capsys.readouterr()
    found = {each["title"]: each["verdict"] for each in json.loads(captured.out)["changes"]}
    assert told == {title: verdict for title, verdict in found.items() if verdict != "no change"}
    assert captured.err.startswith(said)
    assert bool(said) == bool(captured.err)


ASSERTIONS = [
    ("deny: {action: 'iam:*'}", "dump", 2),
    ("deny: {action: 'iam:*'}", "unaudited", 0),
    ("deny: {action: 'lambda:UpdateFunctionCode'}", "unaudited", 1),
    ("allow: {action: 's3:GetObject', resource: 'arn:aws:s3:::reports/*'}", "unaudited", 0),
    ("deny: {action: 'sqs:SendMessage'}", "unaudited", 1),
]


@pytest.mark.parametrize(("assertion", "name", "code"), ASSERTIONS)
def test_assert(assertion: str, name: str, code: int, folder: Path, capsys: Capture) -> None:
    """What is asserted of a dump is asked of every principal; one of whom not all can be read is exit code 2."""
    dump = changed(lambda dump: dump["RoleDetailList"][1]["AttachedManagedPolicies"].pop())
    (folder / "unaudited.json").write_text(json.dumps(dump))
    (folder / "a.yaml").write_text(f"policies: {name}.json\nassertions:\n- {assertion}\n")

    assert code == main(["assert", "a.yaml"])
    assert ("may call" in capsys.readouterr().out) == (code == 1)


def test_check(folder: Path, capsys: Capture) -> None:
    """A dump's policies are counted once each; the same dump raw gives the same findings."""
    told = []
    for name in ("dump", "raw"):
        main(["check", f"{name}.json", "-f", "json", "--no-parliament"])
        found = json.loads(capsys.readouterr().out)
        assert 11 == found["policies"]
        told.append([(each["code"], each["policy"]["address"], each["pointer"]) for each in found["findings"]])

    assert sorted(told[0]) == sorted(told[1])


def test_check_of_principals_without_policies(folder: Path, capsys: Capture) -> None:
    code = main(["check", "users.json"])
    captured = capsys.readouterr()

    assert (0, "") == (code, captured.err)
    assert captured.out.startswith("No problems in 0 policies")
