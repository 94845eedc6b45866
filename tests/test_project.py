"""What holds for the project as a whole: layers, types, style, wheel, README, hot path."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent

HEAVY = ("boto3", "botocore", "jinja2", "parliament", "policy_sentry", "pydantic", "rich", "typer", "yaml")


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "command",
    [
        ("lint-imports", "--no-cache"),
        ("mypy",),
        ("ruff", "check"),
        ("ruff", "format", "--check"),
    ],
    ids=" ".join,
)
def test_gate(command: tuple[str, ...]) -> None:
    """The layers, the types and the style pass their checkers."""
    done = run(BIN / command[0], *command[1:])

    assert done.returncode == 0, done.stdout + done.stderr


def test_wheel_has_two_names(tmp_path: Path) -> None:
    """The wheel brings `iamlint` and `iamlint_rules`, the catalogue with them, and no other importable name."""
    done = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path)
    assert done.returncode == 0, done.stderr
    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()

    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"iamlint", "iamlint_rules"}
    assert {"iamlint/catalog/aws.bin", "iamlint/py.typed", "iamlint_rules/py.typed"} <= set(names)


@pytest.mark.parametrize("name", ["rules", "analyzer", "tests"])
def test_folders_are_no_packages(name: str, tmp_path: Path) -> None:
    """The source roots are folders, not names to import."""
    done = subprocess.run([sys.executable, "-c", f"import {name}"], cwd=tmp_path, capture_output=True, check=False)

    assert done.returncode == 1


def test_ci_calls_the_readme() -> None:
    """The README's second command is what CI calls, on top of an environment of its own."""
    commands = re.search(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert commands is not None
    first, second = commands[1].strip().splitlines()

    assert "iamlint check examples" in first
    assert second in (ROOT / ".ci" / "run").read_text()


def hot_path(*arguments: str) -> set[str]:
    """The modules that a run of the command line has imported."""
    code = (
        "import sys; from iamlint.cli.main import main; main(sys.argv[1:]);"
        "sys.stderr.write('MODULES ' + ' '.join(sys.modules))"
    )
    done = run(sys.executable, "-c", code, *arguments)
    return {name.partition(".")[0] for name in done.stderr.rpartition("MODULES ")[2].split()}


def test_hot_path() -> None:
    """Checking a JSON policy imports nothing heavy."""
    imported = hot_path("check", "--no-parliament", "examples/reader-wrong/permissions.json")

    assert "iamlint" in imported
    assert sorted(imported & set(HEAVY)) == []


READER = "arn:aws:iam::111122223333:role/reader"
OLD, NEW = "examples/reader-right/permissions.json", "examples/more/admin.json"
ENGINE = [
    ("diff", OLD, NEW),
    ("diff", OLD, NEW, "-f", "json"),
    ("can", READER, "s3:GetObject", "arn:aws:s3:::reports/x", "--identity", OLD, "--scp", NEW),
]


@pytest.mark.parametrize("arguments", ENGINE, ids=" ".join)
def test_hot_path_of_the_engine(arguments: tuple[str, ...]) -> None:
    """Comparing and deciding JSON policies imports nothing heavy, and not the modules of rules or parliament."""
    imported = hot_path(*arguments)

    assert "iamlint" in imported
    assert sorted(imported & {*HEAVY, "iamlint_rules", "subprocess"}) == []


def test_parliament_brings_neither_boto3_nor_yaml() -> None:
    """parliament's opinion costs parliament alone, of which the bridge holds a private copy."""
    imported = hot_path("check", "examples/reader-wrong/permissions.json")

    assert "jsoncfg" in imported
    assert sorted(imported & set(HEAVY)) == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check", "examples/reader-wrong"), 1),
        (("check", "examples/reader-right"), 0),
        (("suggest", "--actions", "s3:GetObject", "--resource", "arn:aws:s3:::reports/*"), 0),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else str(value),
)
def test_without_setuptools(arguments: tuple[str, ...], code: int, tmp_path: Path) -> None:
    """Nothing needs setuptools or pkg_resources, which fresh machines lack."""
    for name in ("setuptools", "pkg_resources"):
        (tmp_path / f"{name}.py").write_text("raise ImportError('not on this machine')")
    done = run(sys.executable, "-m", "iamlint.cli.main", *arguments, PYTHONPATH=str(tmp_path))

    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
