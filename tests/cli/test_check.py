"""`iamlint check`: exit codes, bad input, choices, both doors, formats."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from iamlint.cli.app import call
from iamlint.cli.main import main

ROOT = Path(__file__).parent.parent.parent
GOOD = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}'
TYPO = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObjekt","Resource":"*"}]}'


def feed(monkeypatch: pytest.MonkeyPatch, data: bytes | str) -> None:
    """Put something on stdin."""
    body = data.encode() if isinstance(data, str) else data
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(body)))


def test_typo_on_stdin(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt action is pointed at, and the right one offered."""
    feed(monkeypatch, TYPO)
    code = main(["check", "-"])
    out = capsys.readouterr().out
    column = TYPO.index('"s3:GetObjekt"') + 1

    assert code == 1
    assert "IAM101" in out
    assert f"<stdin>:1:{column}" in out
    assert "`s3:GetObject`" in out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 1),
        (["--exit-zero"], 0),
        (["--ignore", "IAM1"], 0),
        (["--ignore", "unknown-action"], 0),
        (["--select", "IAM2,IAM3"], 0),
        (["--select", "names"], 1),
        (["--select", "ALL", "--ignore", "names", "--ignore", "IAM8,IAM9"], 0),
        (["--fail-on", "critical"], 0),
        (["--min-severity", "critical"], 0),
        (["--select", "IAM777777"], 2),
        (["--select", "unknown-actoin"], 2),
        (["--format", "xml"], 2),
        (["--fail-on", "terrible"], 2),
        (["--no-such-option"], 2),
        (["--select"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_exit_code(
    arguments: list[str], code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 clean, 1 findings that count, 2 a slip in the command line; never a traceback."""
    feed(monkeypatch, TYPO)
    done = main(["check", "-", "--no-parliament", *arguments])
    captured = capsys.readouterr()

    assert (done, "Traceback" in captured.err) == (code, False)
    assert (code == 2) == captured.err.startswith("error: ")


def test_slip_gets_advice(capsys: pytest.CaptureFixture[str]) -> None:
    """A slip is answered with what was likely meant."""
    main(["check", "--select", "unknown-actoin"])

    assert capsys.readouterr().err == "error: no rule matches `unknown-actoin`\n help: did you mean `unknown-action`?\n"


BAD_INPUT: dict[str, tuple[bytes, int]] = {
    "empty.json": (b"", 0),
    "blank.json": (b"  \n\n", 0),
    "binary.json": (bytes(range(256)) * 64, 0),
    "null-bytes.json": (b"\0" * 100 + TYPO.encode(), 0),
    "number.json": (b"42", 0),
    "list.json": (b'["Statement", "Effect"]', 0),
    "text.json": (b'"Statement Effect"', 0),
    "package.json": (b'{"name": "x", "dependencies": {}}', 0),
    "waf.json": (b'{"Statement": {"ByteMatchStatement": {}}, "Effect": 1}', 0),
    "latin1.json": (TYPO.replace("GetObjekt", "GetObjékt").encode("latin-1"), 1),
    "comma.json": (GOOD.replace(',"Resource"', '"Resource"').encode(), 1),
    "open.json": (GOOD[:-2].encode(), 1),
    "quotes.json": (GOOD.replace('"', "'").encode(), 1),
    "deep.json": (b'{"Statement":' + b"[" * 10_000 + b'"Effect"' + b"]" * 10_000 + b"}", 0),
    "deep-below.json": (GOOD[:-1].encode() + b',"Id":' + b"[" * 10_000 + b"]" * 10_000 + b"}", 1),
    "bom.json": (b"\xef\xbb\xbf" + GOOD.encode(), 0),
    "utf16.json": (GOOD.encode("utf-16"), 0),
    "tabs.yaml": (b"Statement:\n\t- Effect: Allow\n", 1),
    "notes.yaml": (b"a: [1, 2\nb: c", 0),
    "percent.txt": (quote(TYPO).encode(), 1),
    "bomb.yaml": (
        b"a: &a [x, x, x, x, x, x, x, x, x]\n"
        + b"".join(b"%c: &%c [%s]\n" % (n + 1, n + 1, b", ".join([b"*%c" % n] * 9)) for n in b"abcdef")
        + b"Statement:\n- Effect: Allow\n  Action: s3:GetObjekt\n",
        1,
    ),
}


@pytest.mark.parametrize("name", BAD_INPUT)
def test_bad_input(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever a file holds, it is answered with a finding, a note, or silence; never with a traceback."""
    data, code = BAD_INPUT[name]
    (tmp_path / name).write_bytes(data)
    done = main(["check", "--no-parliament", str(tmp_path / name)])
    captured = capsys.readouterr()

    assert (done, "Traceback" in captured.err, "crash" in captured.err) == (code, False, False)
    assert ("IAM001" in captured.out) == (code == 1)


def test_one_bad_file_hides_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong with one file is said beside the findings of the others."""
    (tmp_path / "a.json").write_text(GOOD[:-1])
    (tmp_path / "b.json").write_text(TYPO)
    (tmp_path / "c.json").write_bytes(b"\xff\xfe\x00")
    code = main(["check", "--no-parliament", "-f", "concise", str(tmp_path)])
    out = capsys.readouterr().out

    assert code == 1
    assert "a.json" in out
    assert "b.json" in out


def test_missing_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A path that does not exist is a slip, with the nearest name as advice."""
    (tmp_path / "policy.json").write_text(GOOD)
    code = main(["check", str(tmp_path / "polcy.json")])

    assert code == 2
    assert "policy.json" in capsys.readouterr().err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that may not be read is exit code 2, and the others are still linted."""
    (tmp_path / "a.json").write_text(TYPO)
    (tmp_path / "b.json").write_text(GOOD)
    (tmp_path / "b.json").chmod(0)
    code = main(["check", "--no-parliament", str(tmp_path)])
    captured = capsys.readouterr()

    assert code == 2
    assert "a.json" in captured.out
    assert "b.json" in captured.err


def test_folder_without_policies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder without policies is clean, with a note."""
    (tmp_path / "package.json").write_text("{}")
    code = main(["check", str(tmp_path)])

    assert code == 0
    assert capsys.readouterr().err.startswith("note: ")


def test_big_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Fifty megabytes that hold no policy are passed over; the policy beside them is linted."""
    (tmp_path / "big.json").write_bytes(b'{"Statement": "' + b"x" * 50_000_000 + b'"}')
    (tmp_path / "small.json").write_text(GOOD)
    code = main(["check", "--no-parliament", str(tmp_path)])

    assert code == 0
    assert "No problems in 1 policy." in capsys.readouterr().out


def test_closed_pipe() -> None:
    """A reader that goes away ends the run quietly."""
    command = f"{sys.executable} -m iamlint.cli.main check examples | head -1"
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


CASES = [
    ["examples"],
    ["examples", "-f", "concise"],
    ["examples", "-f", "json"],
    ["examples", "--statistics", "-q"],
    ["examples/reader-wrong", "--color", "always"],
    ["examples/more", "--select=IAM0,IAM5", "--pedantic"],
    ["--trust", "examples/reader-right/trust-policy.json", "--permissions", "examples/reader-right/permissions.json"],
]


@pytest.mark.parametrize("arguments", CASES, ids=" ".join)
def test_both_doors(arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The fast door and Typer's give the same, to the byte."""
    monkeypatch.chdir(ROOT)
    fast = main(["check", "--no-parliament", *arguments]), capsys.readouterr()
    slow = call(["check", "--no-parliament", *arguments]), capsys.readouterr()

    assert fast == slow


def test_batch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One case a line in, one line of findings out, in order; a broken line is named and the rest is done."""
    cases = tmp_path / "cases.jsonl"
    lines = [
        json.dumps({"id": "typo", "policy": json.loads(TYPO), "policy_type": "identity"}),
        "{",
        json.dumps({"id": "clean", "policy": json.loads(GOOD), "policy_type": "IDENTITY_POLICY"}),
        json.dumps({"id": "text", "policy": TYPO}),
    ]
    cases.write_text("\n".join(lines))
    code = main(["check", "--no-parliament", "--batch", str(cases), "-f", "json"])
    captured = capsys.readouterr()
    answers = [json.loads(line) for line in captured.out.splitlines()]

    assert code == 2
    assert f"{cases}:2" in captured.err
    assert [(a["id"], [f["code"] for f in a["findings"]]) for a in answers] == [
        ("typo", ["IAM101"]),
        ("clean", []),
        ("text", ["IAM101"]),
    ]


def test_batch_takes_the_kind_from_the_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A case that does not say what it is, is what `--policy-type` says; one that does keeps its own."""
    cases = tmp_path / "cases.jsonl"
    policy = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"},
    }
    cases.write_text("\n".join(json.dumps({"policy": policy, **more}) for more in ({}, {"policy_type": "identity"})))
    main(["check", "--no-parliament", "--policy-type", "scp", "--batch", str(cases)])
    types = [
        {finding["policy"]["type"] for finding in json.loads(line)["findings"]}
        for line in capsys.readouterr().out.splitlines()
    ]

    assert types[1] == {"identity"}
    assert types[0] <= {"scp"}


def test_output_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`-o` writes the file whole, or says why it cannot."""
    (tmp_path / "p.json").write_text(TYPO)
    out = tmp_path / "report.json"
    assert main(["check", "--no-parliament", str(tmp_path / "p.json"), "-f", "json", "-o", str(out)]) == 1
    assert json.loads(out.read_text())["findings"][0]["code"] == "IAM101"

    code = main(["check", "--no-parliament", str(tmp_path / "p.json"), "-o", str(tmp_path / "no" / "report")])

    assert code == 2
    assert "cannot be written" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.json", "report.json"]
