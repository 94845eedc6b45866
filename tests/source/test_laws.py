"""What holds of every text: the standard library's values, spans that say what they stand for, no exception."""

import json
from collections.abc import Iterator

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from iamlint.policy.kind import PolicyKind
from iamlint.source import Document, read
from iamlint.source.file import File
from iamlint.source.json_reader import read_json
from iamlint.source.json_repair import Repairer
from iamlint.source.strings import percent_decode, percent_encode
from iamlint.source.yaml_reader import read_yaml
from iamlint.text import ROOT, Pointer

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(["a/b", "a~b", '"', "\\", "😀"])
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4))
indents = st.sampled_from([None, 0, 2, "\t"])
policies = st.fixed_dictionaries(
    {
        "Version": st.just("2012-10-17"),
        "Statement": st.lists(st.fixed_dictionaries({"Effect": texts, "Action": values})),
    }
)
pieces = st.sampled_from(
    [*"{}[]:,\"'\\/#=;\n\t\r &*!|>-%<", "//", "/*", "é", "😀", "\ufeff", "\0", "1", "a", "<<: ", "\ud800"]
)
broken = st.builds(
    lambda text, at, length, piece: text[: at % (len(text) + 1)] + piece + text[at % (len(text) + 1) + length :],
    policies.map(lambda policy: json.dumps(policy, indent=1)) | policies.map(yaml.safe_dump),
    st.integers(0, 10_000),
    st.integers(0, 8),
    st.lists(pieces, max_size=4).map("".join) | st.text(max_size=4),
)


def places(document: Document, at: Pointer, value: object) -> Iterator[tuple[Pointer, object]]:
    yield at, value
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in members:
        yield from places(document, at / key, item)


@settings(deadline=None)
@given(values, indents, st.booleans())
def test_each_span_of_json_reads_as_its_value(value: object, indent: int | str | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    document = read_json(File("x.json", text))

    assert document.problems == ()
    for at, item in places(document, ROOT, value):
        start, end = document.span(at)
        assert item == json.loads(text[start:end])
        if at and document.node(at.parent).keys is not None:
            start, end = document.key_span(at)
            assert at.last == json.loads(text[start:end])


@settings(deadline=None)
@given(values, indents, st.booleans())
def test_the_scanner_reads_what_the_standard_library_does(
    value: object, indent: int | str | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    scanner = Repairer(text)

    assert json.loads(text) == scanner.scan().value
    assert scanner.problems == []


@settings(deadline=None)
@given(st.text(max_size=40) | broken)
def test_the_scanner_has_a_problem_exactly_when_the_standard_library_has(text: str) -> None:
    scanner = Repairer(text)
    value = scanner.scan().value
    try:
        expected = json.loads(text, parse_constant=lambda name: 1 / 0)
    except (ValueError, ZeroDivisionError):
        assert scanner.problems
    else:
        assert scanner.problems == []
        assert expected == value


@settings(deadline=None)
@given(texts, st.booleans(), st.data())
def test_a_part_of_a_string_is_where_it_is_written(string: str, ascii_only: bool, data: st.DataObject) -> None:
    text = json.dumps([string], ensure_ascii=ascii_only)
    start = data.draw(st.integers(0, len(string)))
    end = data.draw(st.integers(start, len(string)))

    span = read_json(File("x.json", text)).span(Pointer("/0"), (start, end))

    assert string[start:end] == json.loads(f'"{text[span.start : span.end]}"')


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_percent_encoding_is_undone(text: str) -> None:
    encoded = percent_encode(text)
    decoded, offsets = percent_decode(encoded)

    assert text == decoded
    assert [percent_encode(character) for character in text] == [
        encoded[a:b] for a, b in zip(offsets.places, offsets.places[1:], strict=False)
    ]


@settings(deadline=None)
@given(values)
def test_each_span_of_yaml_lies_inside_the_one_around_it(value: object) -> None:
    text = yaml.safe_dump(value, allow_unicode=True)
    (document,) = read_yaml(File("x.yaml", text))[:1]

    for at, _ in places(document, ROOT, document.value):
        outer, inner = document.span(at.parent), document.span(at)
        assert 0 <= outer.start <= inner.start <= inner.end <= outer.end <= len(text)


@settings(deadline=None)
@given(values.map(json.dumps).map(json.loads))
def test_yaml_reads_json_as_json_does(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    document = read_yaml(File("x.yaml", text))[0]
    if any(c in text for c in "\x7f\x85\u2028\u2029\ufeff") or not text.isprintable() or document.problems:
        return

    assert value == document.value
    for at, item in places(document, ROOT, value):
        start, end = document.span(at)
        assert item == json.loads(text[start:end])


@settings(deadline=None, max_examples=300)
@given(
    broken | st.text(),
    st.sampled_from(["x.json", "x.jsonc", "x.yaml", "-", "x.txt"]),
    st.sampled_from([None, *PolicyKind]),
)
def test_whatever_the_text_there_is_an_answer_with_places_inside_it(
    text: str, name: str, kind: PolicyKind | None
) -> None:
    reading = read(name, text.encode("utf-8", "surrogatepass"), kind, explicit=True)

    spans = [problem.span for problem in reading.problems]
    spans += [span for problem in reading.problems for span, _ in problem.related]
    for found in reading.found:
        for at, _ in places(found.document, ROOT, found.document.value):
            spans += found.document.span(at), found.document.key_span(at), found.document.span(at, (0, 1))
    for start, end in spans:
        assert 0 <= start <= end <= max(1, len(reading.file.text))
    assert reading.found or reading.problems or reading.skipped


@settings(deadline=None)
@given(
    st.binary() | broken.map(lambda text: text.encode("utf-16", "surrogatepass")),
    st.sampled_from([None, PolicyKind.IDENTITY]),
)
def test_whatever_the_bytes_there_is_an_answer(data: bytes, kind: PolicyKind | None) -> None:
    for name in ("x.json", "x.yaml", "-"):
        assert read(name, data, kind, explicit=True)
