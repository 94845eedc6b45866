"""Comparing access: what one side grants and the other does not, with a witness; exact, or *unknown*, never a guess."""

from typing import NamedTuple

from iamlint.engine.access import Access
from iamlint.engine.comparison import Comparison, Relation, Witness
from iamlint.engine.question import EVERYWHERE, Question, Zone
from iamlint.engine.world import World
from iamlint.policy.automaton import Budget

STEPS = 250_000
"""What one question may cost; about a second. Past it the answer is *unknown*."""

NOTHING = Access(())
"""Access that grants nothing."""


class Answer(NamedTuple):
    """A witness, or none; `unknown` says why there may be one all the same."""

    witness: Witness | None = None
    assumptions: tuple[str, ...] = ()
    unknown: str = ""


def compare(old: Access, new: Access, world: World, *, steps: int = STEPS) -> Comparison:
    """How the access that `new` grants relates to what `old` grants.

    Args:
        old: What was granted.
        new: What is granted.
        world: The facts about AWS.
        steps: The budget of each direction.
    """
    gained, lost = excess(new, old, world, steps=steps), excess(old, new, world, steps=steps)
    assumptions = tuple(dict.fromkeys((*gained.assumptions, *lost.assumptions)))
    unknown = gained.unknown or lost.unknown
    if unknown:
        relation = Relation.UNKNOWN
    elif gained.witness:
        relation = Relation.INCOMPARABLE if lost.witness else Relation.BROADER
    else:
        relation = Relation.NARROWER if lost.witness else Relation.EQUIVALENT
    return Comparison(relation, gained.witness, lost.witness, assumptions, unknown)


def excess(left: Access, right: Access, world: World, *, zone: Zone = EVERYWHERE, steps: int = STEPS) -> Answer:
    """A request in `zone` that `left` grants and `right` does not."""
    if _is_same(left, right):
        return Answer()
    question = Question(left, right, world, zone, Budget(steps))
    found = question.ask()
    return Answer(found, tuple(question.assumptions()), "" if found else question.doubt)


def common(left: Access, right: Access, world: World, *, steps: int = STEPS) -> Answer:
    """A request that both sides grant."""
    both = Access(tuple((*one, *other) for one in left.paths for other in right.paths))
    return excess(both, NOTHING, world, steps=steps)


def _is_same(left: Access, right: Access) -> bool:
    """Whether both sides are word for word the same, however hard they are."""

    def words(access: Access) -> object:
        return [[([(p.kind, p.raw) for p in gate.policies], gate[1:]) for gate in path] for path in access.paths]

    return words(left) == words(right)
