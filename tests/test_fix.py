"""Edits change exactly the stretch they name."""

import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest

from iamlint.fix import apply
from iamlint.rule import Edit, Fix, insert, remove, rename, replace
from iamlint.source import read
from iamlint.text import Pointer

TEXT = """{
  "Version": "2008-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": ["s3:a", "s3:b", "s3:c"],
      "Resource": [
        "x",
        "y"
      ]
    }
  ]
}
"""
STATEMENT = Pointer("/Statement/0")


def edited(*edits: Edit, text: str = TEXT) -> str:
    document = read("p.json", text.encode()).found[0].document
    return apply(document, [Fix.safely("t", *edits)])


@pytest.mark.parametrize(
    ("edit", "old", "new"),
    [
        (remove(STATEMENT / "Action" / 0), '"s3:a", "s3:b", "s3:c"', '"s3:b", "s3:c"'),
        (remove(STATEMENT / "Action" / 2), '"s3:a", "s3:b", "s3:c"', '"s3:a", "s3:b"'),
        (remove(STATEMENT / "Resource" / 1), '"x",\n        "y"', '"x"'),
        (remove(STATEMENT / "Effect"), '"Effect": "Allow",\n      ', ""),
        (remove(Pointer("/Version")), '"Version": "2008-10-17",\n  ', ""),
        (replace(Pointer("/Version"), "2012-10-17"), "2008-10-17", "2012-10-17"),
        (replace(STATEMENT / "Action", "s3:ä"), '["s3:a", "s3:b", "s3:c"]', '"s3:ä"'),
        (replace(STATEMENT / "Resource", ["z"]), '[\n        "x",\n        "y"\n      ]', '[\n        "z"\n      ]'),
        (rename(STATEMENT / "Action", "NotAction"), '"Action"', '"NotAction"'),
        (insert(STATEMENT / "Sid", "A"), '"Effect"', '"Sid": "A",\n      "Effect"'),
        (insert(Pointer("/Id"), "A"), '"Statement"', '"Id": "A",\n  "Statement"'),
        (insert(STATEMENT / "Condition", {}), '"y"\n      ]', '"y"\n      ],\n      "Condition": {}'),
        (insert(STATEMENT / "Action" / 1, "n"), '"s3:a", ', '"s3:a", "n", '),
        (insert(STATEMENT / "Resource" / 9, "z"), '"y"', '"y",\n        "z"'),
    ],
    ids=lambda value: f"{value.verb} {value.at}" if isinstance(value, Edit) else "",
)
def test_edit(edit: Edit, old: str, new: str) -> None:
    """Only the named stretch changes, in the style of what stands around it."""
    after = edited(edit)

    assert after == TEXT.replace(old, new, 1)
    json.loads(after)


def test_conflicting_fixes() -> None:
    """Of two fixes that touch the same stretch, the first is made and the other left for the next round."""
    document = read("p.json", TEXT.encode()).found[0].document
    one = Fix.safely("one", remove(STATEMENT / "Action" / 0))
    other = Fix.safely("other", replace(STATEMENT / "Action", "s3:*"))

    assert apply(document, [one, other]) == apply(document, [one])


def test_inside_a_string() -> None:
    """A policy quoted inside another document is edited there, escapes and all."""
    policy = {"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
    text = json.dumps({"Policy": json.dumps(policy)})
    after = edited(insert(Pointer("/Statement/Sid"), "A"), replace(Pointer("/Version"), "2012-10-17"), text=text)

    assert json.loads(json.loads(after)["Policy"]) == {
        "Version": "2012-10-17",
        "Statement": {"Sid": "A", **policy["Statement"]},  # type: ignore[dict-item]
    }


def quote_plain(text: str) -> str:
    return quote(text, safe="")


@pytest.mark.parametrize("encode", [quote, quote_plain, quote_plus, str])
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize(
    "edits",
    [
        [remove(STATEMENT / "Action" / 1), replace(STATEMENT / "Sid", "a b+é"), rename(STATEMENT / "Resource", "N")],
        [
            insert(STATEMENT / "Action" / 2, "s3:ü"),
            insert(STATEMENT / "Resource" / 1, "y"),
            insert(Pointer("/Id"), "+"),
        ],
        [insert(STATEMENT / "Condition" / "Bool", {"a": "b"}), remove(STATEMENT / "Resource" / 0)],
    ],
)
def test_inside_an_encoded_string(encode: Callable[[str], str], ascii_only: bool, edits: list[Edit]) -> None:
    """A policy as IAM's API returns it is edited in its encoding, and reads as the plain one edited alike."""
    statement = {"Sid": "é ü", "Effect": "Allow", "Action": ["s3:a", "s3:b"], "Resource": ["x"], "Condition": {}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, ensure_ascii=ascii_only)
    text = json.dumps({"RoleName": "r", "PolicyName": "p", "PolicyDocument": encode(policy)}, ensure_ascii=ascii_only)
    (found,) = read("p.json", edited(*edits, text=text).encode()).found

    assert (found.document.value, ()) == (json.loads(edited(*edits, text=policy)), found.document.problems)
