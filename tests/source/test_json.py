"""What the JSON reader says of wrong text, where, and what it reads all the same."""

import json

import pytest

from iamlint.source.file import File
from iamlint.source.json_reader import read_json
from iamlint.text import Pointer, Span

WRONG: dict[str, tuple[str, object, list[tuple[str, str]]]] = {
    # name: (text, value, [(the text pointed at, message)])
    "missing comma": ('{"a": 1 "b": 2}', {"a": 1, "b": 2}, [("1", "a comma is missing")]),
    "missing comma in a list": ("[1 2]", [1, 2], [("1", "a comma is missing")]),
    "trailing comma": ('{"a": [1,]}', {"a": [1]}, [(",", "a comma before the closing bracket")]),
    "trailing commas on two lines": (
        '{"a": [1,],\n"b": 2,}',
        {"a": [1], "b": 2},
        [(",", "a comma before the closing bracket")] * 2,
    ),
    "two commas": ('{"a":1,,"b":2}', {"a": 1, "b": 2}, [(",", "a member is missing before this comma")]),
    "two commas in a list": ("[1,,2]", [1, 2], [(",", "a value is missing before this comma")]),
    "single quotes": ("{'a': 1}", {"a": 1}, [("'a'", "JSON strings take double quotes")]),
    "typographic quotes": ("{“a”: 1}", {"a": 1}, [("“a”", "typographic quotes are no JSON quotes")]),
    "backticks": ('{"a": `x`}', {"a": "x"}, [("`x`", "JSON strings take double quotes")]),
    "unquoted key": ("{a: 1}", {"a": 1}, [("a", "the key `a` needs double quotes")]),
    "unquoted value": ('{"Effect": Allow}', {"Effect": "Allow"}, [("Allow", "`Allow` needs double quotes")]),
    "unquoted action": ('{"a": s3:Get*}', {"a": "s3:Get*"}, [("s3:Get*", "`s3:Get*` needs double quotes")]),
    "placeholder": ('{"a": ${x}}', {"a": "${x}"}, [("${x}", "`${x}` needs double quotes")]),
    "Python's True": ('{"a": True}', {"a": True}, [("True", "`True` is Python; JSON has `true`")]),
    "Python's None": ('{"a": None}', {"a": None}, [("None", "`None` is Python; JSON has `null`")]),
    "NaN": ('{"a": NaN}', {"a": None}, [("NaN", "`NaN` is not a JSON number")]),
    "Infinity": ("[-Infinity]", [None], [("-Infinity", "`-Infinity` is not a JSON number")]),
    "leading zero": ('{"a": 012}', {"a": "012"}, [("012", "`012` is not a JSON number")]),
    "no leading digit": ("[.5]", [".5"], [(".5", "`.5` is not a JSON number")]),
    "list not closed": ('{"a": [1, 2}', {"a": [1, 2]}, [("}", "`]` is missing before this `}`")]),
    "object not closed": ('{"a": {"b": 1}', {"a": {"b": 1}}, [("}", "`{` is never closed")]),
    "wrong bracket": ('{"a":[1,2},"b":3}', {"a": [1, 2], "b": 3}, [("}", "`]` belongs here, not `}`")]),
    "bracket too many": ('{"a": 1}}', {"a": 1}, [("}", "`}` closes nothing")]),
    "string not closed": ('{"a": "x\n, "b": 1}', {"a": "x", "b": 1}, [('"x', "the string is not closed")]),
    "string not closed in a list": ('["a, "b"]', ["a", "b"], [('"a', "the string is not closed")]),
    "string not closed at the end": ('"x', "x", [('"x', "the string is not closed")]),
    "quote inside": ('["say "hi" now"]', ['say "hi" now'], [('"', "a quote inside the string ends it")]),
    "missing colon": ('{"a" 1}', {"a": 1}, [('"a"', 'a `:` is missing after `"a"`')]),
    "equals sign": ('{"a" = 1}', {"a": 1}, [("=", "a `:` belongs here, not `=`")]),
    "arrow": ('{"a" => 1}', {"a": 1}, [("=>", "a `:` belongs here, not `=`")]),
    "semicolon": ('{"a": 1; "b": 2}', {"a": 1, "b": 2}, [(";", "a `,` belongs here, not `;`")]),
    "no value": ('{"a": }', {"a": None}, [('"a"', '`"a"` has no value')]),
    "no value nor colon": ('{"a"}', {"a": None}, [('"a"', '`"a"` has no value')]),
    "no key": ('{{"a": 1}}', {}, [("{", "a member's key is missing before this `{`")]),
    "keys in a list": ('["a": 1]', ["a", 1], [(":", "`:` is out of place: a list has no keys")]),
    "line comment": ('{"a": 1} // x', {"a": 1}, [("// x", "JSON has no comments")]),
    "block comment": ('/* x */ {"a": 1}', {"a": 1}, [("/* x */", "JSON has no comments")]),
    "hash comment": ('# x\n{"a": 1}', {"a": 1}, [("# x", "JSON has no comments")]),
    "comment without end": ('{"a": 1} /* x', {"a": 1}, [("/* x", "JSON has no comments")]),
    "invalid escape": (r'{"a": "\d"}', {"a": "\\d"}, [("\\d", "`\\d` is no escape that JSON knows")]),
    "short escape": (r'["\u12"]', ["\\u12"], [("\\u12", "`\\u12` is no escape that JSON knows")]),
    "tab in a string": ('["x\ty"]', ["x\ty"], [("\t", "a tab inside a string")]),
    "line break in a string": ('["x\ny"]', ["x\ny"], [("\n", "a line break inside a string")]),
    "text after the end": ('{"a": 1} x', {"a": 1}, [("x", "text after the end of the document")]),
    "second document": ('{"a": 1}\n{"b": 2}', {"a": 1}, [("{", "a second document follows the first")]),
    "merge conflict": (
        '{\n<<<<<<< HEAD\n"a": 1\n||||||| base\n"a": 0\n=======\n"a": 2\n>>>>>>> x\n}',
        {"a": 1},
        [("<<<<<<< HEAD", "a merge conflict is not resolved")],
    ),
    "odd blank": ('\N{NO-BREAK SPACE}{"a": 1}', {"a": 1}, [("\N{NO-BREAK SPACE}", "a blank that JSON does not know")]),
    "empty": ("", None, [("", "the document is empty")]),
    "only comments": ("// x", None, [("// x", "JSON has no comments")]),
    "repeated key": ('{"a":1,"a":2}', {"a": 2}, [('"a"', "the key `a` stands twice")]),
    "repeated key, escaped": (r'{"a":1,"\u0061":2}', {"a": 2}, [(r'"\u0061"', "the key `a` stands twice")]),
}


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG)
def test_wrong_text_is_explained_where_it_is_wrong(case: tuple[str, object, list[tuple[str, str]]]) -> None:
    text, value, problems = case

    document = read_json(File("x.json", text))

    assert problems == [(text[slice(*p.span)], p.message) for p in document.problems]
    assert value == document.value


def test_a_bracket_left_open_is_told_by_the_indentation() -> None:
    text = '{\n  "a": {\n    "b": {\n      "c": 1\n  },\n  "d": {\n    "e": 1\n  }\n}\n'

    (problem,) = read_json(File("x.json", text)).problems

    assert problem.message == "`{` is never closed"
    assert ((Span(text.index("{", 12), text.index("{", 12) + 1), "opened here"),) == problem.related


def test_a_repeated_key_points_at_the_first() -> None:
    (problem,) = read_json(File("x.json", '{"a": 1, "a": 2}')).problems

    assert problem.kind == "duplicate-key"
    assert Span(9, 12) == problem.span
    assert ((Span(1, 4), "first here"),) == problem.related


@pytest.mark.parametrize("text", ['{"a": 1} // x', '/* x */ {"a": 1}', '{"a": /* x */ 1}'])
def test_jsonc_may_have_comments(text: str) -> None:
    document = read_json(File("x.jsonc", text), comments=True)

    assert document.problems == ()
    assert document.value == {"a": 1}
    assert text[slice(*document.span(Pointer("/a")))] == "1"


@pytest.mark.parametrize(
    "text", ["[" * 300 + "]" * 300, "[" * 100_000, '{"a":' * 5_000, '[{"a":' * 101 + "1" + "}]" * 101]
)
def test_depth_is_a_problem(text: str) -> None:
    (problem,) = read_json(File("x.json", text)).problems

    assert problem.kind == "depth"
    assert text[: problem.span.start].count("[") + text[: problem.span.start].count("{") == 200


def test_two_hundred_deep_is_fine() -> None:
    text = "[" * 200 + "1" + "]" * 200

    assert read_json(File("x.json", text)).problems == ()


@pytest.mark.parametrize("number", ["9" * 5_000, "-" + "1" * 5_000])
def test_a_number_python_does_not_convert_stays_text(number: str) -> None:
    assert [number] == read_json(File("x.json", f"[{number}]")).value


@pytest.mark.parametrize(
    "text",
    [
        "/*" * 50_000,
        '"a"b ' * 20_000,
        "${" * 50_000,
        "'" * 50_001,
        '["a, ' * 20_000,
        "}" * 50_000,
        "“" * 50_000,
        "‚ " * 50_000,
    ],
)
def test_hostile_text_ends(text: str) -> None:
    for start in ("", "[", '{"a":', '["'):
        assert read_json(File("x.json", start + text)).problems


def test_at_most_one_problem_a_line_and_fifty_in_all() -> None:
    assert len(read_json(File("x.json", "[" + "a b c\n" * 100 + "]")).problems) == 50


def test_spans_of_keys_values_and_parts() -> None:
    text = '{"Statement": [{"Sid": "a\\u00e9\\n\\ud83d\\ude00z", "Effect": "Allow"}]}'
    document = read_json(File("x.json", text))
    sid = Pointer("/Statement/0/Sid")

    def told(span: Span) -> str:
        return text[span.start : span.end]

    assert told(document.key_span(sid)) == '"Sid"'
    assert [told(document.span(sid, (i, i + 1))) for i in range(5)] == ["a", "\\u00e9", "\\n", "\\ud83d\\ude00", "z"]
    assert told(document.span(sid, (2, 5))) == "\\n\\ud83d\\ude00z"
    assert told(document.span(Pointer("/Statement/0"))) == told(document.span(Pointer("/Statement/0/Action/7")))
    assert told(document.span(Pointer("/Statement/0"))) == told(document.key_span(Pointer("/Statement/0")))
    assert text == told(document.span(Pointer("/Nothing")))
    assert [(told(child.key), child.at) for child in document.children(Pointer("/Statement/0")) if child.key] == [
        ('"Sid"', "/Statement/0/Sid"),
        ('"Effect"', "/Statement/0/Effect"),
    ]


def test_a_valid_file_builds_no_tree_until_a_place_is_asked() -> None:
    document = read_json(File("x.json", json.dumps({"a": 1})))

    assert document.source._root is None
    assert Span(6, 7) == document.span(Pointer("/a"))
    assert document.source._root is not None
