"""What the YAML reader takes for values, what it refuses, and where everything stands."""

import subprocess
import sys
from typing import Any

import pytest
import yaml

from iamlint.source import read, yaml_reader
from iamlint.source.file import File
from iamlint.source.yaml_reader import Opaque, read_yaml
from iamlint.text import Pointer


@pytest.fixture(params=[yaml.CSafeLoader, yaml.SafeLoader], ids=["libyaml", "pure"], autouse=True)
def _loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_reader, "_LOADER", request.param)


VALUES: dict[str, Any] = {
    "Version: 2012-10-17": {"Version": "2012-10-17"},
    "a: 012345678901": {"a": "012345678901"},
    "a: [yes, no, on, off, Yes]": {"a": ["yes", "no", "on", "off", "Yes"]},
    "a: [true, True, false, null, ~, '']": {"a": [True, True, False, None, None, ""]},
    "a:": {"a": None},
    "a: [1, -1, 1.5, 1e3, 0x1F, 1_000, +1, .inf, 1:30]": {
        "a": [1, -1, 1.5, 1000.0, "0x1F", "1_000", "+1", ".inf", "1:30"]
    },
    "a: '1'": {"a": "1"},
    "a: !!str 1": {"a": "1"},
    "a: ! x": {"a": "x"},
    "a: =": {"a": "="},
    "1: a\ntrue: b\n": {"1": "a", "true": "b"},
    "a: &x {b: 1}\nc: *x\n": {"a": {"b": 1}, "c": {"b": 1}},
    "x: &x {b: 1, c: 2}\ny:\n  <<: *x\n  b: 3\n": {"x": {"b": 1, "c": 2}, "y": {"b": 3, "c": 2}},
    "x: &x {b: 1}\ny: &y {b: 2, c: 2}\nz: {<<: [*x, *y]}\n": {
        "x": {"b": 1},
        "y": {"b": 2, "c": 2},
        "z": {"b": 1, "c": 2},
    },
    "a: |\n  x\n  y\n": {"a": "x\ny\n"},
    "a: >-\n  x\n  y\n": {"a": "x y"},
    "\ufeffa: 1": {"a": 1},
    "# nothing": None,
}


@pytest.mark.parametrize("text", VALUES)
def test_values_are_those_of_json_and_all_else_is_text(text: str) -> None:
    name = File("x.yaml", text.removeprefix("\ufeff"))

    document = read_yaml(name)[0]

    assert document.problems == ()
    assert VALUES[text] == document.value


WRONG: dict[str, list[tuple[str, str]]] = {
    "a:\n\tb: 1\n": [("\t", "a tab used for indentation")],
    "a: b: c\n": [(":", "a `:` is out of place")],
    'a: "x\nb: 1\n': [('"', "the string is not closed")],
    "a: 'x": [("'", "the string is not closed")],
    "a: @x\n": [("@", "no value can start with `@`")],
    "a: [1, 2\n": [("\n", "a `,` or `]` is missing")],
    "a: 1\na: 2\n": [("a", "the key `a` stands twice")],
    "a: *x\n": [("*x", "the alias `*x` names no anchor before it")],
    "a: &x [*x]\n": [("*x", "the alias `*x` stands inside what it names")],
    "a: \x01\n": [("\x01", "a control character U+0001 that YAML does not take")],
    "a: b\n- c\n": [("-", "a key is expected")],
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_told_where_it_is(text: str) -> None:
    problems = read_yaml(File("x.yaml", text))[0].problems

    told = [(text[slice(*p.span)], p.message) for p in problems]
    if told != WRONG[text]:  # the pure parser words and places a few otherwise
        assert yaml_reader._LOADER.__name__ == "SafeLoader"
        assert len(told) == 1


def test_what_stands_before_an_error_is_read() -> None:
    assert read_yaml(File("x.yaml", "a: 1\nb: @\n"))[0].value == {"a": 1}


def test_tags_are_opaque() -> None:
    document = read_yaml(File("x.yaml", "a: !Ref X\nb: !If [c, {d: e}, f]\n"))[0]

    assert isinstance(document.value, dict)
    assert [each.tag for each in document.value.values() if isinstance(each, Opaque)] == ["!Ref", "!If"]


def test_aliases_do_not_blow_up() -> None:
    lines = ["a: &a [" + "x," * 9 + "]"]
    lines += [
        f"{after}: &{after} [{','.join([f'*{name}'] * 9)}]" for name, after in zip("abcdefgh", "bcdefghi", strict=True)
    ]

    (problem,) = read_yaml(File("x.yaml", "\n".join(lines)))[0].problems

    assert problem.kind == "size"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5_000,
        "{a: " * 5_000,
        "- " * 5_000,
        "x0: &x0 []\n" + "".join(f"x{i}: &x{i} [*x{i - 1}]\n" for i in range(1, 400)),
    ],
)
def test_depth_is_a_problem(text: str) -> None:
    assert "depth" in {problem.kind for problem in read_yaml(File("x.yaml", text))[0].problems}


@pytest.mark.parametrize(
    ("text", "at", "value", "key"),
    [
        ("é: '😀'\r\nb: x  # c\r\nc: d\r\n", "/b", "x", "b"),
        ("é: '😀'\nb: 'x'\n", "/b", "'x'", "b"),
        ("a: &x\n  b: 1\nc:\n  <<: *x\n  d: 2\n", "/c/b", "1", "b"),
        ("a: &x y\n", "/a", "y", "a"),
        ("a: |\n  x\n  y\n\n\nb: 1\n", "/a", "|\n  x\n  y", "a"),
        ("a:\n  - x\n  - y\n\nb: 1\n", "/a", "- x\n  - y", "a"),
        ("a:\n  - x\n  - y\n", "/a/1", "y", "y"),
        ("a: {b: [1, 2]}\n", "/a", "{b: [1, 2]}", "a"),
        ('a: "b\\tc"\n', "/a", '"b\\tc"', "a"),
    ],
)
def test_spans(text: str, at: str, value: str, key: str) -> None:
    document = read_yaml(File("x.yaml", text))[0]

    assert value == text[slice(*document.span(Pointer(at)))]
    assert key == text[slice(*document.key_span(Pointer(at)))]


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        ("a: s3:Get*\n", (3, 6), "Get"),
        ("a: 'it''s x'\n", (5, 6), "x"),
        ('a: "b\\tc"\n', (2, 3), "c"),
        ('a: "b\\x41c"\n', (2, 3), '"b\\x41c"'),
        ("a: |\n  xx\n  yy\n", (3, 5), "yy"),
        ("a: >\n  xx\n  yy\n", (3, 5), "yy"),
        ("a: xx\n   yy\n", (3, 5), "yy"),
    ],
)
def test_parts_of_strings(text: str, part: tuple[int, int], expected: str) -> None:
    document = read_yaml(File("x.yaml", text))[0]

    assert expected == text[slice(*document.span(Pointer("/a"), part))]


def test_each_document_of_a_stream_is_looked_at() -> None:
    policy = "Version: 2012-10-17\nStatement: [{Effect: Allow}]\n"

    found = read("x.yaml", f"a: 1\n---\n{policy}---\n{policy}".encode()).found

    assert [each.address for each in found] == ["document 2", "document 3"]


def test_json_does_not_import_yaml() -> None:
    code = "import sys, iamlint.source as s; s.read('x.json', b'Effect Statement'); print('yaml' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
