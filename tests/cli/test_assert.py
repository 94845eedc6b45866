"""`iamlint assert`: what holds, what breaks it, what an assertion can say, slips with their places."""

import json
from pathlib import Path
from typing import Any

import pytest

from iamlint.cli.app import call
from iamlint.cli.main import main

Capture = pytest.CaptureFixture[str]

READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}
ALL = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
BUCKET = {**READ, "Principal": {"AWS": ["123456789012", "arn:aws:iam::444455556666:role/partner"]}}
REGIONS = {
    "Effect": "Deny",
    "Action": "ec2:*",
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-central-1"}},
}
TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with policies, in which we stand."""
    files: dict[str, list[dict[str, Any]]] = {
        "reader.json": [READ],
        "admin.json": [ALL],
        "bucket.json": [BUCKET],
        "public.json": [{**READ, "Principal": "*"}],
        "scp/regions.json": [REGIONS],
        "scp/no-delete.json": [{"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}],
        "role/trust.json": [TRUST],
        "role/all.json": [ALL],
        "role/deny.json": [{"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"}],
        "bounded/trust.json": [TRUST],
        "bounded/all.json": [ALL],
        "bounded/boundary.json": [READ],
        "mixed/reader.json": [READ],
        "mixed/scp.json": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
        "empty/note.json": [],
    }
    for name, statements in files.items():
        path = tmp_path / "policies" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2))
    (tmp_path / "policies" / "empty" / "note.json").write_text("{}")
    (tmp_path / "policies" / "broken.json").write_text('{"Version": "2012-10-17", "Statement": [}')
    monkeypatch.chdir(tmp_path)
    return tmp_path


PARTNER = "arn:aws:iam::444455556666:role/partner"
FRANKFURT = "StringEquals: {aws:RequestedRegion: eu-central-1}"
REPORTS = "resource: 'arn:aws:s3:::reports/*'"
CASES: list[tuple[str, str, bool]] = [
    ("reader.json", "deny: {action: s3:DeleteBucket, resource: 'arn:aws:s3:::prod-*'}", True),
    ("admin.json", "deny: {action: s3:DeleteBucket, resource: 'arn:aws:s3:::prod-*'}", False),
    ("admin.json", "deny: {action: s3:DeleteBucket, unless: {resource: '*'}}", True),
    ("admin.json", "deny: {action: 's3:*', unless: {action: [s3:Get*, s3:List*]}}", False),
    ("reader.json", "deny: {action: 's3:*', unless: {action: [s3:Get*, s3:List*]}}", True),
    ("role", "deny: {action: s3:DeleteBucket}", True),
    ("role", "allow: {action: s3:GetObject, resource: 'arn:aws:s3:::b/*'}", True),
    ("role", "deny: {action: sts:AssumeRole, unless: {principal: ec2.amazonaws.com}}", True),
    ("role", "deny: {action: sts:AssumeRole}", False),
    ("reader.json", f"allow: {{action: s3:GetObject, {REPORTS}}}", True),
    ("reader.json", f"allow: {{action: [s3:GetObject, s3:PutObject], {REPORTS}}}", False),
    ("reader.json", "allow: {action: s3:GetObject, resource: '*'}", False),
    ("bucket.json", f"deny: {{action: s3:GetObject, {REPORTS}, unless: {{account: '123456789012'}}}}", False),
    ("bucket.json", "deny: {action: s3:*, unless: [{account: '123456789012'}, {account: '444455556666'}]}", True),
    ("bucket.json", "deny: {action: s3:*, unless: {account: ['123456789012', 444455556666]}}", True),
    ("bucket.json", f"allow: {{action: s3:GetObject, {REPORTS}, principal: '{PARTNER}'}}", True),
    ("bucket.json", f"allow: {{action: s3:GetObject, {REPORTS}, principal: '{PARTNER}2'}}", False),
    ("bucket.json", "deny: {action: s3:GetObject, principal: 'arn:aws:iam::444455556666:role/p*'}", False),
    ("bucket.json", "deny: {action: s3:GetObject, principal: 'arn:aws:iam::444455556666:role/q*'}", True),
    ("public.json", "deny: {action: s3:GetObject, unless: {org: o-a1b2c3d4e5}}", False),
    ("reader.json", f"deny: {{action: s3:GetObject, {REPORTS}, unless: {{account: '123456789012'}}}}", True),
    ("bounded", "deny: {action: s3:DeleteBucket}", True),
    ("bounded", "deny: {action: s3:GetObject}", False),
    ("bounded", f"allow: {{action: s3:GetObject, {REPORTS}}}", True),
    ("bounded", "allow: {action: s3:GetObject, resource: '*'}", False),
    ("mixed", "deny: {action: s3:DeleteBucket}", True),
    ("scp", "deny: {action: s3:DeleteBucket}", True),
    ("scp", "deny: {action: s3:DeleteObject}", False),
    ("scp", "deny: {action: ec2:RunInstances, condition: {StringEquals: {aws:RequestedRegion: us-east-1}}}", True),
    ("scp", f"deny: {{action: ec2:RunInstances, condition: {{{FRANKFURT}}}}}", False),
    ("scp", f"deny: {{action: ec2:RunInstances, unless: {{condition: {{{FRANKFURT}}}}}}}", True),
]  # fmt: skip


@pytest.mark.parametrize(("policies", "said", "holds"), CASES, ids=[f"{p} {s}" for p, s, _ in CASES])
def test_assertion(policies: str, said: str, holds: bool, folder: Path, capsys: Capture) -> None:
    """An assertion holds, or a request shows that it does not."""
    (folder / "a.yaml").write_text(f"policies: policies/{policies}\nassertions:\n- {said}\n")
    code = main(["assert", "a.yaml", "-f", "json"])
    (judged,) = json.loads(capsys.readouterr().out)["assertions"]

    assert (judged["holds"], code) == (holds, 0 if holds else 1)
    assert all(breach["witness"] for breach in judged["breaches"])


def test_full(folder: Path, capsys: Capture) -> None:
    """A broken assertion is shown with its line, the request, and the statement that grants it."""
    (folder / "a.yaml").write_text(
        "policies: [policies/reader.json, policies/admin.json]\n"
        "assertions:\n"
        "  - name: nobody deletes production buckets\n"
        "    deny: {action: s3:DeleteBucket, resource: 'arn:aws:s3:::prod-*'}\n"
        "  - name: the reader can read\n"
        "    policies: policies/reader.json\n"
        f"    allow: {{action: s3:GetObject, {REPORTS}}}\n"
    )
    code = main(["assert", "a.yaml"])
    lines = capsys.readouterr().out.splitlines()

    assert code == 1
    assert lines[:2] == ["broken: nobody deletes production buckets", " --> a.yaml:3:11"]
    assert "may call `s3:DeleteBucket` on `arn:aws:s3:::prod-" in lines[2]
    assert lines[3] == " --> policies/admin.json:6:17"
    assert "  |                 ^^^^^^ this grants it" in lines
    assert "holds: the reader can read" in lines
    assert lines[-1].startswith("Checked 2 assertions: 1 broken, 1 holds. Catalogue of ")


def test_paths_are_from_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Policies are looked for beside the assertions; `--policies` is from here, and instead of them."""
    (folder / "a.json").write_text(
        json.dumps({"policies": "policies/admin.json", "assertions": [{"deny": {"action": "s3:DeleteBucket"}}]})
    )
    (folder / "sub").mkdir()
    monkeypatch.chdir(folder / "sub")

    assert main(["assert", "../a.json"]) == 1
    assert main(["assert", "../a.json", "--policies", "../policies/reader.json"]) == 0


SLIPS = [
    ("a: [1", "a.yaml:1:6: a `,` or `]` is missing"),
    ("[1]", "a.yaml:1:1: an assertion file must be a mapping with `policies`, `assertions`"),
    ("assertion: []", "a.yaml:1:1: `assertion` is not known in an assertion file"),
    ("assertions: []", "a.yaml:1:13: `assertions` must be a list of assertions"),
    ("assertions:\n- deny: {action: s3:GetObject}", "a.yaml:2:3: no policies are named for this assertion"),
    ("policies: p\nassertions:\n- name: x", "a.yaml:3:3: an assertion has either `deny` or `allow`"),
    ("policies: p\nassertions:\n- deny: {acton: s3:GetObject}", "a.yaml:3:10: `acton` is not known in `deny`"),
    ("policies: p\nassertions:\n- deny: {action: s3:GetObjekt}", "a.yaml:3:18: AWS has no action `s3:GetObjekt`"),
    ("policies: p\nassertions:\n- deny: {action: [s3:Get*, s3:Gte*]}", "a.yaml:3:28: AWS has no action `s3:Gte*`"),
    ("policies: p\nassertions:\n- deny: {resource: reports}", "a.yaml:3:20: `reports` is no ARN"),
    ("policies: p\nassertions:\n- deny: {}", "a.yaml:3:9: nothing is said of which requests are meant"),
    ("policies: p\nassertions:\n- deny: {unless: {account: 12}}", "a.yaml:3:28: `12` is no account"),
    ("policies: p\nassertions:\n- deny: {unless: {unless: 1}}", "a.yaml:3:19: `unless` is not known in `unless`"),
    ("policies: p\nassertions:\n- deny: {condition: {Is: {a:b: c}}}", "a.yaml:3:26: `Is` is no condition operator"),
    ("policies: p\nassertions:\n- deny: {condition: x}", "a.yaml:3:21: `condition` must be a block as in policies"),
    ("policies: p\nassertions:\n- deny: {action: s3:GetObject}", "`p` does not exist"),
    ("policies: policies/empty\nassertions:\n- deny: {action: s3:GetObject}", "there is no policy in `policies/empty`"),
    ("policies: policies/broken.json\nassertions:\n- deny: {action: s3:GetObject}", "policies/broken.json:1:41: "),
]


@pytest.mark.parametrize(("text", "said"), SLIPS, ids=[said for _, said in SLIPS])
def test_slip(text: str, said: str, folder: Path, capsys: Capture) -> None:
    """A slip is exit code 2 with file, line and column; an assertion that would hold of nothing is one too."""
    (folder / "a.yaml").write_text(f"{text}\n")
    code = main(["assert", "a.yaml"])
    captured = capsys.readouterr()

    assert (code, "Traceback" in captured.err) == (2, False)
    assert captured.err.startswith(f"error: {said}") or said in captured.err


def test_slip_hides_nothing(folder: Path, capsys: Capture) -> None:
    """What is wrong with one file or one assertion does not keep the others from being judged."""
    (folder / "a.yaml").write_text("nonsense: 1\n")
    (folder / "b.yaml").write_text(
        "policies: policies/reader.json\nassertions:\n"
        "- {policies: nope, deny: {action: s3:GetObject}}\n"
        "- {name: last, deny: {action: s3:GetObject}}\n"
    )
    code = main(["assert", "a.yaml", "gone.yaml", "b.yaml"])
    captured = capsys.readouterr()

    assert code == 2
    assert captured.err.count("error: ") == 3
    assert "broken: last" in captured.out


def test_bad_policy_hides_nothing(folder: Path, capsys: Capture) -> None:
    """A policy that cannot be read is exit code 2, and the others are still judged."""
    (folder / "a.yaml").write_text(
        "policies: policies\nassertions:\n- deny: {action: s3:DeleteBucket, resource: '*'}\n"
    )
    code = main(["assert", "a.yaml"])
    captured = capsys.readouterr()

    assert code == 2
    assert "policies/broken.json:1:41: " in captured.err
    assert "broken: deny #1" in captured.out


def test_both_doors(folder: Path, capsys: Capture) -> None:
    """The fast door and Typer's give the same, to the byte."""
    (folder / "a.yaml").write_text("policies: policies/admin.json\nassertions:\n- deny: {action: s3:DeleteBucket}\n")
    fast = main(["assert", "a.yaml"]), capsys.readouterr()
    slow = call(["assert", "a.yaml"]), capsys.readouterr()

    assert fast == slow
    assert fast[0] == 1
    assert main(["assert"]) == 2
