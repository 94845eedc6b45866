"""Steps, and the ways a principal has to take them. Pure values."""

from enum import IntEnum
from typing import NamedTuple

from iamlint.policy import Policy, Statement


class Step(NamedTuple):
    """Something to be done on the way to more permissions.

    `resource`: patterns of the resources that would do. `where`: what the request's context must be, each an operator,
    a key and values, as in a Condition. `others`: the caller's own user or role is not among the resources meant.
    `trusting`: the resource is a role that trusts this service; `caller` for one that trusts the caller. It counts only
    where all roles of the account are known.
    """

    action: str
    resource: tuple[str, ...] = ("*",)
    where: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    others: bool = False
    trusting: str = ""


class Scope(IntEnum):
    """How much of what a step is about a principal may do it on."""

    ONE = 0
    """What a text without wildcards names."""
    SOME = 1
    """What fits a pattern."""
    EVERY = 2
    """All of it."""


class Ground(NamedTuple):
    """A statement that lets a step pass, and the policy it stands in."""

    policy: Policy
    statement: Statement


class Way(NamedTuple):
    """A request by which a principal takes a step.

    `where` says in words what its context must be; `is_limited`: a condition stands at one of the statements.
    """

    action: str
    resource: str
    where: str
    grounds: tuple[Ground, ...]
    scope: Scope
    is_limited: bool = False

    def __str__(self) -> str:
        return f"`{self.action}` on `{self.resource}`" + (f" where {self.where}" if self.where else "")
