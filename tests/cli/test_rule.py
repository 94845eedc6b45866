"""`iamlint rule`, `iamlint rules`, `iamlint rules new`."""

import importlib.util
import json
import shutil
from pathlib import Path

import pytest

import iamlint_rules
from iamlint.cli.main import main
from iamlint.registry import load_rules
from iamlint.rule import Rule
from iamlint.testing import faults


@pytest.mark.parametrize("word", ["IAM201", "iam201", "covered-action", "covered_action"])
def test_manual(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A manual is found by code and by name, and shows its examples without the harness's own words."""
    code = main(["rule", word])
    out = capsys.readouterr().out

    assert code == 0
    assert out.startswith("# covered-action (IAM201)\n")
    assert "`s3:Get*` already covers it" in out
    assert "```json\n" in out


def test_unknown_rule(capsys: pytest.CaptureFixture[str]) -> None:
    """A rule that does not exist is answered with the nearest one."""
    code = main(["rule", "coverd-action"])

    assert code == 2
    assert "did you mean `covered-action`?" in capsys.readouterr().err


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    """The list has every rule; as JSON too."""
    assert main(["rules"]) == 0
    text = capsys.readouterr().out
    assert main(["rules", "-f", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)

    assert [each["code"] for each in listed] == [rule.code for rule in load_rules()]
    assert all(rule.code in text and rule.name in text for rule in load_rules())


def test_new_rule_is_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`rules new` writes one file; it is discovered, runs, and its tests are red until its manual is written."""
    pack = tmp_path / "iamlint_rules"
    shutil.copytree(Path(iamlint_rules.__file__).parent, pack, ignore=shutil.ignore_patterns("__pycache__"))
    before = {path for path in pack.rglob("*") if path.is_file()}
    code = main(["rules", "new", "breadth", "star-principal", "--pack", str(pack)])
    written = {path for path in pack.rglob("*") if path.is_file()} - before

    assert code == 0
    assert written == {pack / "breadth" / "star_principal.py"}
    rule = _load(pack / "breadth" / "star_principal.py")
    assert rule.name == "star-principal"
    assert rule.code.startswith("IAM4")
    assert rule.code not in {each.code for each in load_rules()}
    assert any("TODO" in fault for fault in faults(rule))
    assert main(["rules", "new", "breadth", "star-principal", "--pack", str(pack)]) == 2
    assert main(["rules", "new", "breath", "other", "--pack", str(pack)]) == 2
    capsys.readouterr()


def _load(path: Path) -> Rule[object]:  # type: ignore[type-var]
    spec = importlib.util.spec_from_file_location("star_principal", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return next(value for value in vars(module).values() if isinstance(value, Rule))
