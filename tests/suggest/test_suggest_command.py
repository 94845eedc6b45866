"""`iamlint suggest` as it is called: stdout, stderr, files and exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest

from iamlint.cli.app import call
from iamlint.cli.main import main
from iamlint.cli.suggest_options import parse
from iamlint.cli.suggest_output import run as run_parsed

B = "arn:aws:s3:::b"
EC2 = ["--for", "ec2", "--access", "list,read", "--bucket", "amzn-s3-demo-bucket", "--prefix", "reports/"]


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["suggest", *words])
    written = capsys.readouterr()
    return code, written.out, written.err


def test_stdout_is_the_policy_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "--actions", "s3:GetObject", "--resource", "arn:aws:s3:::reports/*")

    assert code == 0
    assert json.loads(out) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "S3ReadObject",
                "Effect": "Allow",
                "Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::reports/*",
            }
        ],
    }
    assert "note: allows s3:GetObject (read) on arn:aws:s3:::reports/*" in err
    assert "drafted by policy_sentry" in err


def test_several_by_repetition_and_by_commas(capsys: pytest.CaptureFixture[str]) -> None:
    code, by_commas, _ = run(capsys, "--actions", "s3:GetObject,s3:ListBucket", "--resource", f"{B},{B}/a,b/*")
    again, by_repetition, _ = run(
        capsys, "--actions", "s3:GetObject", "--actions", "s3:ListBucket", "--resource", B, "--resource", f"{B}/a,b/*"
    )

    assert (code, again) == (0, 0)
    assert by_commas == by_repetition
    assert f'"{B}/a,b/*"' in by_commas


def test_a_pattern_is_shown_expanded(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "--actions", "s3:GetObjectT*", "--resource", f"{B}/*")

    assert code == 0
    assert json.loads(out)["Statement"][0]["Action"] == ["s3:GetObjectTagging", "s3:GetObjectTorrent"]
    assert "`s3:GetObjectT*` stands for 2 actions here: s3:GetObjectTagging, s3:GetObjectTorrent" in err


def test_star_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "--actions", "s3:ListBuckets,s3:GetObject", "--resource", f"{B}/*")

    assert code == 0
    assert [each["Resource"] for each in json.loads(out)["Statement"]] == ["*", f"{B}/*"]
    assert "`s3:ListAllMyBuckets` is on `*`: AWS allows nothing narrower for it" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--actions", "s3:GetObject"], "`--resource` is missing"),
        (["--actions", "s3:GetObject", "--resource", B], f"help: add `--resource '{B}/*'`"),
        (["--actions", "s3:GetObjct", "--resource", B], "did you mean `s3:GetObject`?"),
        (["--for", "ec2", "--access", "read"], "`--bucket` is missing"),
        (["--for", "ec2", "--bucket", "bbb"], "`--access` is missing"),
        (["--actions", "s3:ListBuckets", "--format", "xml"], "one of: policy, json"),
        (["--actoins", "x"], "--actions"),
    ],
)
def test_what_the_user_can_mend_exits_with_2_and_prints_no_policy(
    capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    code, out, err = run(capsys, *words)

    assert (code, out) == (2, "")
    assert said in err


def test_json_has_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *EC2, "--account", "1111-2222-3333", "--format", "json", "--role-name", "reader")
    found = json.loads(out)

    assert (code, err) == (0, "")
    assert found["trust_policy"]["Statement"][0]["Principal"] == {"Service": "ec2.amazonaws.com"}
    assert found["instance_profile"] == {"name": "reader", "roles": ["reader"]}
    assert found["deployer_policy"]["Statement"][0]["Resource"] == "arn:aws:iam::111122223333:role/reader"
    assert found["access_levels"] == {"List": ["s3:ListBucket"], "Read": ["s3:GetObject"]}
    assert found["drafted_by"].startswith("policy_sentry")
    assert found["explanation"]
    assert found["questions"]
    assert found["checked"]
    assert found["placeholders"] == []


def test_the_role_is_on_stderr_and_the_permissions_alone_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *EC2, "--account", "111122223333")

    assert code == 0
    assert [each["Sid"] for each in json.loads(out)["Statement"]] == ["ListPrefix", "ReadObjects"]
    assert "Ec2AssumesThisRole" in err
    assert "PassOnlyThisRoleToEc2" in err


def test_files_are_written_whole(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "new" / "role"

    code, out, _ = run(capsys, *EC2, "--account", "111122223333", "--out-dir", str(folder))

    assert code == 0
    assert sorted(each.name for each in folder.iterdir()) == [
        "deployer-policy.json",
        "instance-profile.json",
        "permission-policy.json",
        "trust-policy.json",
    ]
    assert (folder / "permission-policy.json").read_text() == out


def test_a_folder_that_cannot_be_written_to_changes_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    code, out, err = run(capsys, *EC2, "--out-dir", str(tmp_path / "file"))

    assert (code, out) == (2, "")
    assert "cannot be written to" in err


def test_a_template_says_what_to_fill_in(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "--actions", "s3:ListBucket", "--template", "--partition", "aws-cn")

    assert code == 0
    assert "arn:aws-cn:s3:::${BucketName}" in json.loads(out)["Statement"][0]["Resource"]
    assert "${BucketName}" in err.splitlines()[0]


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, *EC2, "-q")[2] == ""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--actions", "a", "--action=b", "-q"], {"actions": ["a", "b"], "quiet": True}),
        (["--for", "ec2", "-f", "json"], {"workload": "ec2", "format": "json"}),
        (["--help"], None),
        (["--bucket"], None),
        (["--bucket", "--prefix", "x"], None),
        (["--template=yes"], None),
        (["word"], None),
    ],
)
def test_the_small_door_takes_what_is_usual(words: list[str], expected: dict[str, Any] | None) -> None:
    assert parse(words) == expected


DOORS = [[*EC2, "--account", "111122223333"], ["--actions=s3:GetObject", "--resource", f"{B}/*", "-f", "json"]]


@pytest.mark.parametrize("words", DOORS)
def test_both_doors_say_the_same(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    given = parse(words)
    assert given is not None
    small = run_parsed(given), *capsys.readouterr()
    typers = call(["suggest", *words]), *capsys.readouterr()

    assert small == typers


CLEAN: list[list[str]] = [
    [*EC2, "--account", "111122223333"],
    ["--for", "ec2", "--access", "list,read,write,delete,tag", "--bucket", "amzn-s3-demo-bucket"],
    ["--for", "ec2", "--access", "list,read", "--bucket", "amzn-s3-demo-bucket", "--key", "a*b/${c}"],
    ["--actions", "s3:GetObject,s3:ListBucket,s3:ListAllMyBuckets", "--resource", f"{B}rep,{B}rep/*"],
    ["--actions", "ec2:DescribeI*", "--resource", "*"],
    ["--actions", "s3:Get*", "--resource", f"{B}rep"],
]


@pytest.mark.parametrize("words", CLEAN)
def test_the_linter_has_nothing_to_say(capsys: pytest.CaptureFixture[str], tmp_path: Path, words: list[str]) -> None:
    assert run(capsys, *words, "--out-dir", str(tmp_path))[0] == 0
    (tmp_path / "instance-profile.json").unlink(missing_ok=True)

    code = main(["check", str(tmp_path), "--format", "concise"])

    assert (code, _findings(capsys.readouterr().out)) == (0, [])


def _findings(out: str) -> list[Any]:
    return [line for line in out.splitlines() if ".json:" in line]
