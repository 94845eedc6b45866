"""Paths: steps that together give a principal more permissions, and which of them are open to it."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from iamlint.policy import Policy
from iamlint.reach.holder import Holder
from iamlint.reach.step import Ground, Scope, Step, Way
from iamlint.text import Pointer


class Path(NamedTuple):
    """A way to more permissions: all of its steps must be open.

    `name` as the field calls it; `variant_of`: the shorter path that makes this one superfluous where it is open;
    `same`: the second step must work on the resource of the first.
    """

    name: str
    steps: tuple[Step, ...]
    variant_of: str = ""
    same: bool = False


class Paths:
    """Paths that are looked for together, by the services whose actions they take.

    `to_everything`: whoever has gone one of them may give itself every permission.
    """

    def __init__(self, *paths: Path, to_everything: bool = False) -> None:
        self.to_everything: Final = to_everything
        self.by_services: Final[dict[frozenset[str], list[Path]]] = {}
        for path in paths:
            services = frozenset(step.action.partition(":")[0].lower() for step in path.steps)
            self.by_services.setdefault(services, []).append(path)
        self.common: Final = frozenset[str]().union(*self.by_services).intersection(*self.by_services)
        """The services that every path takes."""


class Spot(NamedTuple):
    """What allows an action: a place in a policy."""

    action: str
    policy: Policy
    at: Pointer


class Opened(NamedTuple):
    """Paths that the same statements open: one with the requests that go it, the others by name."""

    path: Path
    ways: tuple[Way, ...]
    others: tuple[Path, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What the paths are called."""
        return (self.path.name, *(path.name for path in self.others))

    @property
    def actions(self) -> str:
        """The actions of the first path, in words.

        >>> way = Way("iam:PassRole", "*", "", (), Scope.ONE)
        >>> Opened(Path("ec2-001", ()), (way, way._replace(action="ec2:RunInstances"))).actions
        '`iam:PassRole` with `ec2:RunInstances`'
        """
        first, *rest = (f"`{way.action}`" for way in self.ways)
        *most, last = rest or [""]
        return f"{first} with {', '.join(most)}{' and ' if most else ''}{last}" if rest else first

    @property
    def story(self) -> str:
        """The requests that go the first path, and what the others are called."""
        also = f"; so do {', '.join(self.names[1:])}" if self.others else ""
        return f"{self.path.name}: {', then '.join(map(str, self.ways))}{also}"

    @property
    def spots(self) -> tuple[Spot, ...]:
        """Where each step is allowed, the first one's place first; a place only once."""
        found: dict[tuple[int, Pointer], Spot] = {}
        for way in self.ways:
            for policy, statement in way.grounds:
                entry = statement.entry_for(way.action)
                at = entry.at if entry else statement.element_at("NotAction")
                found.setdefault((id(policy), at), Spot(way.action, policy, at))
        return tuple(found.values())

    @property
    def scope(self) -> Scope:
        """How much of what the first step is about is in reach."""
        return self.ways[0].scope

    @property
    def is_limited(self) -> bool:
        """Whether a condition stands at one of the statements."""
        return any(way.is_limited for way in self.ways)


def opened(holder: Holder, paths: Paths) -> Iterator[Opened]:
    """The paths that are open, those that the same statements open together; none for an administrator.

    Whoever has all of IAM is told the paths to everything, and none of those to less.
    """
    if not holder.may_use(paths.common):
        return
    groups = paths.by_services.items()
    near = [
        path
        for services, group in groups
        if holder.may_use(services)
        for path in group
        if all(holder.may(step.action) for step in path.steps)
    ]
    if not near or holder.is_administrator or (holder.has_iam and not paths.to_everything):
        return
    ways = {path.name: found for path in near if (found := _ways(holder, path))}
    named = {path.name: path for path in near}
    together: dict[object, list[str]] = {}
    for name, found in ways.items():
        base = named[name].variant_of
        together.setdefault(_statements(ways.get(base, found)), []).append(name)
    for first, *others in together.values():
        yield Opened(named[first], ways[first], tuple(named[name] for name in others))


def _statements(ways: Sequence[Way]) -> frozenset[Ground]:
    return frozenset(ground for way in ways for ground in way.grounds)


def _ways(holder: Holder, path: Path) -> tuple[Way, ...]:
    """A way for every step, or nothing."""
    if path.same:
        first, second = path.steps
        return _linked(holder, first, second) or _linked(holder, second, first)[::-1]
    found = []
    for step in path.steps:
        way = holder.way(step)
        if way is None:
            return ()
        found.append(way)
    return tuple(found)


def _linked(holder: Holder, first: Step, second: Step) -> tuple[Way, ...]:
    """The ways of two steps on one resource: the one that the first step finds, or one that it names."""
    named = [text for text in holder.meant(first).resource if not text.endswith("*")]
    for step in (first, *(first._replace(resource=(text,)) for text in named)):
        before = holder.way(step)
        after = before and holder.way(second._replace(resource=(before.resource,)))
        if before and after:
            return before, after
    return ()
