"""Ranges: sets of numbers, dates and addresses as sorted cuts of the line. Knows no key and no operator."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, Union

if TYPE_CHECKING:  # slow to import, and few policies hold numbers
    from fractions import Fraction

Point = Union["Fraction", int, float]
Cut = tuple[Point, int]
"""A place between points: just before a value (0) or just after it (1)."""

_LOW: Cut = (float("-inf"), 0)
_HIGH: Cut = (float("inf"), 1)


class Ranges(NamedTuple):
    """A union of disjoint intervals: cuts in order, beginnings and ends by turns.

    >>> Ranges.closed(1, 3).meet(Ranges.closed(1, 3).complement()).is_empty
    True
    """

    cuts: tuple[Cut, ...]

    @classmethod
    def closed(cls, first: Point, last: Point) -> "Ranges":
        """From `first` to `last`, both included."""
        return cls(((first, 0), (last, 1)))

    @classmethod
    def below(cls, value: Point, *, included: bool) -> "Ranges":
        """All that is less than a value."""
        return cls((_LOW, (value, int(included))))

    @classmethod
    def above(cls, value: Point, *, included: bool) -> "Ranges":
        """All that is greater than a value."""
        return cls(((value, int(not included)), _HIGH))

    @classmethod
    def union(cls, ranges: Iterable["Ranges"]) -> "Ranges":
        """What is in one of them or more."""
        edges = sorted((cut, -1 if index % 2 else 1) for each in ranges for index, cut in enumerate(each.cuts))
        cuts: list[Cut] = []
        depth = 0
        for cut, change in edges:
            before, depth = depth, depth + change
            if (before == 0) != (depth == 0):
                if cuts and cuts[-1] == cut:
                    cuts.pop()
                else:
                    cuts.append(cut)
        return cls(tuple(cuts))

    def complement(self) -> "Ranges":
        """All that is not in the set."""
        cuts = self.cuts
        cuts = cuts[1:] if cuts[:1] == (_LOW,) else (_LOW, *cuts)
        return Ranges(cuts[:-1] if cuts[-1:] == (_HIGH,) else (*cuts, _HIGH))

    def meet(self, other: "Ranges") -> "Ranges":
        """What is in both."""
        return Ranges.union((self.complement(), other.complement())).complement()

    def contains(self, value: Point) -> bool:
        """Whether a value is in the set."""
        return sum(cut <= (value, 0) for cut in self.cuts) % 2 == 1

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it."""
        return not self.cuts

    def sample(self, *, whole: bool) -> Point | None:
        """A value in the set, at a boundary where there is one; None if there is none.

        Args:
            whole: Only integers count.
        """
        for (low, after_low), (high, after_high) in zip(self.cuts[::2], self.cuts[1::2], strict=True):
            value = _between(low, high, at_low=not after_low, at_high=bool(after_high), whole=whole)
            if value is not None:
                return value
        return None


def _between(low: Point, high: Point, *, at_low: bool, at_high: bool, whole: bool) -> Point | None:
    if (low, high) == (_LOW[0], _HIGH[0]):
        return 0
    if low == _LOW[0]:
        return high if at_high else high - 1
    if at_low:
        return low
    if whole and low + 1 <= high - (not at_high):
        return low + 1
    if at_high and high != _HIGH[0]:
        return high
    if high == _HIGH[0] or low + 1 < high:
        return low + 1
    return None if whole else (low + high) / 2
