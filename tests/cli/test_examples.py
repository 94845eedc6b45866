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


def test_right_role_is_clean(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The role done right has nothing to complain of, as a whole and with parliament asked."""
    monkeypatch.chdir(ROOT)

    assert main(["check", "examples/reader-right"]) == 0
    assert capsys.readouterr().out.startswith("No problems in 2 policies.")
