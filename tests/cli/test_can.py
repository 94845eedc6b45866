"""`iamlint can`: which statement decides, whose policies count, what a request is, batches, slips."""

import json
from pathlib import Path
from typing import Any

import pytest

from iamlint.cli.app import call
from iamlint.cli.main import main

Capture = pytest.CaptureFixture[str]

READER = "arn:aws:iam::111122223333:role/reader"
OBJECT = "arn:aws:s3:::reports/x"
READ = {"Sid": "Read", "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::reports/*"}
ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
TLS = {
    "Sid": "Tls",
    "Effect": "Deny",
    "Action": "s3:*",
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the cases name, in which we stand."""
    files: dict[str, Any] = {
        "read.json": policy(READ),
        "all.json": policy(ALL),
        "tls.json": policy(READ, TLS),
        "regions.json": policy(ALL, {**ALL, "Effect": "Deny", "Action": "ec2:*"}),
        "bucket.json": policy({**READ, "Principal": {"AWS": READER}}),
        "trust.json": policy(TRUST),
        "role/trust.json": policy(TRUST),
        "role/read.json": policy(READ),
        "account.json": {
            "RoleDetailList": [
                {"RoleName": name, "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": policy(statement)}]}
                for name, statement in (("reader", READ), ("admin", ALL))
            ]
        },
        "version.json": {"PolicyVersion": {"Document": policy(READ), "VersionId": "v1", "IsDefaultVersion": True}},
        "package.json": {"name": "x"},
    }
    for name, value in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(json.dumps(value, indent=2))
    (tmp_path / "read.yaml").write_text(
        "Version: '2012-10-17'\nStatement:\n- Effect: Allow\n  Action: s3:*\n  Resource: '*'\n"
    )
    (tmp_path / "broken.json").write_text('{"Version": "2012-10-17",\n "Statement": [{]}')
    monkeypatch.chdir(tmp_path)
    return tmp_path


ANSWERS: list[tuple[str, str]] = [
    (f"{READER} s3:GetObject {OBJECT} --identity read.json", "allowed"),
    (f"{READER} s3:GetObject {OBJECT} --identity read.yaml", "allowed"),
    (f"{READER} s3:GetObject {OBJECT} --identity role", "allowed"),
    (f"{READER} s3:PutObject {OBJECT} --identity role", "denied (implicit)"),
    (f"{READER} s3:GetObject {OBJECT} --identity account.json", "allowed"),
    (f"{READER} s3:PutObject {OBJECT} --identity account.json", "denied (implicit)"),
    (f"{READER.replace('reader', 'admin')} s3:PutObject {OBJECT} --identity account.json", "allowed"),
    (f"{READER} s3:PutObject {OBJECT} --identity read.json --identity all.json", "allowed"),
    (f"{READER} s3:GetObject {OBJECT} --identity tls.json", "allowed"),
    (f"{READER} s3:GetObject {OBJECT} --identity tls.json --context aws:SecureTransport=false", "denied (explicit)"),
    (f"{READER} s3:GetObject {OBJECT} --identity all.json --boundary version.json", "allowed"),
    (f"{READER} s3:PutObject {OBJECT} --identity all.json --boundary version.json", "denied (implicit)"),
    (f"{READER} s3:PutObject {OBJECT} --identity all.json --session read.json", "denied (implicit)"),
    (f"{READER} ec2:RunInstances * --identity all.json --scp root=all.json --scp ou=regions.json", "denied (explicit)"),
    (f"{READER} s3:PutObject {OBJECT} --identity all.json --scp all.json --scp ou=read.json", "denied (implicit)"),
    (f"{READER} s3:PutObject {OBJECT} --identity all.json --scp a=all.json --scp a=read.json", "allowed"),
    (f"{READER} s3:GetObject {OBJECT} --resource-policy bucket.json", "allowed"),
    (
        f"{READER} s3:GetObject {OBJECT} --resource-policy bucket.json --resource-account 444455556666",
        "denied (implicit)",
    ),
    (f"ec2.amazonaws.com sts:AssumeRole {READER} --trust trust.json", "allowed"),
    (f"lambda.amazonaws.com sts:AssumeRole {READER} --trust trust.json", "denied (implicit)"),
    (f"anonymous s3:GetObject {OBJECT} --resource-policy bucket.json", "denied (implicit)"),
    (f"{READER} s3:ListAllMyBuckets --identity all.json", "allowed"),
    (f"{READER} s3:GetObjekt {OBJECT} --identity read.json", "allowed"),
]


@pytest.mark.parametrize(("words", "answer"), ANSWERS)
def test_answer(words: str, answer: str, folder: Path, capsys: Capture) -> None:
    """The answer is the first word, and the exit code."""
    code = main(["can", *words.split()])
    out = capsys.readouterr().out

    assert out.partition(": ")[0] == answer
    assert code == (0 if answer == "allowed" else 1)


def test_full(folder: Path, capsys: Capture) -> None:
    """What decides is underlined in its file; what nearly does is underlined where it fails, with the reason."""
    main(["can", READER, "s3:GetObject", "arn:aws:s3:::other/x", "--identity", "read.json"])

    assert capsys.readouterr().out.splitlines()[:6] == [
        f"denied (implicit): `{READER}` may not call `s3:GetObject` on `arn:aws:s3:::other/x`",
        "  = identity: no identity policy allows `s3:GetObject` on `arn:aws:s3:::other/x`",
        " --> read.json:8:19",
        "  |",
        '8 |       "Resource": "arn:aws:s3:::reports/*"',
        "  |                   ^^^^^^^^^^^^^^^^^^^^^^^^ `arn:aws:s3:::other/x` is not `arn:aws:s3:::reports/*`",
    ]


def test_denial_is_underlined(folder: Path, capsys: Capture) -> None:
    """An explicit Deny is shown, and the circumstances in the policy's spelling."""
    words = ["--identity", "tls.json", "--context", "AWS:securetransport=false"]
    main(["can", READER, "s3:GetObject", OBJECT, *words])
    out = capsys.readouterr().out

    assert "when `aws:SecureTransport` is `false`" in out
    assert "^^^^^^ identity: denies `s3:GetObject`" in out


def test_json(folder: Path, capsys: Capture) -> None:
    """The JSON has the request, the decision, the statements and where they stand."""
    main(["can", READER, "s3:GetObject", OBJECT, "--identity", "read.json", "--context", "aws:TagKeys=a", "-f", "json",
          "--context", "aws:TagKeys=b"])  # fmt: skip
    answer = json.loads(capsys.readouterr().out)

    assert (answer["version"], answer["decision"]) == (1, "ALLOW")
    assert answer["request"]["context"] == {"aws:TagKeys": ["a", "b"]}
    assert [(b["file"], b["sid"], b["start"]["line"]) for b in answer["because"]] == [("read.json", "Read", 4)]


NOTES = [
    ("s3:GetObjekt", "AWS has no action `s3:GetObjekt`; did you mean `s3:GetObject`?"),
    ("s3:HeadObject", "`s3:HeadObject` is an API operation and no action: it needs `s3:GetObject`"),
]


@pytest.mark.parametrize(("action", "said"), NOTES)
def test_unknown_action(action: str, said: str, folder: Path, capsys: Capture) -> None:
    """An action that AWS does not know is answered, with a note on stderr."""
    main(["can", READER, action, OBJECT, "--identity", "all.json"])
    captured = capsys.readouterr()

    assert captured.out.startswith("allowed: ")
    assert captured.err == f"note: {said}\n"


SLIPS = [
    ("", "`can` takes three: WHO, ACTION and RESOURCE"),
    (f"{READER} s3:GetObject", "`s3:GetObject` works on a resource, and none is named"),
    (f"{READER} s3:GetObject {OBJECT}", "there is no policy to decide by"),
    (f"bob s3:GetObject {OBJECT} --identity read.json", "`bob` is no caller"),
    (f"{READER} GetObject {OBJECT} --identity read.json", "`GetObject` is no action: it has no service"),
    (f"{READER} s3:GetObject reports --identity read.json", "`reports` is no ARN"),
    (f"{READER} s3:GetObject {OBJECT} --identity raed.json", "did you mean `read.json`?"),
    (f"{READER} s3:GetObject {OBJECT} --identity broken.json", "broken.json:2:17: "),
    (f"{READER} s3:GetObject {OBJECT} --identity trust.json", "`trust.json` holds no identity policy"),
    (f"{READER} s3:GetObject {OBJECT} --identity package.json", "`package.json` holds no identity policy"),
    (f"{READER}x s3:GetObject {OBJECT} --identity account.json", "`account.json` holds no policy of `role/readerx`"),
    (f"{READER} s3:GetObject {OBJECT} --identity read.json --context x", "`--context` cannot be `x`"),
    (f"{READER} s3:GetObject {OBJECT} --resource-policy bucket.json --trust trust.json", "2 policies are given"),
    (f"{READER} s3:GetObject {OBJECT} --identity read.json --scp prod=nope.json", "`nope.json` does not exist"),
    (f"{READER} s3:GetObject {OBJECT} --batch x", "`--batch` decides its own lines"),
    ("--batch nope.jsonl", "`nope.jsonl` cannot be read"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "said"), SLIPS)
def test_slip(words: str, said: str, folder: Path, capsys: Capture) -> None:
    """What cannot be decided is exit code 2 and a sentence, never a traceback."""
    code = main(["can", *words.split()])
    captured = capsys.readouterr()

    assert (code, captured.out) == (2, "")
    assert captured.err.startswith("error: ")
    assert said in captured.err


@pytest.mark.parametrize("form", ["full", "json"])
def test_both_doors(form: str, folder: Path, capsys: Capture) -> None:
    """The fast door and Typer's give the same, to the byte."""
    words = ["can", READER, "s3:PutObject", OBJECT, "--identity", "role", "--scp", "a=all.json", "-f", form]
    fast = main(words), capsys.readouterr()
    slow = call(words), capsys.readouterr()

    assert fast == slow
    assert fast[0] == 1


def test_batch(tmp_path: Path, capsys: Capture) -> None:
    """One case a line in, one decision a line out, in order; a line that is none is named, and the rest is done."""
    request = {"action": "s3:GetObject", "resource": OBJECT, "principal": READER}
    plain = {"aws:SecureTransport": False}
    rows: list[Any] = [
        {"id": "yes", "request": request, "identity_policies": [policy(READ)]},
        {"id": "no", "request": request, "identity_policies": []},
        {"id": "never", "request": {**request, "context": plain}, "identity_policies": [policy(TLS)]},
        {"id": "bad", "request": {"action": "s3:GetObject"}},
        ["worse"],
    ]  # fmt: skip
    cases = tmp_path / "cases.jsonl"
    cases.write_text("\n".join(json.dumps(row) for row in rows) + "\n{\n")
    code = main(["can", "--batch", str(cases), "-f", "json"])
    captured = capsys.readouterr()
    answers = [json.loads(line) for line in captured.out.splitlines()]

    assert code == 2
    assert [(answer["id"], answer["decision"]) for answer in answers] == [
        ("yes", "ALLOW"),
        ("no", "IMPLICIT_DENY"),
        ("never", "EXPLICIT_DENY"),
    ]
    assert [line.split(":")[2] for line in captured.err.splitlines()] == ["4", "5", "6"]
