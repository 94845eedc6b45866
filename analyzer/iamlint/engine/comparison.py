"""Comparison: how the access that two policies grant relates, with witnesses. Pure values."""

from enum import StrEnum
from typing import NamedTuple

from iamlint.engine.request import Request
from iamlint.policy import Policy, Statement


class Relation(StrEnum):
    """What the new access is, compared with the old; UNKNOWN where the question was too hard for the budget."""

    EQUIVALENT = "EQUIVALENT"
    NARROWER = "NARROWER"
    BROADER = "BROADER"
    INCOMPARABLE = "INCOMPARABLE"
    UNKNOWN = "UNKNOWN"


class Grounds(NamedTuple):
    """A statement that answers for a witness, in its policy."""

    policy: Policy
    statement: Statement


class Witness(NamedTuple):
    """A request that one side allows and the other does not, evaluated once more by the definition.

    `granted_by` are the statements that allow it on the one side; `denied_by` those that deny it on the other, and
    nothing where merely no statement allows it there.
    """

    request: Request
    granted_by: tuple[Grounds, ...] = ()
    denied_by: tuple[Grounds, ...] = ()


class Comparison(NamedTuple):
    """How new access relates to old: what it gains and loses, each with a witness, and what was assumed.

    `unknown` says what kept a direction from being decided; then `relation` is UNKNOWN, unless a witness of the other
    direction is there, which stays true.
    """

    relation: Relation
    gained: Witness | None = None
    lost: Witness | None = None
    assumptions: tuple[str, ...] = ()
    unknown: str = ""
