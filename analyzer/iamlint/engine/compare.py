"""Comparing access: what one side grants and the other does not, with a witness. Stub being filled in."""

from typing import NamedTuple

from iamlint.engine.access import Access
from iamlint.engine.comparison import Comparison, Witness
from iamlint.engine.world import World
from iamlint.policy import Policy


class Answer(NamedTuple):
    """A witness, or none; `unknown` says why there may be one all the same."""

    witness: Witness | None = None
    assumptions: tuple[str, ...] = ()
    unknown: str = ""


def compare(old: Access, new: Access, world: World) -> Comparison:
    """How the access that `new` grants relates to that of `old`."""
    raise NotImplementedError


def excess(left: Access, right: Access, world: World) -> Answer:
    """A request that `left` grants and `right` does not."""
    raise NotImplementedError


def common(left: Access, right: Access, world: World) -> Answer:
    """A request that both grant."""
    raise NotImplementedError
