"""What holds of the sets below the algebra: intervals, texts, states of keys, and the search for a common word."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamlint.engine.ranges import Point, Ranges
from iamlint.engine.sets import (
    TEXT,
    Atom,
    State,
    Texts,
    free,
    group_of,
    matching,
    need_values,
    not_matching,
)
from iamlint.policy.automaton import ANY, FIELD_ANY, FIELD_STAR, STAR, Budget, BudgetSpentError, Product, Tokens
from iamlint.policy.language import Glob, find, glob_of

STEPS = 250_000
few = settings(max_examples=200, deadline=None, derandomize=True, database=None)


# Ranges

_points = st.integers(-3, 3) | st.sampled_from([Fraction(1, 2), Fraction(-5, 2)])
_intervals = st.one_of(
    st.builds(lambda one, other: Ranges.closed(min(one, other), max(one, other)), _points, _points),
    st.builds(lambda value, included: Ranges.below(value, included=included), _points, st.booleans()),
    st.builds(lambda value, included: Ranges.above(value, included=included), _points, st.booleans()),
)
_ranges = st.recursive(
    st.lists(_intervals, max_size=3).map(Ranges.union),
    lambda inner: st.builds(Ranges.meet, inner, inner) | inner.map(Ranges.complement),
    max_leaves=4,
)
_PLACES: Sequence[Point] = [Fraction(number, 4) for number in range(-20, 21)]


def members(ranges: Ranges) -> set[Point]:
    return {place for place in _PLACES if ranges.contains(place)}


@few
@given(_ranges, _ranges)
def test_ranges(one: Ranges, other: Ranges) -> None:
    """Union, intersection and complement are those of sets; a set has one form."""
    everywhere = {*_PLACES}

    assert one.complement().complement() == one
    assert members(one.complement()) == everywhere - members(one)
    assert members(one.meet(other)) == members(one) & members(other)
    assert members(Ranges.union([one, other])) == members(one) | members(other)
    assert one.meet(one.complement()).is_empty
    assert Ranges.union([one, one.complement()]).complement().is_empty
    assert (one == other) == (members(one) == members(other))


@few
@given(_ranges)
def test_a_sample_is_inside(ranges: Ranges) -> None:
    """Where there is a value there is a sample, and a whole one where there is a whole value."""
    sample, whole = ranges.sample(whole=False), ranges.sample(whole=True)

    assert (sample is None) == ranges.is_empty
    assert sample is None or ranges.contains(sample)
    assert whole is None or ranges.contains(whole)


# Words

_field = st.lists(st.sampled_from(["a", "b", "aA", FIELD_STAR, FIELD_ANY]), max_size=3)
_rest = st.lists(st.sampled_from(["a", "b", "aA", ":", STAR, STAR, ANY]), max_size=4)
_globs = st.builds(
    lambda field, rest: glob_of((*field, ":", *rest) if field else tuple(rest)), _field | st.just([]), _rest
)
"""Texts, and ARNs of two fields: wildcards that take no colon stand in front."""
_groups = st.lists(_globs, min_size=1, max_size=3)
WORDS = [*map("".join, (letters for length in range(6) for letters in product("abA:", repeat=length)))]


@few
@given(_globs)
def test_a_glob_matches_as_a_plain_search_does(glob: Glob) -> None:
    """A regular expression that is linear matches what trying everything matches; samples are words."""
    for word in WORDS[:341]:
        assert glob.matches(word) == takes(glob.tokens, word), word
    assert all(takes(glob.tokens, word) for word in glob.samples)


def takes(tokens: Tokens, word: str) -> bool:
    """Whether tokens take a word, by trying everything."""
    if not tokens:
        return not word
    first, rest = tokens[0], tokens[1:]
    if first in (STAR, FIELD_STAR):
        colon = word.find(":") if first == FIELD_STAR else -1
        limit = len(word) if colon < 0 else colon
        return any(takes(rest, word[start:]) for start in range(limit + 1))
    if not word:
        return False
    fits = first == ANY or (first == FIELD_ANY and word[0] != ":") or (first != FIELD_ANY and word[0] in first)
    return fits and takes(rest, word[1:])


@few
@given(st.lists(_groups, min_size=1, max_size=3), st.lists(_globs, max_size=3))
def test_a_product_has_a_word_or_none(positive: list[list[Glob]], negative: list[Glob]) -> None:
    """The word that is found is one; where none is found there is none."""
    tokens = [[glob.tokens for glob in group] for group in positive]
    by_product = Product(tokens, [glob.tokens for glob in negative]).find(Budget(STEPS))
    groups, none_of = [group_of(tuple(group)) for group in positive], [group_of(tuple(negative))]
    by_find = find(groups, none_of, Budget(STEPS))

    def is_in(word: str) -> bool:
        return all(any(takes(glob.tokens, word) for glob in group) for group in positive) and not any(
            takes(glob.tokens, word) for glob in negative
        )

    assert (by_product is None) == (by_find is None)
    for word in (by_product, by_find):
        assert word is None or is_in(word)
    if by_product is None:
        assert not any(map(is_in, WORDS))


def _row(text: str) -> Tokens:
    return tuple(text)


@pytest.mark.parametrize(
    ("positive", "negative", "is_empty"),
    [
        ([f"*a{'?' * 14}", f"*b{'?' * 14}"], [], True),
        ([f"*a{'?' * 14}", f"*?a{'?' * 13}"], [], False),
        ([f"*a{'?' * 14}*", f"*b{'?' * 14}*"], [], False),
        ([f"*a{'?' * 14}"], [f"*a{'?' * 14}"], True),
        ([f"*a{'?' * 14}"], [f"*a{'?' * 13}"], False),
        ([f"{'a*' * 20}b"], [f"{'a*' * 19}b"], True),
        ([f"{'*a' * 12}*"], [f"{'*a' * 13}*"], False),
    ],
)
def test_a_hard_product_ends(positive: list[str], negative: list[str], is_empty: bool) -> None:
    """What explodes in one direction is decided in the other."""
    found = Product([[_row(each)] for each in positive], [_row(each) for each in negative]).find(Budget(STEPS))

    assert (found is None) == is_empty


def test_a_product_without_end_spends_its_budget() -> None:
    """What explodes in both directions is not decided, and says so."""
    hard = [[_row(f"*{letter}{'?' * 30}*{letter}{'?' * 30}*")] for letter in "abcdef"]
    with pytest.raises(BudgetSpentError):
        Product(hard, [_row(f"*{'?' * 300}")]).find(Budget(20_000))


# States

_texts = _groups.map(matching) | _groups.map(not_matching)
_atoms = st.lists(st.builds(lambda values, absent: Atom("k", values, absent=absent), _texts, st.booleans()), max_size=4)
SOME_WORDS = [word for word in WORDS if len(word) <= 4]


def meets(atom: Atom, values: Sequence[str], *, many: bool) -> bool:
    """Whether the values of a key meet a demand, by its words."""
    inside = [holds_text(atom, value) for value in values]
    if not values:
        return atom.absent
    return all(inside) if atom.absent or not many else any(inside)


def holds_text(atom: Atom, value: str) -> bool:
    assert isinstance(atom.values, Texts)
    return atom.values.holds(value, Budget(STEPS))


def met(state: State, atoms: Sequence[Atom]) -> State | None:
    found: State | None = state
    for atom in atoms:
        found = found.meet(atom, Budget(STEPS)) if found is not None else None
    return found


@few
@given(_atoms)
def test_a_single_value(atoms: list[Atom]) -> None:
    """A state is empty only if no value and no absence meets all demands; what it offers does."""
    state = met(free(), atoms)

    assert (state is not None) or not _some(lambda values: all(meets(a, values, many=False) for a in atoms), 1)
    if state is not None:
        if state.absent:
            assert all(atom.absent for atom in atoms)
        if state.valued:
            word = state.facets[TEXT]
            assert isinstance(word, Texts)
            value = word.find(Budget(STEPS))
            assert value is not None
            assert all(meets(atom, [value], many=False) for atom in atoms)


@few
@given(_atoms)
def test_several_values(atoms: list[Atom]) -> None:
    """The same of a key with several values: one value for each need is a list that meets all demands."""
    state = met(free(many=True), atoms)

    assert (state is not None) or not _some(lambda values: all(meets(a, values, many=True) for a in atoms), 2)
    if state is not None:
        values = []
        for need in state.needs:
            texts = need_values(state, need)[TEXT]
            assert isinstance(texts, Texts)
            value = texts.find(Budget(STEPS))
            assert value is not None
            values.append(value)
        assert all(meets(atom, values, many=True) for atom in atoms)


@few
@given(_atoms, st.booleans())
def test_opposites(atoms: list[Atom], many: bool) -> None:
    """Every list of values meets a demand or its opposite, never both; the opposite of that is the demand."""
    for atom in atoms:
        assert atom.opposite.opposite is atom
        for values in ([], ["a"], ["ab", ":"], ["a", "b", "A"]) if many else ([], ["a"], ["b:"], [""]):
            assert meets(atom, values, many=many) != meets(atom.opposite, values, many=many)


def _some(test: Callable[[Sequence[str]], bool], most: int) -> bool:
    words = SOME_WORDS if most == 1 else SOME_WORDS[:21]
    return any(test(values) for length in range(most + 1) for values in product(words, repeat=length))
