"""Actions: the closed world of action names as bits of an integer. Knows no resource and no condition."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator
from functools import lru_cache
from typing import cast

from iamlint.engine.world import World
from iamlint.policy.glob import expression
from iamlint.policy.language import plain_prefix


class Actions:
    """Every action of the world, in order, is one bit; a pattern is the mask of those it matches."""

    def __init__(self, world: World) -> None:
        self._names = world.action_names()
        self._prefixes = list(self._names)
        self._starts: list[int] = []
        self._order = {prefix: place for place, prefix in enumerate(self._prefixes)}
        self._lists: dict[str, list[str]] = {}
        self._masks: dict[str, int] = {}
        self._indexes: dict[str, dict[str, int]] = {}
        self._lower: dict[str, list[str]] = {}
        total = 0
        for names in self._names.values():
            self._starts.append(total)
            total += names.count(" ") + 1
        self.full = (1 << total) - 1

    def mask(self, pattern: str) -> int:
        """The actions a pattern matches, without regard to letter case; 0 if the world has none of them."""
        pattern = pattern.lower()
        if pattern not in self._masks:
            self._masks[pattern] = self.full if pattern and not pattern.strip("*") else self._mask(pattern)
        return self._masks[pattern]

    def _mask(self, pattern: str) -> int:
        prefix, colon, bare = pattern.partition(":")
        if not colon:
            # Without a colon only a star can stand for it: `s3*` matches `s3:GetObject` too.
            return self._scan(pattern) if "*" in pattern else 0
        if not prefix.strip("*") and not bare.strip("*"):
            return self.full if prefix and bare else 0
        if "*" in prefix or "?" in prefix:
            return self._scan(pattern)
        return self._service_mask(prefix, bare) if prefix in self._names else 0

    def _service_mask(self, prefix: str, bare: str) -> int:
        if "*" not in bare and "?" not in bare:
            return self._index(prefix).get(bare, 0)
        if not bare.strip("*"):
            return ((1 << len(self._list(prefix))) - 1) << self._start(prefix)
        index = self._index(prefix)
        names = self._lower[prefix]
        head = plain_prefix(bare)
        first, last = bisect_left(names, head), bisect_left(names, head + _AFTER)
        if bare == f"{head}*":
            return ((1 << (last - first)) - 1) << (self._start(prefix) + first)
        test = expression(bare)
        return sum(index[name] for name in names[first:last] if test(name))

    def _scan(self, pattern: str) -> int:
        test = expression(pattern)
        return sum(
            bit for prefix in self._prefixes for name, bit in self._index(prefix).items() if test(f"{prefix}:{name}")
        )

    def _index(self, prefix: str) -> dict[str, int]:
        if prefix not in self._indexes:
            start = self._start(prefix)
            self._lower[prefix] = [name.lower() for name in self._list(prefix)]
            self._indexes[prefix] = {name: 1 << (start + i) for i, name in enumerate(self._lower[prefix])}
        return self._indexes[prefix]

    def _list(self, prefix: str) -> list[str]:
        if prefix not in self._lists:
            self._lists[prefix] = sorted(self._names[prefix].split(), key=str.lower)
        return self._lists[prefix]

    def _start(self, prefix: str) -> int:
        return self._starts[self._order[prefix]]

    def of_service(self, prefix: str) -> int:
        """The mask of a service; 0 if there is no such service."""
        return self._service_mask(prefix, "*") if prefix in self._names else 0

    def names(self, mask: int) -> Iterator[str]:
        """The actions of a mask in order, in AWS's spelling."""
        while mask:
            bit = (mask & -mask).bit_length() - 1
            mask &= mask - 1
            place = bisect_right(self._starts, bit) - 1
            prefix = self._prefixes[place]
            yield f"{prefix}:{self._list(prefix)[bit - self._starts[place]]}"

    def spelled(self, name: str) -> str:
        """An action's name in AWS's spelling, where the world has it."""
        mask = self.mask(name) if not re.search(r"[*?]", name) else 0
        return next(self.names(mask), name)

    def knows(self, patterns: Iterable[str]) -> bool:
        """Whether every pattern matches something."""
        return all(self.mask(pattern) for pattern in patterns)


_AFTER = "\U0010ffff"
"""The last of all characters: what begins with a text stands before the text with it."""


@lru_cache(maxsize=4)
def actions_of(world: Hashable) -> Actions:
    """The actions of a world, indexed once; worlds are compared by identity."""
    return Actions(cast("World", world))
