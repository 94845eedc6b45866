"""What becomes of the exit code and of stderr when the streams, the files or iamlint itself are broken."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from iamlint.cli import check
from iamlint.cli.main import main

ROOT = Path(__file__).parent.parent.parent
POLICY = ROOT / "examples" / "reader-wrong" / "permissions.json"
IAMLINT = f"{sys.executable} -m iamlint.cli.main"
CHECK = f"{IAMLINT} check --no-parliament {POLICY}"
SUGGEST = f"{IAMLINT} suggest --actions s3:ListAllMyBuckets"

STREAMS = [
    (f"{CHECK} 2>&-", 1, ""),
    (f"{CHECK} 2>/dev/full", 1, ""),
    (f"{CHECK} no-such-file 2>&-", 2, ""),
    (f"{CHECK} >&-", 2, "error: stdout is closed"),
    (f"{CHECK} >/dev/full", 2, "error: stdout cannot be written: no space left on device"),
    (f"{CHECK} -o /dev/full", 2, "error: `/dev/full` cannot be written: no space left on device"),
    (f"{CHECK} -o /dev/null", 1, ""),
    (f"{CHECK} -f concise -o /dev/stdout | grep -q IAM101", 0, ""),
    (f"{CHECK} -o /dev", 2, "error: `/dev` cannot be written: is a directory"),
    (f"{SUGGEST} -q >&-", 2, "error: stdout is closed"),
    (f"{SUGGEST} -q >/dev/full", 2, "error: stdout cannot be written"),
    (f"{SUGGEST} -q --out-dir ''", 2, "error: `--out-dir` names no folder"),
    (f"{SUGGEST} -q --out-dir {POLICY}", 2, f"error: `{POLICY}` cannot be written to"),
    (f"{IAMLINT} --help >/dev/full", 2, "error: no space is left where stdout goes"),
    (f"{IAMLINT} check - <&-", 2, "error: stdin is closed"),
    (f"{IAMLINT} check --batch - <&-", 2, "error: stdin is closed"),
    (f"{IAMLINT} check /dev/zero", 2, "error: `/dev/zero` cannot be read: a pipe, socket or device"),
    (f"{IAMLINT} diff --batch - <&-", 2, "error: stdin is closed"),
    (f"{IAMLINT} can --batch - <&-", 2, "error: stdin is closed"),
    (f"{IAMLINT} diff - {POLICY} <&-", 2, "error: stdin is closed"),
    (f"{IAMLINT} diff /dev/null {POLICY} >/dev/full", 2, "error: stdout cannot be written"),
    (f"{IAMLINT} diff /dev/null {POLICY} -q | true", 0, ""),
    (f"{IAMLINT} check --batch x.jsonl {POLICY}", 2, "error: `--batch` checks its own lines and no files"),
    (f"{IAMLINT} check --trust /dev/null", 2, "error: `/dev/null` cannot be read"),
    (f"{IAMLINT} check --trust ''", 2, "error: `` cannot be read"),
    (f"{IAMLINT} rules new breadth x --pack {POLICY}", 2, f"error: `{POLICY}/breadth/x.py` cannot be written"),
    (f"{IAMLINT} rules new breadth x --pack /dev/null", 2, "error: `/dev/null/breadth/x.py` cannot be written"),
    (f"{IAMLINT} rules new breadth class --pack /dev/null", 2, "error: `class` cannot be a rule's name"),
    (f"({CHECK}; echo $? >&2) | true", 0, "1"),
    (f"({IAMLINT} --help; echo $? >&2) | true", 0, "0"),
    (f"({IAMLINT} rules; echo $? >&2) | true", 0, "0"),
]


@pytest.mark.parametrize(("command", "code", "said"), STREAMS, ids=[row[0].replace(IAMLINT, "") for row in STREAMS])
def test_broken_streams(command: str, code: int, said: str) -> None:
    """The exit code stays what it is, and what is wrong is said in one line."""
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr.splitlines()[:1]) == (code, [done.stderr.splitlines()[0]] if said else [])
    assert done.stderr.startswith(said)
    assert "Traceback" not in done.stderr
    assert Path("/dev/null").is_char_device()


def test_output_through_a_link(tmp_path: Path) -> None:
    """`-o` on a link writes the file it names; the link stays."""
    link, target = tmp_path / "link", tmp_path / "target"
    link.symlink_to(target)
    main(["check", "--no-parliament", str(POLICY), "-f", "concise", "-o", str(link)])

    assert link.is_symlink()
    assert "IAM101" in target.read_text()


BATCH: list[tuple[bytes, str]] = [
    (b'{"id":"x","policy":null}', "a line is an object"),
    (b'{"id":"x","policy":3}', "a line is an object"),
    (b'{"id":"\xff","policy":{}}', "the line is not UTF-8"),
    (b'{"id":"x","policy":{},"policy_type":["identity"]}', "`policy_type` is one of"),
    (b'{"id":"x","policy":' + b"[" * 100_000, "the line is no JSON"),
]


@pytest.mark.parametrize(("line", "said"), BATCH)
def test_broken_batch_line(line: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line that is no case is named; those after it are still checked, and `-o` is heeded."""
    cases, out = tmp_path / "cases.jsonl", tmp_path / "out.jsonl"
    cases.write_bytes(line + b'\n{"id":"y","policy":{}}\n')
    code = main(["check", "--no-parliament", "--batch", str(cases), "-o", str(out)])

    assert code == 2
    assert capsys.readouterr().err.startswith(f"error: {cases}:1: {said}")
    assert out.read_text().startswith('{"id": "y"')


@pytest.mark.parametrize(("words", "shown"), [([], False), (["-v"], True)])
def test_our_crash(
    words: list[str], shown: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What we did not expect is our fault: exit code 3, where to report it, and a traceback only when asked for."""

    def fail(_: object) -> None:
        raise AssertionError("never\x1b[31m")

    monkeypatch.setattr(check, "chosen_rules", fail)
    code = main(["check", *words])
    said = capsys.readouterr().err

    assert code == 3
    assert said.startswith("iamlint failed: AssertionError: never\\x1b[31m\n")
    assert "https://github.com/iamlint/iamlint/issues" in said
    assert ("Traceback" in said) is shown


def test_interrupt() -> None:
    """Ctrl-C ends a run quietly."""
    command = [sys.executable, "-m", "iamlint.cli.main", "check", "-"]
    run = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ})
    time.sleep(1.5)  # until it waits for stdin
    run.send_signal(signal.SIGINT)
    _, said = run.communicate()

    assert (run.returncode, said) == (130, "interrupted\n")
