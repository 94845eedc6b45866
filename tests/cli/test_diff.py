"""`iamlint diff`: what is gained and lost, how sides are paired, git revisions, formats, batches, slips."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from iamlint.cli.app import call
from iamlint.cli.main import main

Capture = pytest.CaptureFixture[str]

READ = {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}
ALL = {"Sid": "All", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}
NO_DELETE = {"Sid": "NoDelete", "Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"}
REGIONS = {
    "Effect": "Deny",
    "NotAction": "iam:*",
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1"]}},
}
TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def put(path: Path, *statements: dict[str, Any]) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(policy(*statements), indent=2))
    return str(path)


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def diff(capsys: Capture) -> Callable[..., tuple[int, list[dict[str, Any]]]]:
    """Run `diff -f json` and give the exit code and the changes."""

    def run(*words: str) -> tuple[int, list[dict[str, Any]]]:
        code = main(["diff", "-f", "json", *words])
        return code, json.loads(capsys.readouterr().out)["changes"]

    return run


Diff = Callable[..., tuple[int, list[dict[str, Any]]]]

RELATIONS: list[tuple[list[dict[str, Any]], list[dict[str, Any]], str, int]] = [
    ([READ], [READ], "EQUIVALENT", 0),
    ([READ], [READ, ALL], "BROADER", 1),
    ([READ, ALL], [READ], "NARROWER", 0),
    ([READ], [{**READ, "Action": "s3:PutObject"}], "INCOMPARABLE", 1),
    ([READ], [READ, {**READ, "Sid": "Again"}], "EQUIVALENT", 0),
    ([ALL, NO_DELETE], [ALL], "BROADER", 1),
    ([{**READ, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}], [READ], "BROADER", 1),
    ([READ], [], "NARROWER", 0),
    ([], [READ], "BROADER", 1),
]


@pytest.mark.parametrize(("old", "new", "relation", "code"), RELATIONS)
def test_relation(
    old: list[dict[str, Any]], new: list[dict[str, Any]], relation: str, code: int, tmp_path: Path, diff: Diff
) -> None:
    """Two files with one policy each are compared whatever they are called; only what is gained counts."""
    done, (change,) = diff(put(tmp_path / "a.json", *old), put(tmp_path / "b.json", *new))

    assert (done, change["relation"]) == (code, relation)
    assert (change["gained"] is not None) == (code == 1)


def test_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """The text names a request that is new and underlines the statement that grants it."""
    monkeypatch.chdir(tmp_path)
    put(Path("old.json"), READ)
    put(Path("new.json"), READ, {**READ, "Sid": "Write", "Action": ["s3:PutObject"]})
    code = main(["diff", "old.json", "new.json"])

    assert code == 1
    assert capsys.readouterr().out.splitlines()[:12] == [
        "new access: new.json",
        "  `arn:aws:iam::123456789012:role/example` may now call `s3:PutObject` on `arn:aws:s3:::reports/example`",
        "  --> new.json:14:9",
        "   |",
        '14 |         "s3:PutObject"',
        "   |         ^^^^^^^^^^^^^^ this grants it",
        "...",
        '16 |       "Resource": "arn:aws:s3:::reports/*"',
        "   |                   ------------------------",
        "   |",
        "   = before: no statement of `old.json` allowed it",
        "",
    ]


def test_what_denied_it_is_shown(tmp_path: Path, capsys: Capture) -> None:
    """Where a Deny is gone, the text shows both: what grants the request now, and what denied it."""
    main(["diff", put(tmp_path / "old.json", ALL, NO_DELETE), put(tmp_path / "new.json", ALL)])
    out = capsys.readouterr().out

    assert "this grants it" in out
    assert "this denied it" in out
    assert "`s3:Delete" in out


def test_lost_deny_is_noted(tmp_path: Path, diff: Diff, capsys: Capture) -> None:
    """A Deny that goes grants nothing by itself, but what other policies grant is no longer held back."""
    old, new = put(tmp_path / "old.json", READ, NO_DELETE), put(tmp_path / "new.json", READ)
    code, (change,) = diff(old, new)

    assert (code, change["verdict"]) == (0, "no change")
    assert change["undenied"]["request"]["action"].startswith("s3:Delete")

    main(["diff", "-q", old, new])

    assert "is no longer denied" in capsys.readouterr().out


def test_folders_are_paired_by_path(tmp_path: Path, diff: Diff) -> None:
    """A policy is compared with the one of the same path; one that is only there is new, one that is gone is lost."""
    put(tmp_path / "old" / "a.json", READ)
    put(tmp_path / "old" / "sub" / "gone.json", READ)
    put(tmp_path / "new" / "a.json", READ)
    put(tmp_path / "new" / "added.json", READ)
    code, found = diff(str(tmp_path / "old"), str(tmp_path / "new"))

    assert code == 1
    assert [(each["title"].removeprefix(str(tmp_path)), each["verdict"]) for each in found] == [
        ("/new/a.json", "no change"),
        ("/new/added.json", "new access"),
        ("/old/sub/gone.json", "less access"),
    ]


def test_role_is_compared_as_a_whole(tmp_path: Path, diff: Diff) -> None:
    """A statement that moves from one policy of a role to another changes nothing; the trust policy is apart."""
    for side, files in (
        ("old", {"a.json": [READ, ALL], "b.json": [READ]}),
        ("new", {"a.json": [READ], "c.json": [ALL]}),
    ):
        put(tmp_path / side / "app" / "trust.json", TRUST)
        for name, statements in files.items():
            put(tmp_path / side / "app" / name, *statements)
    code, found = diff(str(tmp_path / "old"), str(tmp_path / "new"))

    assert code == 0
    assert [(each["type"], each["relation"]) for each in found] == [("identity", "EQUIVALENT"), ("trust", "EQUIVALENT")]


def test_roles_of_the_cli_are_paired_by_name(tmp_path: Path, diff: Diff) -> None:
    """In what `get-account-authorization-details` prints, a role is a role wherever it stands in the list."""

    def role(name: str, *statements: dict[str, Any]) -> dict[str, Any]:
        inline = [{"PolicyName": f"p{index}", "PolicyDocument": policy(each)} for index, each in enumerate(statements)]
        return {"RoleName": name, "AssumeRolePolicyDocument": policy(TRUST), "RolePolicyList": inline}

    (tmp_path / "old.json").write_text(json.dumps({"RoleDetailList": [role("a", READ, ALL), role("b", READ)]}))
    (tmp_path / "new.json").write_text(json.dumps({"RoleDetailList": [role("b", READ, ALL), role("a", ALL, READ)]}))
    code, found = diff(str(tmp_path / "old.json"), str(tmp_path / "new.json"))

    assert code == 1
    assert {each["title"]: each["verdict"] for each in found} == {
        "role/a": "no change",
        "role/b": "new access",
        "role/b (trust), role/a (trust)": "no change",
    }


GUARDRAILS: list[tuple[str, list[dict[str, Any]] | None, list[dict[str, Any]] | None, str]] = [
    ("scp", [REGIONS], None, "new access"),
    ("scp", None, [REGIONS], "less access"),
    ("scp", [REGIONS], [REGIONS, NO_DELETE], "less access"),
    ("scp", [REGIONS, NO_DELETE], [REGIONS], "new access"),
    ("boundary", [ALL], None, "new access"),
    ("boundary", None, [ALL], "less access"),
    ("rcp", [{**NO_DELETE, "Principal": "*"}], None, "new access"),
    ("identity", [NO_DELETE], [NO_DELETE], "no change"),
]


@pytest.mark.parametrize(("kind", "old", "new", "verdict"), GUARDRAILS)
def test_guardrails(
    kind: str,
    old: list[dict[str, Any]] | None,
    new: list[dict[str, Any]] | None,
    verdict: str,
    tmp_path: Path,
    diff: Diff,
) -> None:
    """What only limits is compared as standing beside full access, and what is gone limits no more."""
    paths = [
        "/dev/null" if side is None else put(tmp_path / f"{name}.json", *side)
        for name, side in (("old", old), ("new", new))
    ]
    _, (change,) = diff("--policy-type", kind, *paths)

    assert change["verdict"] == verdict
    assert (kind == "identity") or any("FullAWSAccess" in a or "nothing is limited" in a for a in change["assumptions"])


def test_public_bucket(tmp_path: Path, capsys: Capture) -> None:
    """The caller of a witness is a principal whom the policy lets in."""
    bucket = {**READ, "Principal": {"AWS": "111122223333"}}
    old, new = put(tmp_path / "old.json", bucket), put(tmp_path / "new.json", {**bucket, "Principal": "*"})
    code = main(["diff", "-f", "json", old, new])
    (change,) = json.loads(capsys.readouterr().out)["changes"]

    assert (code, change["type"], change["relation"]) == (1, "resource", "BROADER")
    assert "111122223333" not in json.dumps(change["gained"]["request"]["principal"])


# Git


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one commit on `main`, in which we stand."""
    put(tmp_path / "policy.json", READ)
    put(tmp_path / "policies" / "a.json", READ)
    put(tmp_path / "policies" / "scp" / "b.json", REGIONS)
    git(tmp_path, "init", "-q")
    git(tmp_path, "checkout", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "policies")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_gate(repository: Path, capsys: Capture) -> None:
    """In CI a change that adds `s3:*` is stopped, and one that takes an action away goes through."""
    put(repository / "policy.json", READ, ALL)

    assert main(["diff", "main:policy.json", "policy.json"]) == 1
    assert "new access: policy.json" in capsys.readouterr().out

    put(repository / "policy.json", {**READ, "Resource": "arn:aws:s3:::reports/2026/*"})

    assert main(["diff", "main:policy.json", "policy.json"]) == 0
    assert "less access: policy.json" in capsys.readouterr().out


def test_readme(tmp_path: Path) -> None:
    """The README's gate does what it says, step by step."""
    readme = (Path(__file__).parent.parent.parent / "README.md").read_text()
    script = readme.partition("### As a gate")[2].partition("```sh\n")[2].partition("```")[0]
    gate = r"^(iamlint diff .*)  # exit code (\d): .*$"
    steps = re.sub(gate, r"set +e; \1; test $? = \2 || exit 9; set -e", script, flags=re.MULTILINE)
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-e", "-c", steps], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert re.findall(r"^(\w+ access): policy\.json$", done.stdout, re.MULTILINE) == re.findall(
        r"# exit code \d: (.*)", script
    )


def test_folder_of_a_revision(repository: Path, diff: Diff) -> None:
    """Folders are compared file by file; the revision's name tells nothing of the policies in it."""
    git(repository, "branch", "trust")
    put(repository / "policies" / "a.json", READ, ALL)
    code, found = diff("trust:policies", "policies")

    assert code == 1
    assert [(each["title"], each["type"], each["verdict"]) for each in found] == [
        ("policies/a.json", "identity", "new access"),
        ("policies/scp/b.json", "scp", "no change"),
    ]
    assert found[0]["old"] == [{"file": "trust:policies/a.json", "address": None}]


@pytest.mark.parametrize("name", ["main:a.json", "main:./a.json", "main:policies/a.json", "HEAD:../policies/a.json"])
def test_from_a_subfolder(name: str, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path is taken from the root of the repository, or from here."""
    monkeypatch.chdir(repository / "policies")

    assert main(["diff", name, "a.json"]) == 0


def test_two_revisions(repository: Path, diff: Diff) -> None:
    """Both sides may be revisions, and the root of the repository is a folder too."""
    put(repository / "policy.json", ALL)
    git(repository, "commit", "-q", "-a", "-m", "more")
    code, found = diff("HEAD~1:", "HEAD:")

    assert code == 1
    assert [each["title"] for each in found if each["verdict"] == "new access"] == ["HEAD:policy.json"]


def test_file_before_revision(repository: Path, diff: Diff) -> None:
    """A file that is called like a revision is meant itself."""
    put(repository / "main:policy.json", ALL)
    code, (change,) = diff("main:policy.json", "policy.json")

    assert (code, change["relation"]) == (0, "NARROWER")


SLIPS = [
    (["nope:policy.json", "policy.json"], "`nope` no revision of this repository"),
    (["main:polcy.json", "policy.json"], "did you mean `main:policy.json`?"),
    (["main:policies", "policy.json"], "`main:policies` is a folder and `policy.json` a file"),
    (["polcy.json", "policy.json"], "did you mean `policy.json`?"),
    (["policy.json"], "`diff` takes two"),
    (["-", "-"], "stdin can be one side only"),
    (["policy.json", "note.txt"], "`note.txt` cannot be judged"),
    (["policy.json", "trust.json"], "an identity policy cannot be compared with a trust policy"),
    (["policy.json", "broken.json"], "broken.json:1:2: a `:` is missing"),
    (["policy.json", "twice.json"], "twice.json:1:"),
    (["policy.json", "bare.json"], "bare.json:1:1: a policy without `Statement` says nothing"),
    (["policy.json", "package.json", "--policy-type", "scp"], "`package.json` cannot be judged: no policy in it"),
    (["--batch", "x", "policy.json"], "`--batch` compares its own lines"),
    (["--format", "xml", "policy.json", "policy.json"], "`--format` cannot be `xml`"),
]


@pytest.mark.parametrize(("words", "said"), SLIPS, ids=[" ".join(words) for words, _ in SLIPS])
def test_slip(words: list[str], said: str, repository: Path, capsys: Capture) -> None:
    """What cannot be compared is exit code 2, says where, and is never repaired first."""
    (repository / "note.txt").write_text("no policy")
    (repository / "broken.json").write_text('{"Version" "2012-10-17", "Statement": [{"Effect": "Allow"}]}')
    (repository / "twice.json").write_text('{"Version":"2012-10-17","Statement":[],"Statement":[{"Effect":"Allow"}]}')
    (repository / "bare.json").write_text(json.dumps([READ]))
    (repository / "package.json").write_text('{"name": "Statement"}')
    put(repository / "trust.json", TRUST)
    code = main(["diff", *words])
    captured = capsys.readouterr()

    assert (code, "Traceback" in captured.err) == (2, False)
    assert captured.err.startswith("error: ")
    assert said in captured.err


def test_outside_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    """Without a repository there are no revisions, and iamlint says so."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    code = main(["diff", "main:a.json", "b.json"])

    assert code == 2
    assert "this folder is in no git repository" in capsys.readouterr().err


def test_bad_file_hides_nothing(tmp_path: Path, capsys: Capture) -> None:
    """One file that cannot be read is named, is not taken for one that is gone, and the others are compared."""
    for side in ("old", "new"):
        put(tmp_path / side / "a.json", READ)
        put(tmp_path / side / "b.json", READ)
    put(tmp_path / "new" / "b.json", ALL)
    (tmp_path / "old" / "a.json").write_text('{"Version": "2012-10-17", "Statement": [')
    code = main(["diff", "-f", "concise", str(tmp_path / "old"), str(tmp_path / "new")])
    captured = capsys.readouterr()

    assert code == 2
    assert "old/a.json:1:" in captured.err
    assert captured.out.count("new access: ") == 1
    assert "Compared 1 policy: 1 new access, 1 not compared." in captured.out


# Formats and doors


def test_markdown_is_inert(tmp_path: Path, capsys: Capture) -> None:
    """Whatever a policy says, it is shown and never acts."""
    nasty = "arn:aws:s3:::b`/<img src=x>/```/@all/[x](y)"
    put(tmp_path / "old.json", READ)
    put(tmp_path / "new.json", READ, {**READ, "Sid": "```</details><b>", "Resource": nasty})
    main(["diff", "-f", "markdown", str(tmp_path / "old.json"), str(tmp_path / "new.json")])
    out = capsys.readouterr().out
    lines = out.splitlines()
    fences = [line for line in lines if line.startswith("```")]

    assert fences == ["````json", "````"]  # longer than what the statement holds
    assert f"`{nasty.replace('`', chr(39))}`" in out
    assert sum("</details>" in line and not line.lstrip().startswith('"Sid"') for line in lines) == out.count(
        "<details>"
    )


@pytest.mark.parametrize("form", ["full", "concise", "json", "markdown"])
def test_both_doors(form: str, tmp_path: Path, capsys: Capture) -> None:
    """The fast door and Typer's give the same, to the byte."""
    words = ["diff", put(tmp_path / "old.json", READ), put(tmp_path / "new.json", ALL), "--format", form]
    fast = main(words), capsys.readouterr()
    slow = call(words), capsys.readouterr()

    assert fast == slow
    assert fast[0] == 1


def test_exit_zero_and_output_file(tmp_path: Path, capsys: Capture) -> None:
    """The result can be written to a file, and the exit code kept out of it."""
    old, new, out = put(tmp_path / "a.json", READ), put(tmp_path / "b.json", ALL), tmp_path / "out.md"

    assert main(["diff", old, new, "--exit-zero", "-f", "markdown", "-o", str(out)]) == 0
    assert "new access" in out.read_text()
    assert capsys.readouterr().out == ""


def test_batch(tmp_path: Path, capsys: Capture) -> None:
    """One pair a line in, one comparison a line out, in order; a line that is none is named, and the rest is done."""
    cases = tmp_path / "cases.jsonl"
    rows: list[Any] = [
        {"id": "same", "old": policy(READ), "new": policy(READ), "policy_type": "IDENTITY_POLICY"},
        {"id": "more", "old": policy(READ), "new": policy(READ, ALL)},
        {"id": "text", "old": json.dumps(policy(ALL)), "new": [policy(READ)]},
        {"id": "scp", "old": policy(REGIONS), "new": None, "policy_type": "SERVICE_CONTROL_POLICY"},
        {"id": "bad", "old": 3, "new": {}},
        {"id": "worse", "old": {}},
        {"id": "kind", "old": {}, "new": {}, "policy_type": "x"},
    ]
    cases.write_text("\n".join(json.dumps(row) for row in rows) + "\n{\n")
    code = main(["diff", "--batch", str(cases), "-f", "json"])
    captured = capsys.readouterr()
    answers = {answer["id"]: answer for answer in map(json.loads, captured.out.splitlines())}

    assert code == 2
    assert {name: answer["relation"] for name, answer in answers.items()} == {
        "same": "EQUIVALENT",
        "more": "BROADER",
        "text": "NARROWER",
        "scp": "BROADER",
    }
    assert set(answers["same"]) == {"id", "relation", "gained", "lost", "assumptions"}
    assert set(answers["more"]["gained"]) == {"action", "resource", "principal", "context"}
    assert [line.split(":")[2] for line in captured.err.splitlines()] == ["5", "6", "7", "8"]
