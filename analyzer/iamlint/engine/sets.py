"""Sets of values and the state of one coordinate of a request: what a condition key, or the resource, may still be.

The state of a single-valued key is whether it may be absent, and the values it may have. That of a multivalued key is
whether it may be empty, what all of its values are in, and what some value of it is in. Both are closed under the
conditions of policies and their negations, so that a statement is a box. Knows no statement and no policy.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Union

from iamlint.engine.ranges import Ranges
from iamlint.engine.scalars import LAST_ADDRESS
from iamlint.policy.automaton import Budget
from iamlint.policy.language import Glob, Group, find

TEXT, NUMBER, ADDRESS, BINARY = "text", "number", "address", "binary"
"""The facets of a value: how an operator reads it. Facets of one value are taken as independent; see `witness`."""


@lru_cache(maxsize=16384)
def group_of(globs: tuple[Glob, ...]) -> Group:
    """The union of some globs; equal unions are one object, so that what is the same is seen at once."""
    return Group(globs)


class Texts:
    """The texts that match all of some unions of globs and none of some others."""

    __slots__ = ("all_of", "none_of")

    def __init__(self, all_of: tuple[Group, ...] = (), none_of: tuple[Group, ...] = ()) -> None:
        self.all_of = all_of
        self.none_of = none_of

    def meet(self, other: "Texts") -> "Texts":
        """What is in both."""
        return Texts(_joined(self.all_of, other.all_of), _joined(self.none_of, other.none_of))

    def find(self, budget: Budget) -> str | None:
        """One of the texts; None if there is none."""
        if any(group in self.none_of for group in self.all_of):
            return None
        return find(self.all_of, self.none_of, budget)

    def holds(self, text: str, budget: Budget) -> bool:
        """Whether a text is one of them."""
        return all(group.matches(text, budget) for group in self.all_of) and not any(
            group.matches(text, budget) for group in self.none_of
        )


def _joined(one: tuple[Group, ...], other: tuple[Group, ...]) -> tuple[Group, ...]:
    return one + tuple(group for group in other if group not in one)


Values = Union[Texts, Ranges]  # noqa: UP007 - read at run time


def matching(globs: Iterable[Glob]) -> Texts:
    """The texts that one of the globs matches."""
    return Texts(all_of=(group_of(tuple(globs)),))


def not_matching(globs: Iterable[Glob]) -> Texts:
    """The texts that none of the globs matches."""
    return Texts(none_of=(group_of(tuple(globs)),))


ANY_TEXT = not_matching(())
NO_TEXT = matching(())


class Atom:
    """One demand on one coordinate: a union of globs or its complement, or ranges. Compared by identity.

    A request meets it if its key is absent and `absent` is set, or if it is there with a value in `values`; of a
    multivalued key, all values are then meant if `absent` is set, and some value if it is not. Null has such a form
    too: present is *some value, whatever it is*, absent is *all values in nothing*.
    """

    __slots__ = ("_opposite", "absent", "facet", "key", "values")

    def __init__(self, key: str, values: Values, facet: str = TEXT, *, absent: bool = False) -> None:
        self.key = key
        self.values = values
        self.facet = facet
        self.absent = absent
        self._opposite: Atom | None = None

    def __repr__(self) -> str:
        return f"Atom({self.key!r}, {self.facet}, absent={self.absent})"

    @property
    def opposite(self) -> "Atom":
        """The demand that just the other requests meet."""
        if self._opposite is None:
            self._opposite = Atom(self.key, _complement(self.values), self.facet, absent=not self.absent)
            self._opposite._opposite = self  # noqa: SLF001 - of its own class
        return self._opposite


def _complement(values: Values) -> Values:
    if isinstance(values, Ranges):
        return values.complement()
    return Texts(all_of=values.none_of, none_of=values.all_of)


class State:
    """What one coordinate may still be; never changed. `meet` gives the next state, and remembers it."""

    __slots__ = ("_met", "absent", "facets", "many", "needs", "valued")

    def __init__(
        self,
        facets: Mapping[str, Values],
        *,
        absent: bool,
        many: bool = False,
        needs: tuple[Atom, ...] = (),
        valued: bool = True,
    ) -> None:
        self.facets = facets
        self.absent = absent
        self.many = many
        self.needs = needs
        self.valued = valued
        """Whether it may be present with a value."""
        self._met: dict[Atom, State | None] = {}

    def __repr__(self) -> str:
        return f"State({dict(self.facets)!r}, absent={self.absent}, needs={self.needs!r})"

    def meet(self, atom: Atom, budget: Budget) -> "State | None":
        """What it may still be if it also meets a demand; None if it cannot.

        Raises:
            BudgetSpentError: It takes too long to find out.
        """
        if atom not in self._met:
            budget.spend()
            self._met[atom] = self._meet_many(atom, budget) if self.many else self._meet_single(atom, budget)
        return self._met[atom]

    def _meet_single(self, atom: Atom, budget: Budget) -> "State | None":
        absent = self.absent and atom.absent
        facets, valued = self.facets, False
        if self.valued:
            facets = _narrowed(facets, atom)
            valued = not _is_empty(facets[atom.facet], atom.facet, budget)
        if not absent and not valued:
            return None
        return State(facets, absent=absent, valued=valued)

    def _meet_many(self, atom: Atom, budget: Budget) -> "State | None":
        if atom.absent:
            facets = _narrowed(self.facets, atom)
            valued = self.valued and not _is_empty(facets[atom.facet], atom.facet, budget)
            if valued and all(_meets_need(facets, need, budget) for need in self.needs):
                return State(facets, absent=self.absent, many=True, needs=self.needs)
            return State(facets, absent=True, many=True, valued=False) if self.absent else None
        if not self.valued or not _meets_need(self.facets, atom, budget):
            return None
        return State(self.facets, absent=False, many=True, needs=(*self.needs, atom))


def _narrowed(facets: Mapping[str, Values], atom: Atom) -> dict[str, Values]:
    old, new = facets.get(atom.facet) or _WHOLE.get(atom.facet), atom.values
    if isinstance(old, Ranges) and isinstance(new, Ranges):
        new = old.meet(new)
    if isinstance(old, Texts) and isinstance(new, Texts):
        new = old.meet(new)
    return {**facets, atom.facet: new}


_WHOLE: dict[str, Values] = {ADDRESS: Ranges.closed(0, LAST_ADDRESS)}
"""What a value may be of which nothing is known, where that is not simply everything."""


def _meets_need(facets: Mapping[str, Values], need: Atom, budget: Budget) -> bool:
    return not _is_empty(_narrowed(facets, need)[need.facet], need.facet, budget)


def _is_empty(values: Values, facet: str, budget: Budget) -> bool:
    if isinstance(values, Ranges):
        return values.sample(whole=facet == ADDRESS) is None
    return values.find(budget) is None


def need_values(state: State, need: Atom) -> Mapping[str, Values]:
    """What the value may be by which a multivalued key meets a need."""
    return _narrowed(state.facets, need)


def free(*, many: bool = False, values: Texts = ANY_TEXT) -> State:
    """A key of which nothing is known."""
    return State({TEXT: values}, absent=True, many=many)


def present(values: Texts) -> State:
    """A single value that is always there."""
    return State({TEXT: values}, absent=False)


ABSENT = State({TEXT: ANY_TEXT}, absent=True, valued=False)
"""A key that is not there."""
