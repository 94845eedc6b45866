"""Which files a walk comes to, and that it agrees with git on what is ignored."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamlint.errors import IamlintError
from iamlint.source import expand, read_file
from iamlint.source.gitignore import ignored, parse
from iamlint.source.walk import Walked

POLICY = '{"Version": "2012-10-17", "Statement": []}'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(*paths: str, text: str = POLICY) -> None:
    for path in paths:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text)


def test_a_walk_is_sorted_and_takes_what_may_hold_a_policy() -> None:
    write(
        "b/2.yaml",
        "b/1.json",
        "a.json",
        "b.json",
        "Makefile",
        "x.py",
        "y.png",
        "z.md",
        "node_modules/a.json",
        ".git/a.json",
    )

    assert list(expand(["."])) == ["Makefile", "a.json", "b/1.json", "b/2.yaml", "b.json"]
    assert list(expand(["b"])) == ["b/1.json", "b/2.yaml"]


def test_what_the_user_names_is_taken_once_whatever_it_is_called() -> None:
    write("a/x.py", "a/b.json", "node_modules/c.json")

    assert list(expand(["a", "a/x.py", "a/b.json", "./a/b.json", "node_modules", "-"])) == [
        "a/b.json",
        "a/x.py",
        "node_modules/c.json",
        "-",
    ]


def test_exclude() -> None:
    write("a/b.json", "a/c.json", "d/b.json")

    assert list(expand(["."], ["b.json"])) == ["a/c.json"]
    assert list(expand(["."], ["a/"])) == ["d/b.json"]
    assert list(expand(["."], ["/a/b.*"])) == ["a/c.json", "d/b.json"]


def test_ignore_files_hold_from_the_repository_down() -> None:
    Path(".git/info").mkdir(parents=True)
    write(".git/info/exclude", text="e.json\n")
    write(".gitignore", text="*.json\n!/keep/\n!keep.json\nsub/out/\n")
    write("sub/.gitignore", text="!b.json\n")
    write("a.json", "keep.json", "sub/b.json", "sub/c.json", "sub/out/keep.json", "sub/in/b.json", "e.yaml")

    assert list(expand(["."])) == [".gitignore", "e.yaml", "keep.json", "sub/.gitignore", "sub/b.json", "sub/in/b.json"]
    assert list(expand(["sub"])) == ["sub/.gitignore", "sub/b.json", "sub/in/b.json"]
    assert list(expand(["sub/in"])) == ["sub/in/b.json"]


def test_links_and_pipes_do_no_harm(folder: Path) -> None:
    write("a/b.json")
    Path("a/loop").symlink_to(folder, target_is_directory=True)
    Path("a/link.json").symlink_to("b.json")
    Path("a/dangling.json").symlink_to("nowhere.json")
    os.mkfifo("a/pipe.json")

    assert list(expand(["."])) == ["a/b.json", "a/link.json"]
    assert read_file("a/pipe.json").unread == "a pipe, socket or device; `-` reads stdin"
    assert read_file(Walked("a/pipe.json")).skipped == "a pipe, socket or device"
    assert read_file("a/dangling.json").unread == "no such file or directory"
    assert read_file("a").skipped == "a folder"
    assert "embedded null" in str(read_file("a\0b").unread)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_what_cannot_be_read_is_told() -> None:
    write("a.json", "b/c.json")
    Path("a.json").chmod(0)
    Path("b").chmod(0)

    assert [read_file(path).unread for path in expand(["."])] == ["permission denied"] * 2


def test_one_file_by_many_names_is_taken_once(folder: Path) -> None:
    write("a/b.json")

    assert list(expand(["a/b.json", "./a/b.json", f"{folder}/a/b.json", f"../{folder.name}/a/b.json", "a"])) == [
        "a/b.json"
    ]


def test_a_current_folder_that_is_gone_is_the_users_to_fix(folder: Path) -> None:
    Path("gone").mkdir()
    os.chdir("gone")
    (folder / "gone").rmdir()

    with pytest.raises(IamlintError, match="the current folder is gone"):
        list(expand(["."]))


def test_a_missing_path_is_the_users_to_fix() -> None:
    write("policies/deploy.json")

    with pytest.raises(IamlintError) as error:
        list(expand(["policies/depoly.json"]))

    assert error.value.message == "`policies/depoly.json` does not exist"
    assert error.value.help == "did you mean `policies/deploy.json`?"
    with pytest.raises(IamlintError, match="does not exist"):
        list(expand(["nowhere/x.json"]))


names = st.sampled_from(["a", "b", "ab", "a.json", "b.json", "[a]", "a b", "-"])
globs = st.lists(
    st.sampled_from(
        [
            "a",
            "b",
            "*",
            "**",
            "/",
            "?",
            "[ab]",
            "[!a]",
            "[a-b]",
            "\\*",
            ".json",
            "!",
            "#",
            " ",
            "\\ ",
            "**/",
            "/**",
            "[",
            "]",
        ]
    ),
    min_size=1,
    max_size=5,
).map("".join)


@settings(deadline=None, max_examples=100, derandomize=True)  # git has more quirks than anyone writes patterns
@given(
    st.lists(globs, min_size=1, max_size=4),
    st.lists(st.lists(names, min_size=1, max_size=3).map("/".join), min_size=1, max_size=12),
)
def test_git_agrees(tmp_path_factory: pytest.TempPathFactory, lines: list[str], paths: list[str]) -> None:
    top = tmp_path_factory.mktemp("git")
    (top / ".gitignore").write_text("\n".join(lines))
    subprocess.run(["git", "init", "-q", str(top)], check=True)
    asked = "\0".join(paths)
    out = subprocess.run(
        ["git", "-C", str(top), "-c", "core.excludesFile=", "check-ignore", "-z", "--stdin", "--no-index"],
        input=asked,
        capture_output=True,
        text=True,
        check=False,
    ).stdout

    ignore = parse("", "\n".join(lines))

    def ours(path: str) -> bool:
        parts = path.split("/")
        parents = ("/".join(parts[:i]) for i in range(1, len(parts)))
        return any(ignored(p, (ignore,), is_folder=True) for p in parents) or ignored(path, (ignore,), is_folder=False)

    assert sorted({p for p in out.split("\0") if p}) == sorted({path for path in paths if ours(path)})
