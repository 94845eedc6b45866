"""Policy variables: the values that are worth trying for each, so that a variable's text becomes plain text.

A variable ties two coordinates together, which no box can. So its value is fixed: absent, something that nothing names,
or a text that some pattern makes of interest. What is found so is true; what is not found rests on these values.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import NamedTuple

from iamlint.engine.boxes import RESOURCE, coordinate, templates_of
from iamlint.engine.globs import Template, plain_template, variables_of
from iamlint.engine.sets import ABSENT, TEXT, Atom, State, Texts, matching, present
from iamlint.policy import Policy
from iamlint.policy.automaton import STARS, WILDCARDS, Budget
from iamlint.policy.glob import is_variable
from iamlint.policy.language import glob_of

MOST_CASES = 256
MOST_VALUES = 24
"""How much is tried for one question, and for one variable."""


class Case(NamedTuple):
    """Values for the variables: by key what it is (None: absent), and the states of those coordinates."""

    values: Mapping[str, str | None]
    pins: Mapping[str, State]

    def lookup(self, key: str) -> str | None:
        """The value of a key; None if it is absent."""
        return self.values.get(key)


class Variables:
    """The variables of some policies, and the texts that may matter for each."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        templates = [each for policy in policies for statement in policy.statements for each in
                     templates_of(policy, statement)]  # fmt: skip
        self._found: dict[str, list[tuple[str, Template]]] = {}
        for place, template in templates:
            for variable in variables_of(template):
                self._found.setdefault(variable.key, []).append((place, template))
        self._constants: dict[str, list[Template]] = {}
        if self._found:
            for policy in policies:
                self._collect(policy)

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def keys(self) -> tuple[str, ...]:
        """The condition keys that stand as variables."""
        return tuple(self._found)

    def _collect(self, policy: Policy) -> None:
        for statement in policy.statements:
            for entry in (*statement.resources, *statement.not_resources):
                self._constants.setdefault(RESOURCE, []).append(tuple(entry.text))
            for condition in statement.conditions:
                texts = [tuple(value.text) for value in condition.values if "${" not in value.text]
                self._constants.setdefault(coordinate(condition.key), []).extend(texts)

    def cases(
        self, initial: Callable[[str], State], is_many: Callable[[str], bool], budget: Budget
    ) -> tuple[list[Case], bool]:
        """The cases to try, and whether these are all that were thought of."""
        keys = list(self._found)
        options = [self._options(key, initial, is_many, budget) for key in keys]
        count = 1
        for each in options:
            count *= len(each)
        made: list[Case] = []
        for values in product(*options):
            if len(made) == MOST_CASES:
                break
            made.append(Case(dict(zip(keys, values, strict=True)), _pins(keys, values, is_many)))
        consistent = [case for case in made if _is_consistent(case)]
        return consistent, count <= MOST_CASES

    def _options(
        self, key: str, initial: Callable[[str], State], is_many: Callable[[str], bool], budget: Budget
    ) -> list[str | None]:
        if is_many(coordinate(key)):
            return [None]
        state = initial(coordinate(key))
        texts = [text for text in self._texts(key, state, budget) if _may_be(state, text, budget)]
        values: list[str | None] = list(islice(dict.fromkeys(texts), MOST_VALUES))
        return [*values, None] if state.absent else values

    def _texts(self, key: str, state: State, budget: Budget) -> Iterator[str]:
        known = state.facets[TEXT]
        word = known.find(budget) if isinstance(known, Texts) and known.all_of else None
        if word:
            yield word
        yield _FRESH.get(coordinate(key), f"{key.rpartition(':')[2].rpartition('/')[2] or 'some'}-1")
        for constant in self._constants.get(coordinate(key), ()):
            yield from _spelled(constant)
        for place, template in self._found[key]:
            for constant in self._constants.get(place, ()):
                for caught in _aligned(template, key, constant):
                    yield from _spelled(tuple(caught))


_FRESH = {
    "aws:principalaccount": "777788889999",
    "aws:resourceaccount": "777788889999",
    "aws:sourceaccount": "777788889999",
}


def _pins(keys: Sequence[str], values: Sequence[str | None], is_many: Callable[[str], bool]) -> dict[str, State]:
    pins: dict[str, State] = {}
    for key, value in zip(keys, values, strict=True):
        place = coordinate(key)
        if not is_many(place):
            pins[place] = ABSENT if value is None else present(matching([glob_of(_plain(value))]))
    return pins


def _is_consistent(case: Case) -> bool:
    """Whether keys that always have one value have one here."""
    seen: dict[str, str | None] = {}
    return all(seen.setdefault(coordinate(key), value) == value for key, value in case.values.items())


def _plain(text: str) -> Template:
    return plain_template(text, variables=False)


def _may_be(state: State, text: str, budget: Budget) -> bool:
    return state.meet(Atom("", matching([glob_of(_plain(text))])), budget) is not None and state.valued


def _spelled(constant: Template) -> Iterator[str]:
    """A pattern as texts it matches."""
    for star in ("example", ""):
        text = "".join(star if c == "*" else "x" if c == "?" else c for c in constant)
        if text:
            yield text


def _aligned(template: Template, key: str, constant: Template) -> Iterator[str]:
    """What a variable would have to be for a template to be the text of another pattern."""
    if any(is_variable(token) for token in constant):
        return
    shape, caught = "", False
    for token in template:
        if is_variable(token):
            mine = key in {variable.key for variable in variables_of((token,))}
            shape += "(.*)" if mine and not caught else ".*"
            caught = caught or mine
        elif token in WILDCARDS:
            shape += ".*" if token in STARS else "."
        else:
            shape += re.escape(token[-1])
    match = re.fullmatch(shape, "".join(constant), re.DOTALL)
    if match and match[1]:
        yield match[1]
