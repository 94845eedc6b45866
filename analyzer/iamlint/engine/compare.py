"""Comparing access: what one side grants and the other does not, with a witness; exact, or *unknown*, never a guess.

A request is granted by the left side and not by the right one if it is in an Allow box of every gate of a left path, in
none of their Deny boxes, and on every right path outside some gate's Allow boxes or inside one of its Deny boxes.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, cast

from iamlint.engine.access import Access, Gate
from iamlint.engine.actions import Actions, actions_of
from iamlint.engine.archetypes import Archetype, archetypes
from iamlint.engine.boxes import ACTION, RESOURCE, Box, Names, boxes, coordinate, templates_of
from iamlint.engine.caller import principal_grant
from iamlint.engine.comparison import Comparison, Relation, Witness
from iamlint.engine.difference import Region, Space, regions
from iamlint.engine.globs import arn_template, fill, plain_template, variables_of
from iamlint.engine.match import HAS_PRINCIPAL
from iamlint.engine.sets import ANY_TEXT, State, free, matching, present
from iamlint.engine.variables import Case, Variables
from iamlint.engine.witness import Finder, grants, witness
from iamlint.engine.world import World
from iamlint.policy import Pattern, Policy, Statement
from iamlint.policy.automaton import Budget, BudgetSpentError
from iamlint.policy.language import Glob

STEPS = 250_000
"""What one question may cost; a second at most. Past it the answer is *unknown*."""


class Zone(NamedTuple):
    """The part of all requests that a question is about: some callers, and some states of coordinates."""

    callers: Callable[[Archetype], bool]
    pins: Mapping[str, State]


EVERYWHERE = Zone(lambda _: True, {})


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
        relation = Relation.INCOMPARABLE if gained.witness and lost.witness else Relation.UNKNOWN
    elif gained.witness:
        relation = Relation.INCOMPARABLE if lost.witness else Relation.BROADER
    else:
        relation = Relation.NARROWER if lost.witness else Relation.EQUIVALENT
    return Comparison(relation, gained.witness, lost.witness, assumptions, unknown)


def excess(left: Access, right: Access, world: World, *, zone: Zone = EVERYWHERE, steps: int = STEPS) -> Answer:
    """A request in `zone` that `left` grants and `right` does not."""
    if _is_same(left, right):
        return Answer()
    return _Question(left, right, world, zone, steps).answer()


def common(left: Access, right: Access, world: World, *, steps: int = STEPS) -> Answer:
    """A request that both sides grant."""
    both = Access(tuple((*one, *other) for one in left.paths for other in right.paths))
    return _Question(both, NOTHING, world, EVERYWHERE, steps).answer()


def _is_same(left: Access, right: Access) -> bool:
    """Whether both sides are word for word the same, however hard they are."""

    def words(access: Access) -> object:
        return [[([(p.kind, p.raw) for p in gate.policies], gate.deny_only) for gate in path] for path in access.paths]

    return words(left) == words(right)


NOTHING = Access(())
"""Access that grants nothing."""


class _Boxes(NamedTuple):
    """A gate in one case: the boxes of its Allow and of its Deny statements."""

    allows: Sequence[Box]
    denies: Sequence[Box]
    deny_only: bool


class _Question:
    """What is in `left` and not in `right`, asked caller by caller and case by case."""

    def __init__(self, left: Access, right: Access, world: World, zone: Zone, steps: int) -> None:
        self.left, self.right, self.world, self.zone = left, right, world, zone
        self.budget = Budget(steps)
        self.policies = tuple(
            dict.fromkeys(
                p for access in (left, right) for path in access.paths for gate in path for p in gate.policies
            )
        )
        self.actions = actions_of(cast(Hashable, world))
        self.names = _names(self.actions, self.policies)
        self.variables = Variables(self.policies)
        self.keys = _Keys(self.policies, world)
        self.doubt = ""

    def answer(self) -> Answer:
        """The first witness that holds; without one, whether there can be none."""
        found = None
        try:
            keys = (*self.keys.all, *map(coordinate, self.variables.keys))
            for archetype in filter(self.zone.callers, archetypes(self.policies, keys)):
                found = self._for_caller(archetype)
                if found is not None:
                    break
        except BudgetSpentError:
            self.doubt = "it takes more steps than the budget allows"
        return Answer(found, self._assumptions(), "" if found else self.doubt)

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
        space = Space(self.names.full, initial, self.budget)
        finder = Finder(space, archetype, self.world, self.actions)
        left = [[self._gate(gate, archetype, case) for gate in path] for path in self.left.paths]
        right = [[self._gate(gate, archetype, case) for gate in path] for path in self.right.paths]
        for region in _differences(space, left, right):
            pinned = Region(region.actions, {**{key: initial(key) for key in case.pins}, **region.states})
            for request in finder.requests(pinned):
                if grants(self.left, request) and not grants(self.right, request):
                    return witness(request, self.left, self.right)
            self.doubt = "the request that would show it cannot be told apart from one that cannot be made"
        return None

    def _gate(self, gate: Gate, archetype: Archetype, case: Case) -> _Boxes:
        allows: list[Box] = []
        denies: list[Box] = []
        for policy in gate.policies:
            for statement in policy.statements:
                grant = principal_grant(statement, archetype.caller, has_boundary=False)
                if grant is None and policy.kind in HAS_PRINCIPAL:
                    continue
                if statement.denies:
                    denies.extend(self._boxes(policy, statement, case))
                elif statement.allows and gate.counts(grant):
                    allows.extend(self._boxes(policy, statement, case))
        return _Boxes(allows, denies, gate.deny_only)

    def _boxes(self, policy: Policy, statement: Statement, case: Case) -> tuple[Box, ...]:
        if case.values and _has_variables(policy, statement.index):
            return boxes(policy, statement, self.names, case.lookup, self.keys.is_many)
        return _plain_boxes(policy, statement.index, self.actions, self.names.is_open, self.keys.many)

    def _assumptions(self) -> tuple[str, ...]:
        found = [f"actions are those of the catalogue of {self.world.date}"]
        if self.names.is_open:
            found = ["actions that the catalogue lacks may exist"]
        if self.variables:
            found.append("policy variables have the values tried")
        found += [f"`{key}` is compared both as {kinds}" for key, kinds in self.keys.mixed()]
        return tuple(found)


def _differences(space: Space, left: Sequence[Sequence[_Boxes]], right: Sequence[Sequence[_Boxes]]) -> Iterator[Region]:
    """Regions that a path of the left lets through and every path of the right stops."""
    for path in left:
        denies = [box for gate in path for box in gate.denies]
        for region in regions(space, [gate.allows for gate in path if not gate.deny_only]):
            for inner, covers in _refusals(space, region, right, ()):
                found = space.outside(inner, [*covers, *denies])
                if found is not None:
                    yield found


def _refusals(
    space: Space, region: Region, paths: Sequence[Sequence[_Boxes]], covers: tuple[Box, ...]
) -> Iterator[tuple[Region, tuple[Box, ...]]]:
    """For each choice of a gate of every path that stops a request: where, and the boxes it must not be in."""
    if not paths:
        yield region, covers
        return
    for gate in paths[0]:
        if not gate.deny_only:
            yield from _refusals(space, region, paths[1:], (*covers, *gate.allows))
        for box in gate.denies:
            space.budget.spend()
            inner = space.inside(region, box)
            if inner is not None:
                yield from _refusals(space, inner, paths[1:], covers)


class _Keys:
    """The condition keys of some policies: which hold several values, and what they are before anything is demanded."""

    def __init__(self, policies: Sequence[Policy], world: World) -> None:
        self.all: set[str] = set()
        self._families: dict[str, dict[str, None]] = {}
        sets: dict[str, str] = {}
        for policy in policies:
            for statement in policy.statements:
                for condition in statement.conditions:
                    key = coordinate(condition.key)
                    self.all.add(key)
                    self._families.setdefault(key, {}).setdefault(condition.operator.family)
                    if condition.operator.qualifier:
                        sets.setdefault(key, condition.key_lower)
        self.many = frozenset(key for key, name in sets.items() if world.is_multivalued(name) is not False)

    def is_many(self, key: str) -> bool:
        """Whether a coordinate holds several values."""
        return key in self.many

    def initial(self, key: str) -> State:
        """What a coordinate is before anything is demanded of it."""
        if key == RESOURCE:
            return present(matching(_ALL_RESOURCES))
        if key == ACTION:
            return present(matching(_ALL_ACTIONS))
        if key == "aws:resourceaccount":
            return present(ANY_TEXT)
        is_truth = "Bool" in self._families.get(key, ())
        return free(many=key in self.many, values=matching(_TRUTH) if is_truth else ANY_TEXT)

    def mixed(self) -> Iterator[tuple[str, str]]:
        """The keys that are read in ways which have to do with each other only by the text of the value."""
        for key, families in sorted(self._families.items()):
            read = dict.fromkeys(_READ_AS.get(family, "text") for family in families if family != "Null")
            if len(read) > 1:
                yield key, " and as ".join(read)


_READ_AS = {"Numeric": "number", "Date": "date", "IpAddress": "address", "Binary": "bytes"}


def _glob(text: str, *, arn: bool = False) -> Glob:
    template = arn_template(text, variables=False) if arn else plain_template(text, variables=False)
    glob = fill(template or (), lambda _: None)
    assert glob is not None  # noqa: S101 - a template without variables always has a glob
    return glob


_ALL_RESOURCES = (_glob("*"), _glob("arn:*:*:*:*:*", arn=True))
"""`*`, for actions that work on no resource, and every ARN."""
_ALL_ACTIONS = (Glob(("?", "*", ":", "?", "*")),)
_TRUTH = (_glob("false"), _glob("true"))


def _names(actions: Actions, policies: Sequence[Policy]) -> Names:
    """The closed world of actions; the open one if a policy names an action that the closed one lacks."""
    is_open = not all(_knows(actions, policy) for policy in policies)
    return Names(lambda patterns: _mask(actions, patterns), 1 if is_open else actions.full, is_open)


@lru_cache(maxsize=1024)
def _knows(actions: Actions, policy: Policy) -> bool:
    patterns = (p for statement in policy.statements for p in (*statement.actions, *statement.not_actions))
    return actions.knows(pattern.key for pattern in patterns)


def _mask(actions: Actions, patterns: Iterable[Pattern]) -> int:
    mask = 0
    for pattern in patterns:
        mask |= actions.mask(pattern.key)
    return mask


@lru_cache(maxsize=1024)
def _has_variables(policy: Policy, index: int) -> bool:
    statement = _statement(policy, index)
    return any(variables_of(template) for _, template in templates_of(policy, statement))


@lru_cache(maxsize=4096)
def _plain_boxes(policy: Policy, index: int, actions: Actions, is_open: bool, many: frozenset[str]) -> tuple[Box, ...]:
    """The boxes of a statement in which no variable has a value; policies are compared by identity."""
    names = Names(lambda patterns: _mask(actions, patterns), 1 if is_open else actions.full, is_open)
    return boxes(policy, _statement(policy, index), names, lambda _: None, many.__contains__)


def _statement(policy: Policy, index: int) -> Statement:
    return next(statement for statement in policy.statements if statement.index == index)
