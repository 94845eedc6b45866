"""Glob languages agree with brute force over short words."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iamlint.policy import glob

LETTERS = "abz"
"""`z` stands in no generated glob: it is every other character."""
WORDS = ["".join(word) for length in range(7) for word in itertools.product(LETTERS, repeat=length)]

globs = st.text(alphabet="ab*?", max_size=5)
short_globs = st.text(alphabet="ab*?", max_size=4)  # `??a*` and `*bbb?` share no word shorter than 7


def language(text: str) -> set[str]:
    """The short words of a glob, by Python's own regular expressions."""
    expression = "".join({"*": ".*", "?": "."}.get(character, character) for character in text)
    return {word for word in WORDS if re.fullmatch(expression, word)}


@given(globs, globs)
def test_covers_is_inclusion(broad: str, narrow: str) -> None:
    """One glob covers another just when its words include the other's."""
    assert glob.covers(broad, narrow) == (language(narrow) <= language(broad))


@given(short_globs, short_globs)
def test_overlap_is_intersection(left: str, right: str) -> None:
    """Two globs overlap just when they share a word."""
    assert glob.overlap(left, right) == bool(language(left) & language(right))


@given(globs, st.text(alphabet=LETTERS, max_size=6))
def test_matches_is_membership(text: str, word: str) -> None:
    """A glob matches just its words."""
    assert glob.matches(text, word) == (word in language(text))


@pytest.mark.parametrize(
    ("broad", "narrow", "expected"),
    [
        ("home/*", "home/${aws:username}/*", True),
        ("home/${aws:username}/*", "home/${aws:username}/a", True),
        ("home/${aws:username}/*", "home/${aws:userid}/*", False),
        ("home/?", "home/${aws:username}", False),
        ("a${*}", "a*", False),
        ("a*", "a${*}", True),
        ("a${*}", "a${*}", True),
        ("a${*}", "a${?}", False),
        ("a${", "a${", True),
        ("*a??????*", "*a*??????", True),
    ],
)
def test_variables(broad: str, narrow: str, expected: bool) -> None:
    """A variable is covered by a star and by itself; `${*}` is a literal star."""
    assert glob.covers(broad, narrow) == expected


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("a${*}b", "a*b", True),
        ("a${*}b", "axb", False),
        ("a${$}", "a$", True),
        ("a${?}", "a?", True),
        ("[ab]", "a", False),
    ],
)
def test_escapes(text: str, word: str, expected: bool) -> None:
    """AWS's escapes mean the character itself; brackets mean nothing special."""
    assert glob.matches(text, word) == expected


def test_hard_globs_end() -> None:
    """Globs made to be hard are answered within the budget, and never with a claim that is not proved."""
    assert glob.covers("*a" + "?" * 40 + "*b", "*a*" + "?" * 39 + "*b*") is False
