"""Compiled policies: boxes and masks of statements, made once and kept. Policies are compared by identity."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from iamlint.engine.actions import Actions
from iamlint.engine.boxes import Box, Names, boxes, templates_of
from iamlint.engine.globs import Lookup, no_value, variables_of
from iamlint.policy import Pattern, Policy, Statement


class Compiler:
    """Makes boxes for one question, in one world of actions."""

    def __init__(self, actions: Actions, policies: Iterable[Policy], many: frozenset[str]) -> None:
        self._actions, self._many = actions, many
        self.is_open = not all(_knows(actions, policy) for policy in policies)
        """Whether a policy names an action that the world lacks: then any name may be an action."""
        self.full = 1 if self.is_open else actions.full

    def boxes(self, policy: Policy, statement: Statement, lookup: Lookup | None) -> Sequence[Box]:
        """The boxes of a statement; `lookup` gives the values of policy variables, None for none."""
        if lookup is not None and has_variables(policy, statement.index):
            names = _names(self._actions, is_open=self.is_open)
            return boxes(policy, statement, names, lookup, self._many.__contains__)
        return _boxes(policy, statement.index, self._actions, self.is_open, self._many)

    def mask(self, policy: Policy, statement: Statement) -> int:
        """The actions of a statement; 0 if it never applies."""
        return next((box.actions for box in self.boxes(policy, statement, None)), 0)


@lru_cache(maxsize=1024)
def _knows(actions: Actions, policy: Policy) -> bool:
    patterns = (p for statement in policy.statements for p in (*statement.actions, *statement.not_actions))
    return actions.knows(pattern.key for pattern in patterns)


@lru_cache(maxsize=4096)
def has_variables(policy: Policy, index: int) -> bool:
    """Whether a policy's statement holds policy variables."""
    return any(variables_of(template) for _, template in templates_of(policy, statement_of(policy, index)))


@lru_cache(maxsize=4096)
def _boxes(policy: Policy, index: int, actions: Actions, is_open: bool, many: frozenset[str]) -> tuple[Box, ...]:
    names = _names(actions, is_open=is_open)
    return boxes(policy, statement_of(policy, index), names, no_value, many.__contains__)


def _names(actions: Actions, *, is_open: bool) -> Names:
    def mask(patterns: Iterable[Pattern]) -> int:
        found = 0
        for pattern in patterns:
            found |= actions.mask(pattern.key)
        return found

    return Names(mask, 1 if is_open else actions.full, is_open)


def statement_of(policy: Policy, index: int) -> Statement:
    """The statement of a policy with an index."""
    return next(statement for statement in policy.statements if statement.index == index)
