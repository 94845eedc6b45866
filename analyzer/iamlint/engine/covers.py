"""Covers: what of a statement another one of the same effect takes in word for word, whatever variables stand for.

Two versions of a policy mostly share their statements. What is plainly the same need not be compared as sets, and its
policy variables need no cases. Claims only what can be read off the texts; `difference` settles the rest.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from iamlint.policy import Condition, Pattern, Policy, PrincipalEntry, Statement

Mask = Callable[[Policy, Statement], int]
"""The actions of a statement as a mask, 1 in the open world; 0 if it never applies."""


class _List(NamedTuple):
    """An element's entries; `negated` for the Not elements."""

    negated: bool
    entries: frozenset[Hashable]

    def takes_in(self, other: "_List", everything: Iterable[Hashable]) -> bool:
        """Whether an element with these entries takes in all that one with the others does."""
        if not self.negated and any(entry in self.entries for entry in everything):
            return True
        if self.negated != other.negated:
            return False
        return self.entries <= other.entries if self.negated else other.entries <= self.entries


class Form(NamedTuple):
    """A statement without places, Sid and order."""

    frame: Hashable
    """What must be equal: the kind of policy, how it reads variables, and which elements there are."""
    conditions: frozenset[Hashable]
    principals: _List
    actions: _List
    resources: _List

    def takes_in(self, other: "Form") -> bool:
        """Whether principals and resources of another form are among those of this one."""
        return self.principals.takes_in(other.principals, _ANYONE) and self.resources.takes_in(other.resources, ("*",))


_ANYONE = (("AWS", "*"),)
_APART = ("Sid", "Effect", "Action", "NotAction", "Condition")
"""What is compared for itself, or means nothing here."""


@lru_cache(maxsize=4096)
def form_of(policy: Policy, index: int) -> Form:
    """The form of a policy's statement."""
    statement = next(each for each in policy.statements if each.index == index)
    raw = statement.raw
    shape = frozenset(element for element in raw if element not in _APART)
    return Form(
        (policy.kind, policy.has_variables, shape),
        frozenset(map(_condition, statement.conditions)),
        _list("NotPrincipal" in raw, map(_principal, (*statement.principals, *statement.not_principals))),
        _list("NotAction" in raw, map(_key, statement.not_actions if "NotAction" in raw else statement.actions)),
        _list("NotResource" in raw, map(_key, (*statement.resources, *statement.not_resources))),
    )


def _list(negated: bool, entries: Iterable[Hashable]) -> _List:
    return _List(negated, frozenset(entries))


def _principal(entry: PrincipalEntry) -> Hashable:
    return entry.type, entry.value


def _key(pattern: Pattern) -> Hashable:
    return pattern.key


def _condition(condition: Condition) -> Hashable:
    operator = condition.operator
    texts = frozenset(value.text for value in condition.values)
    return operator.qualifier, operator.name, operator.if_exists, operator.known, condition.key_lower, texts


class Covers:
    """The statements of one effect in a gate, for one question: what of a statement do they leave over?"""

    def __init__(self, statements: Iterable[tuple[Policy, Statement]], mask: Mask, *, is_open: bool) -> None:
        self._statements, self._mask, self._is_open = statements, mask, is_open
        self._left: dict[tuple[Policy, int], int] = {}

    def residual(self, policy: Policy, statement: Statement) -> int:
        """The mask of a statement's actions without those for which another statement plainly says the same."""
        key = (policy, statement.index)
        if key not in self._left:
            self._left[key] = self._residual(policy, statement)
        return self._left[key]

    @cached_property
    def _forms(self) -> Mapping[Hashable, Sequence[tuple[Form, int]]]:
        """The statements that can apply, with their masks, by their conditions and each entry of Resource."""
        found: dict[Hashable, list[tuple[Form, int]]] = {}
        for policy, statement in self._statements:
            form = form_of(policy, statement.index)
            names_nobody = form.principals.negated and not form.principals.entries
            if names_nobody or not self._mask(policy, statement):
                continue  # it never applies
            for entry in _entries(form.resources):
                found.setdefault((form.conditions, entry), []).append((form, self._mask(policy, statement)))
        return found

    def _residual(self, policy: Policy, statement: Statement) -> int:
        rest, form = self._mask(policy, statement), form_of(policy, statement.index)
        entries = form.actions.entries
        for other, mask in self._candidates(form):
            if not rest & mask or form.frame != other.frame or not other.takes_in(form):
                continue
            if not self._is_open:
                rest &= ~mask
            elif other.actions.takes_in(form.actions, ("*",)):
                return 0
            elif not form.actions.negated and not other.actions.negated:
                entries -= other.actions.entries
        return rest if entries else 0

    def _candidates(self, form: Form) -> Iterator[tuple[Form, int]]:
        """The forms that share an entry of Resource with another one, or have `*`, under its conditions or none."""
        one = min(_entries(form.resources), key=str)
        for conditions in {form.conditions, frozenset()}:
            for entry in {one, "*"}:
                yield from self._forms.get((conditions, entry), ())


def _entries(resources: _List) -> Iterable[Hashable]:
    """What to find a form by: each entry of Resource, or that it has none."""
    return (None,) if resources.negated or not resources.entries else resources.entries
