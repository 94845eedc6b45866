"""The hook, run by the real pre-commit in a real git repository."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PRE_COMMIT = Path(sys.executable).parent / "pre-commit"

pytestmark = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="pre-commit installs hooks from a git checkout")


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """pre-commit's own folder, so that the hook is installed once."""
    return tmp_path_factory.mktemp("pre-commit")


def try_hook(folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PRE_COMMIT, "try-repo", ROOT, "iamlint", "--all-files", "--verbose"],
        cwd=folder,
        env={**os.environ, "PRE_COMMIT_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_hook(tmp_path: Path, home: Path) -> None:
    """The hook stops a commit with a faulty policy, and lets one pass without; what is no policy is not looked at."""
    git(tmp_path, "init", "-q")
    shutil.copytree(ROOT / "examples" / "reader-wrong", tmp_path / "policies")
    (tmp_path / "package.json").write_text('{"name": "no policy"}')
    (tmp_path / "values.yaml").write_text("replicas: 2\n")
    git(tmp_path, "add", "-A")
    wrong = try_hook(tmp_path, home)

    assert wrong.returncode == 1, wrong.stdout + wrong.stderr
    assert "policies/permissions.json" in wrong.stdout
    assert "Failed" in wrong.stdout

    shutil.rmtree(tmp_path / "policies")
    shutil.copytree(ROOT / "examples" / "reader-right", tmp_path / "policies")
    git(tmp_path, "add", "-A")
    right = try_hook(tmp_path, home)

    assert right.returncode == 0, right.stdout + right.stderr
    assert "Passed" in right.stdout
