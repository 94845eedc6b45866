"""Box difference: is there a request in a region that none of some boxes holds? Knows no policy and no principal.

Branches are disjoint: where a box can be left in several ways, each next way is looked for only inside the ones before.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from iamlint.engine.boxes import Box
from iamlint.engine.sets import Atom, State
from iamlint.policy.automaton import Budget, BudgetSpentError

_DEPTH = 400
"""Open branches at once; only policies made to be hard need more."""

BY_ACTION = None
"""The way out of a box by an action that it does not hold; the other ways are demands that are not met."""
Way = Atom | None


class Region(NamedTuple):
    """A product of sets that is not empty: actions, and a state for each coordinate that anything was demanded of."""

    actions: int
    states: Mapping[str, State]


class Space:
    """What a request can be, before any statement limits it, and how many steps may be taken to look for one."""

    __slots__ = ("_accepts", "_initial", "_states", "actions", "budget")

    def __init__(
        self,
        actions: int,
        initial: Callable[[str], State],
        budget: Budget,
        accepts: Callable[[Region], bool] = lambda _: True,
    ) -> None:
        self.actions = actions
        self.budget = budget
        self._accepts = accepts
        self._initial = initial
        self._states: dict[str, State] = {}

    @property
    def everything(self) -> Region:
        """All requests."""
        return Region(self.actions, {})

    def state(self, region: Region, key: str) -> State:
        """The state of a coordinate in a region."""
        state = region.states.get(key)
        if state is None:
            state = self._states.get(key)
            if state is None:
                state = self._states[key] = self._initial(key)
        return state

    def inside(self, region: Region, box: Box) -> Region | None:
        """The part of a region that is in a box; None if there is none.

        Raises:
            BudgetSpentError: It takes too long to find out.
        """
        actions = region.actions & box.actions
        if not actions:
            return None
        if not box.atoms:
            return Region(actions, region.states)
        states = dict(region.states)
        for atom in box.atoms:
            state = self.state(region, atom.key) if atom.key not in states else states[atom.key]
            met = state.meet(atom, self.budget)
            if met is None:
                return None
            states[atom.key] = met
        return Region(actions, states)

    def meeting(self, region: Region, atom: Atom) -> Region | None:
        """The part of a region that meets a demand."""
        met = self.state(region, atom.key).meet(atom, self.budget)
        return None if met is None else Region(region.actions, {**region.states, atom.key: met})

    def ways_out(self, region: Region, box: Box) -> list[Way] | None:
        """The ways to be in a region and not in a box, disjoint in order; None if no request is in both."""
        if not region.actions & box.actions:
            return None
        ways: list[Way] = [BY_ACTION] if region.actions & ~box.actions else []
        budget = self.budget
        seen: dict[str, State] = {}
        for atom in box.atoms:
            key = atom.key
            state = seen.get(key)
            if state is None:
                state = self.state(region, key)
            met = state.meet(atom, budget)
            if met is None:
                return None
            if state.meet(atom.opposite, budget) is not None:
                ways.append(atom)
            seen[key] = met
        return ways

    def outside(self, region: Region | None, boxes: Sequence[Box], depth: int = 0) -> Region | None:
        """A part of a region that is in none of some boxes and is accepted; None if there is none.

        Raises:
            BudgetSpentError: It takes too long to find out.
        """
        if depth > _DEPTH:
            raise BudgetSpentError
        while region is not None:
            self.budget.spend(1 + 2 * len(boxes))
            live, narrowest, ways = self._live(region, boxes)
            if narrowest is None:
                return region if self._accepts(region) else None
            if not ways:
                return None
            boxes = [box for box in live if box is not narrowest]
            for way in ways[:-1]:
                found = self.outside(self._leave(region, narrowest, way), boxes, depth + 1)
                if found is not None:
                    return found
                region = self._stay(region, narrowest, way)
                if region is None:
                    return None
            region = self._leave(region, narrowest, ways[-1])
        return None

    def _live(self, region: Region, boxes: Iterable[Box]) -> tuple[list[Box], Box | None, list[Way]]:
        """The boxes that meet a region, and the one with the fewest ways out; a box without any ends the search."""
        live: list[Box] = []
        narrowest: Box | None = None
        fewest: list[Way] = []
        for box in boxes:
            ways = self.ways_out(region, box)
            if ways is None:
                continue
            if not ways:
                return [], box, []
            live.append(box)
            if narrowest is None or len(ways) < len(fewest):
                narrowest, fewest = box, ways
        return live, narrowest, fewest

    def _leave(self, region: Region, box: Box, way: Way) -> Region | None:
        if way is BY_ACTION:
            return Region(region.actions & ~box.actions, region.states)
        return self.meeting(region, way.opposite)

    def _stay(self, region: Region, box: Box, way: Way) -> Region | None:
        if way is BY_ACTION:
            return Region(region.actions & box.actions, region.states)
        return self.meeting(region, way)
