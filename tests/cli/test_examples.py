"""What iamlint says of every example, as golden text; `GOLDEN=write pytest tests/cli/test_examples.py` renews it."""

import os
from pathlib import Path

import pytest

from iamlint.cli.main import main

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = sorted(path.relative_to(ROOT) for path in (ROOT / "examples").rglob("*") if path.is_file())
GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_example(example: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The report of an example is, to the letter, what was reviewed."""
    monkeypatch.chdir(ROOT)
    code = main(["check", str(example)])
    said = f"{capsys.readouterr().out}exit code {code}\n"
    golden = GOLDEN / f"{example.parent.name}-{example.stem}.txt"
    if os.environ.get("GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(said)

    assert said == golden.read_text()


READER = "arn:aws:iam::111122223333:role/reader"
RIGHT, WRONG = "examples/reader-right/permissions.json", "examples/reader-wrong/permissions.json"
REPORT = "arn:aws:s3:::amzn-s3-demo-bucket/reports/2026.csv"
WEBSITE = "arn:aws:s3:::amzn-s3-demo-website/index.html"
COMMANDS = {
    "can-allowed": ["can", READER, "s3:GetObject", REPORT, "--identity", "examples/reader-right"],
    "can-implicit": ["can", READER, "s3:PutObject", REPORT, "--identity", RIGHT],
    "can-explicit": [
        *("can", "anonymous", "s3:GetObject", WEBSITE, "--resource-policy", "examples/more/bucket-policy.json"),
        *("--context", "aws:SecureTransport=false"),
    ],
    "diff-more": ["diff", RIGHT, WRONG],
    "diff-markdown": ["diff", RIGHT, WRONG, "-f", "markdown"],
    "diff-folders": ["diff", "examples/reader-wrong", "examples/reader-right"],
    "diff-scp": ["diff", "examples/more/scp-regions.json", "/dev/null"],
    "assert": ["assert", "examples/guard/assertions.yaml"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_command(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What the commands that ask the engine say of the examples is, to the letter, what was reviewed."""
    monkeypatch.chdir(ROOT)
    code = main(COMMANDS[name])
    said = f"{capsys.readouterr().out}exit code {code}\n"
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(said)

    assert said == golden.read_text()


def test_right_role_is_clean(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The role done right has nothing to complain of, as a whole and with parliament asked."""
    monkeypatch.chdir(ROOT)

    assert main(["check", "examples/reader-right"]) == 0
    assert capsys.readouterr().out.startswith("No problems in 2 policies.")
