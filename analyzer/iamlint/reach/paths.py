"""Paths: steps that together give a principal more permissions, and which of them are open to it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from iamlint.reach.holder import Holder
from iamlint.reach.step import Ground, Scope, Step, Way


class Path(NamedTuple):
    """A way to more permissions: all of its steps must be open.

    `name` as the field calls it; `variant_of`: a shorter path that makes this one superfluous where it is open;
    `same`: the second step must work on the resource of the first.
    """

    name: str
    steps: tuple[Step, ...]
    variant_of: str = ""
    same: bool = False
    gives: str = ""
    """What it gives, as the object of a sentence."""


class Opened(NamedTuple):
    """Paths that the same statements open: the first in full, the others by name."""

    path: Path
    ways: tuple[Way, ...]
    others: tuple[Path, ...] = ()

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """The statements that open it, each once."""
        return tuple(dict.fromkeys(ground for way in self.ways for ground in way.grounds))

    @property
    def scope(self) -> Scope:
        """How much of what the first step is about is in reach."""
        return self.ways[0].scope

    @property
    def is_limited(self) -> bool:
        """Whether a condition stands at one of the statements."""
        return any(way.is_limited for way in self.ways)


def opened(holder: Holder, paths: Sequence[Path]) -> Iterator[Opened]:
    """The paths that are open, those that the same statements open together; none for an administrator.

    A variant is not tried where the path it is a variant of is open.
    """
    if holder.is_administrator:
        return
    ways: dict[str, tuple[Way, ...]] = {}
    for path in paths:
        if path.variant_of not in ways and all(holder.may(step.action) for step in path.steps):
            found = _ways(holder, path)
            if found:
                ways[path.name] = found
    named = {path.name: path for path in paths}
    together: dict[frozenset[Ground], list[str]] = {}
    for name, found in ways.items():
        together.setdefault(frozenset(Opened(named[name], found).grounds), []).append(name)
    for first, *others in together.values():
        yield Opened(named[first], ways[first], tuple(named[name] for name in others))


def _ways(holder: Holder, path: Path) -> tuple[Way, ...]:
    """A way for every step, or nothing."""
    if path.same:
        first, second = path.steps
        return _linked(holder, first, second) or _linked(holder, second, first)[::-1]
    found = tuple(way for step in path.steps if (way := holder.way(step)))
    return found if len(found) == len(path.steps) else ()


def _linked(holder: Holder, first: Step, second: Step) -> tuple[Way, ...]:
    """The ways of two steps on one resource: the one that the first step finds."""
    before = holder.way(first)
    after = before and holder.way(second._replace(resource=(before.resource,)))
    return (before, after) if before and after else ()
