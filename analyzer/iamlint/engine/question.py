"""Question: is there a request that one side grants and the other does not? Asked caller by caller, case by case.

A request is granted by the left side and not by the right one if it is in an Allow box of every gate of a left path, in
none of their Deny boxes, and on every right path outside some gate's Allow boxes or inside one of its Deny boxes.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, cast

from iamlint.engine.access import Access, Gate
from iamlint.engine.actions import actions_of
from iamlint.engine.archetypes import Archetype, archetypes
from iamlint.engine.boxes import Box, coordinate
from iamlint.engine.caller import principal_grant
from iamlint.engine.comparison import Witness
from iamlint.engine.compiled import Compiler
from iamlint.engine.covers import Covers
from iamlint.engine.difference import Region, Space
from iamlint.engine.keys import Keys
from iamlint.engine.linked import tightened
from iamlint.engine.match import HAS_PRINCIPAL
from iamlint.engine.sets import State
from iamlint.engine.variables import Case, Variables
from iamlint.engine.witness import Finder, grants, witness
from iamlint.engine.world import World
from iamlint.policy import Policy, Statement
from iamlint.policy.automaton import Budget, BudgetSpentError

Places = list[tuple[Policy, Statement]]
_LOOK = 20
"""What it costs to make requests of a region and to look at them."""


class Zone(NamedTuple):
    """The part of all requests that a question is about: some callers, and some states of coordinates."""

    callers: Callable[[Archetype], bool]
    pins: Mapping[str, State]


EVERYWHERE = Zone(lambda _: True, {})


class _Plain(NamedTuple):
    """What the statements of a gate plainly take in: of Allow statements, and of Deny ones."""

    allows: Covers
    denies: Covers


class _Boxes(NamedTuple):
    """A gate in one case: the boxes of its Allow and of its Deny statements."""

    gate: Gate
    allows: Sequence[Box]
    denies: Sequence[Box]
    plain: _Plain


class Question:
    """What is in `left` and not in `right`."""

    def __init__(self, left: Access, right: Access, world: World, zone: Zone, budget: Budget) -> None:
        self.left, self.right, self.world, self.zone, self.budget = left, right, world, zone, budget
        gates = [gate for access in (left, right) for path in access.paths for gate in path]
        self.policies = tuple(dict.fromkeys(policy for gate in gates for policy in gate.policies))
        self.actions = actions_of(cast(Hashable, world))
        self.keys = Keys(self.policies, world)
        self.compiler = Compiler(self.actions, self.policies, self.keys.many)
        self._is_bounded = any(gate.bounded for gate in gates)
        self._plain = {gate: self._plainly(gate) for gate in gates}
        self.concerned = self._concerned()
        """The actions that anything is to be found out about."""
        self.variables = Variables([each for each in _places(self.policies) if self._mask(each) & self.concerned])
        self.doubt = ""

    def ask(self) -> Witness | None:
        """The first witness that holds; without one, `doubt` says why there may be one all the same."""
        if not self.concerned:
            return None
        keys = (*self.keys.all, *map(coordinate, self.variables.keys))
        try:
            callers = archetypes(self.policies, keys, self.zone.callers)
            found = next((found for each in callers if (found := self._for_caller(each)) is not None), None)
        except BudgetSpentError:
            self.doubt, found = "it takes more steps than the budget allows", None
        return found

    def assumptions(self) -> Iterator[str]:
        """What the answer rests on."""
        if self.compiler.is_open:
            yield "actions that the catalogue lacks may exist"
        else:
            yield f"actions are those of the catalogue of {self.world.date}"
        if self.variables:
            yield "policy variables have the values tried"
        for key, kinds in self.keys.mixed():
            yield f"`{key}` is compared both as {kinds}"
        for key in self.keys.undocumented:
            yield f"`{key}` holds several values: an operator without `ForAnyValue` or `ForAllValues` means any of them"

    def _mask(self, place: tuple[Policy, Statement]) -> int:
        return self.compiler.mask(*place)

    def _plainly(self, gate: Gate) -> _Plain:
        """What a gate plainly takes in; nothing where it depends on the caller which statements count."""
        counted = [] if gate.by is not None else [each for each in _places(gate.policies) if each[1].allows]
        denying = [each for each in _places(gate.policies) if each[1].denies and not self._is_unlike(each[1])]
        mask, is_open = self.compiler.mask, self.compiler.is_open
        return _Plain(Covers(counted, mask, is_open=is_open), Covers(denying, mask, is_open=is_open))

    def _is_unlike(self, statement: Statement) -> bool:
        """Whether a Deny may say more in one gate than in another: NotPrincipal exempts nobody who has a boundary."""
        return self._is_bounded and statement.has("NotPrincipal")

    def _concerned(self) -> int:
        """The actions for which the texts alone do not tell that the right side grants what the left one does."""
        concerned = 0
        for path in self.left.paths:
            allowing = [p for gate in path if not gate.deny_only for p in _places(gate.policies) if p[1].allows]
            denying = [self._plain[gate].denies for gate in path]
            if not self.right.paths:
                concerned |= _union(map(self._mask, allowing))
            for gate in (gate for other in self.right.paths for gate in other):
                if not gate.deny_only:
                    concerned |= _union(self._plain[gate].allows.residual(*each) for each in allowing)
                for each in _places(gate.policies):
                    if each[1].denies:
                        concerned |= _left_over(self._mask(each), denying, *each)
        return concerned

    def _for_caller(self, archetype: Archetype) -> Witness | None:
        def initial(key: str) -> State:
            return archetype.pins.get(key) or self.zone.pins.get(key) or self.keys.initial(key)

        if not self.variables:
            return self._in_case(archetype, Case({}, {}), initial)
        cases, are_all = self.variables.cases(initial, self.keys.is_many, self.budget)
        for case in cases:

            def pinned(key: str, case: Case = case) -> State:
                return case.pins.get(key) or initial(key)

            found = self._in_case(archetype, case, pinned)
            if found is not None:
                return found
        if not are_all:
            self.doubt = "there are too many policy variables to try all their values"
        return None

    def _in_case(self, archetype: Archetype, case: Case, initial: Callable[[str], State]) -> Witness | None:
        shown: list[Witness] = []

        def accepts(region: Region) -> bool:
            """Whether a request of the region shows the difference; if not, another region still may."""
            self.budget.spend(_LOOK)
            pinned = {**{key: initial(key) for key in case.pins}, **region.states}
            fitting = tightened(Region(region.actions, pinned), space)
            for request in finder.requests(fitting) if fitting else ():
                if grants(self.left, request) and not grants(self.right, request):
                    shown.append(witness(request, self.left, self.right))
                    return True
            if fitting:
                self.doubt = "the request that would show it cannot be told apart from one that cannot be made"
            return False

        space = Space(self.compiler.full & self.concerned, initial, self.budget, accepts)
        finder = Finder(space, archetype, self.world, self.actions)
        left = [[self._gate(gate, archetype, case) for gate in path] for path in self.left.paths]
        right = [[self._gate(gate, archetype, case) for gate in path] for path in self.right.paths]
        return next((shown[0] for _ in _differences(space, left, right)), None)

    def _gate(self, gate: Gate, archetype: Archetype, case: Case) -> _Boxes:
        allows: list[Box] = []
        denies: list[Box] = []
        lookup = case.lookup if case.values else None
        for policy, statement in _places(gate.policies):
            grant = principal_grant(statement, archetype.caller, has_boundary=gate.bounded)
            if grant is None and policy.kind in HAS_PRINCIPAL:
                continue
            if statement.denies:
                denies.extend(self.compiler.boxes(policy, statement, lookup))
            elif statement.allows and gate.counts(grant):
                allows.extend(self.compiler.boxes(policy, statement, lookup))
        return _Boxes(gate, allows, denies, self._plain[gate])


def _places(policies: Iterable[Policy]) -> Places:
    return [(policy, statement) for policy in policies for statement in policy.statements]


def _union(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union


def _left_over(mask: int, covers: Iterable[Covers], policy: Policy, statement: Statement) -> int:
    """What of a mask is in a statement and is not plainly taken in by one of the covers."""
    for each in covers:
        mask &= each.residual(policy, statement)
    return mask


class _Found(NamedTuple):
    """A region of the left side, the boxes it was made of, and what its path plainly denies."""

    region: Region
    boxes: tuple[Box, ...]
    denied: Sequence[Covers]


def _differences(space: Space, left: Sequence[Sequence[_Boxes]], right: Sequence[Sequence[_Boxes]]) -> Iterator[Region]:
    """Regions that a path of the left lets through and every path of the right stops."""
    for path in left:
        denies = [box for gate in path for box in gate.denies]
        denied = [gate.plain.denies for gate in path]
        gates = [gate.allows for gate in path if not gate.gate.deny_only]
        for region, chosen in _choices(space, space.everything, gates):
            for inner, covers in _refusals(space, _Found(region, chosen, denied), right, ()):
                found = space.outside(inner, [*covers, *denies])
                if found is not None:
                    yield found


def _choices(
    space: Space, region: Region, gates: Sequence[Sequence[Box]], chosen: tuple[Box, ...] = ()
) -> Iterator[tuple[Region, tuple[Box, ...]]]:
    """The regions that are in a box of every gate: each choice of one box a gate that has a common request."""
    if not gates:
        yield region, chosen
        return
    for box in gates[0]:
        space.budget.spend()
        inner = space.inside(region, box)
        if inner is not None:
            yield from _choices(space, inner, gates[1:], (*chosen, box))


def _refusals(
    space: Space, found: _Found, paths: Sequence[Sequence[_Boxes]], covers: tuple[Box, ...]
) -> Iterator[tuple[Region, tuple[Box, ...]]]:
    """For each choice of a gate of every path that stops a request: where, and the boxes it must not be in."""
    region = found.region
    if not paths:
        yield region, covers
        return
    for gate in paths[0]:
        if not gate.gate.deny_only:
            rest = region.actions
            for box in found.boxes:
                rest &= gate.plain.allows.residual(box.policy, box.statement)
            if rest:
                inside = found._replace(region=Region(rest, region.states))
                yield from _refusals(space, inside, paths[1:], (*covers, *gate.allows))
        for box in gate.denies:
            space.budget.spend()
            rest = _left_over(region.actions & box.actions, found.denied, box.policy, box.statement)
            inner = space.inside(Region(rest, region.states), box) if rest else None
            if inner is not None:
                yield from _refusals(space, found._replace(region=inner), paths[1:], covers)
