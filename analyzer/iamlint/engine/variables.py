"""Policy variables: the values that are worth trying for each, so that a variable's text becomes plain text.

A variable ties two coordinates together, which no box can. So its value is fixed: absent, something that nothing names,
or a text that some pattern makes of interest. What is found so is true; what is not found rests on these values.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice, product
from typing import NamedTuple

from iamlint.engine.boxes import RESOURCE, coordinate, templates_of
from iamlint.engine.compiled import has_variables, statement_of
from iamlint.engine.globs import Template, fill, plain_template, variables_of
from iamlint.engine.sets import ABSENT, TEXT, Atom, State, Texts, matching, present
from iamlint.policy import Policy, Statement
from iamlint.policy.automaton import STARS, WILDCARDS, Budget
from iamlint.policy.glob import is_variable
from iamlint.policy.language import Glob, glob_of

MOST_CASES = 256
MOST_VALUES = 64
"""How much is tried for one question, and for one variable."""
_A_FEW = 4
"""How many values of other variables are looked at."""


class Case(NamedTuple):
    """Values for the variables: by key what it is (None: absent), and the states of those coordinates."""

    values: Mapping[str, str | None]
    pins: Mapping[str, State]

    def lookup(self, key: str) -> str | None:
        """The value of a key; None if it is absent."""
        return self.values.get(key)


@lru_cache(maxsize=4096)
def _constants_of(policy: Policy, index: int) -> Mapping[str, tuple[str, ...]]:
    """The texts without variables in a statement, by the coordinate they are compared with."""
    statement = statement_of(policy, index)
    entries = (*statement.resources, *statement.not_resources)
    found = {RESOURCE: [entry.text for entry in entries]}
    for condition in statement.conditions:
        found.setdefault(coordinate(condition.key), []).extend(value.text for value in condition.values)
    if not policy.has_variables:
        return {key: tuple(dict.fromkeys(texts)) for key, texts in found.items()}
    plain = {key: dict.fromkeys(map(_without_escapes, texts)) for key, texts in found.items()}
    return {key: tuple(text for text in texts if "${" not in text) for key, texts in plain.items()}


def _without_escapes(text: str) -> str:
    return text.replace("${*}", "*").replace("${?}", "?").replace("${$}", "$") if "${" in text else text


class Variables:
    """The variables of some statements, and the texts that may matter for each."""

    def __init__(self, places: Sequence[tuple[Policy, Statement]]) -> None:
        self._found: dict[str, list[tuple[str, Template]]] = {}
        for policy, statement in places:
            if has_variables(policy, statement.index):
                for place, template in templates_of(policy, statement):
                    for variable in variables_of(template):
                        self._found.setdefault(variable.key, []).append((place, template))
        self._places = places if self._found else ()

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def keys(self) -> tuple[str, ...]:
        """The condition keys that stand as variables."""
        return tuple(self._found)

    def _constants(self, place: str) -> Iterator[str]:
        return (
            text for policy, statement in self._places for text in _constants_of(policy, statement.index).get(place, ())
        )

    def cases(
        self, initial: Callable[[str], State], is_many: Callable[[str], bool], budget: Budget
    ) -> tuple[list[Case], bool]:
        """The cases to try, and whether these are all that were thought of."""
        keys = [key for key in self._found if not is_many(coordinate(key))]
        states = {key: initial(coordinate(key)) for key in keys}
        texts = {key: list(dict.fromkeys(self._texts(key, states[key], budget))) for key in keys}
        if len(keys) > 1:
            texts = {key: list(dict.fromkeys([*found, *self._ties(key, texts)])) for key, found in texts.items()}
        count, options = 1, []
        for key, state in states.items():
            may_be_empty = coordinate(key) not in _FRESH
            tried = [text for text in texts[key] if text or may_be_empty]
            values: list[str | None] = [text for text in tried if _may_be(state, text, budget)]
            count *= len(values) + state.absent
            options.append([*values[:MOST_VALUES], None] if state.absent else values[:MOST_VALUES])
        made = [
            Case(dict(zip(keys, values, strict=True)), _pins(keys, values))
            for values in islice(product(*options), MOST_CASES)
        ]
        is_cut = any(len(each) > MOST_VALUES for each in texts.values()) or count > MOST_CASES
        return [case for case in made if _is_consistent(case)], not is_cut

    def _ties(self, key: str, texts: Mapping[str, Sequence[str]]) -> Iterator[str]:
        """The texts that the values of other variables make of interest."""
        others = [each for found in self._found.values() for each in found]
        for number in range(_A_FEW):

            def lookup(other: str, number: int = number) -> str | None:
                known = texts.get(other)
                return known[number % len(known)] if known and other != key else None

            made = [(place, glob) for place, template in others if (glob := fill(template, lookup)) is not None]
            for place, glob in dict.fromkeys(made):
                yield from self._of_interest(key, place, _written(glob))

    def _of_interest(self, key: str, place: str, constant: str) -> Iterator[str]:
        """What a variable has to be to equal a text, or for a text with the variable to equal it."""
        if place == coordinate(key):
            yield from _spelled(constant)
        for own, template in dict.fromkeys(self._found[key]):
            match = _shape(template, key)(constant) if own == place else None
            if match is not None:
                yield from _spelled(match[1])

    def _texts(self, key: str, state: State, budget: Budget) -> Iterator[str]:
        known = state.facets[TEXT]
        word = known.find(budget) if isinstance(known, Texts) and known.all_of else None
        if word:
            yield word
        yield _FRESH.get(coordinate(key), f"{key.rpartition(':')[2].rpartition('/')[2] or 'some'}-1")
        for place in dict.fromkeys((coordinate(key), *(place for place, _ in self._found[key]))):
            for constant in self._constants(place):
                yield from self._of_interest(key, place, constant)
        if coordinate(key) in _FRESH:
            yield from self._accounts()
        yield ""  # a tag's value may be empty, and so may a prefix

    def _accounts(self) -> Iterator[str]:
        """The accounts in ARNs: they settle whose a resource, a caller or a source is."""
        for place in (RESOURCE, *_ARNS):
            yield from (match[1] for text in self._constants(place) if (match := _ACCOUNT.match(text)))


_ARNS = ("aws:principalarn", "aws:sourcearn")
_ACCOUNT = re.compile(r"arn:[^:]*:[^:]*:[^:]*:(\d{12}):")
_FRESH = {
    "aws:principalaccount": "777788889999",
    "aws:resourceaccount": "777788889999",
    "aws:sourceaccount": "777788889999",
}


def _pins(keys: Sequence[str], values: Sequence[str | None]) -> dict[str, State]:
    pins: dict[str, State] = {}
    for key, value in zip(keys, values, strict=True):
        pins[coordinate(key)] = ABSENT if value is None else present(matching([glob_of(_plain(value))]))
    return pins


def _written(glob: Glob) -> str:
    """A glob as a pattern."""
    return "".join("*" if token in STARS else "?" if token in WILDCARDS else token[-1] for token in glob.tokens)


def _is_consistent(case: Case) -> bool:
    """Whether keys that always have one value have one here."""
    seen: dict[str, str | None] = {}
    return all(seen.setdefault(coordinate(key), value) == value for key, value in case.values.items())


def _plain(text: str) -> Template:
    return plain_template(text, variables=False)


def _may_be(state: State, text: str, budget: Budget) -> bool:
    return state.meet(Atom("", matching([glob_of(_plain(text))])), budget) is not None and state.valued


def _spelled(constant: str) -> Iterator[str]:
    """A pattern as texts it matches; itself too, which is all that operators without wildcards match."""
    if "*" in constant or "?" in constant:
        for star in ("example", ""):
            yield constant.replace("*", star).replace("?", "x")
    yield constant


@lru_cache(maxsize=4096)
def _shape(template: Template, key: str) -> Callable[[str], re.Match[str] | None]:
    """What tells what a variable would have to be for a template to be the text of another pattern."""
    shape, caught = "", False
    for token in template:
        if is_variable(token):
            mine = not caught and variables_of((token,))[0].key == key
            shape += "(.*)" if mine else ".*"
            caught = caught or mine
        elif token in WILDCARDS:
            shape += ".*" if token in STARS else "."
        else:
            shape += re.escape(token[-1])
    return re.compile(shape, re.DOTALL).fullmatch
