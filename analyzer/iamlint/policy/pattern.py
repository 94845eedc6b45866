"""Pattern: a text with wildcards as the set of texts it matches, and its place. Knows nothing of actions or ARNs."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from iamlint.policy import glob
from iamlint.policy.automaton import STAR
from iamlint.policy.language import plain_prefix
from iamlint.text import ROOT, Pointer


class Pattern:
    """One entry of an element, such as `s3:Get*`, read as the set of everything it matches.

    `a <= b` (everything `a` matches, `b` matches), `a < b` (and `b` matches more), `a == b` (the same set) and `a & b`
    (something matches both) compare sets; `str(a)` is the text as written, `a.at` its place in the policy.

    Actions fold case, resources do not: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
    """

    __slots__ = ("_at", "_index", "fold", "key", "text")

    def __init__(self, text: str, at: Pointer = ROOT, index: int | None = None, *, fold: bool = False) -> None:
        """Make the entry that stands at a place, or at an index of the list there."""
        self.text: Final = text
        self._at: Final = at
        self._index: Final = index
        self.fold: Final = fold
        self.key: Final = text.lower() if fold else text
        """The text as it is compared."""

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Pattern({self.text!r}, at={str(self.at)!r})"

    def __le__(self, other: "Pattern") -> bool:
        return glob.covers(other.key, self.key)

    def __lt__(self, other: "Pattern") -> bool:
        return self <= other and not other <= self

    def __ge__(self, other: "Pattern") -> bool:
        return other <= self

    def __gt__(self, other: "Pattern") -> bool:
        return other < self

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Pattern):
            return NotImplemented
        return self.key == other.key or (self <= other <= self)

    def __hash__(self) -> int:
        """Equal sets may be written in several ways, such as `*?` and `?*`: only what they share may be hashed."""
        return hash(tuple(sorted(token for token in glob.tokens(self.key) if token != STAR)))

    def __and__(self, other: "Pattern") -> bool:
        return glob.overlap(self.key, other.key)

    @property
    def at(self) -> Pointer:
        """Its place in the policy; made when it is asked for, as there is nothing to say of most entries."""
        return self._at if self._index is None else self._at / self._index

    @property
    def is_everything(self) -> bool:
        """Whether this is `*`, however many stars it is written with."""
        text = self.text
        return text[:1] == "*" and not text.strip("*")

    @property
    def has_wildcard(self) -> bool:
        """Whether it can match more than one text, its variables apart."""
        text = self.text
        return ("*" in text or "?" in text) and glob.has_wildcard(text)

    @property
    def has_variable(self) -> bool:
        """Whether it holds a policy variable, such as `${aws:username}`."""
        return any(glob.is_variable(token) for token in glob.tokens(self.text))

    def matches(self, word: str) -> bool:
        """Whether a plain text is in the set."""
        return glob.matches(self.key, word.lower() if self.fold else word)


def covered(patterns: Sequence[Pattern]) -> Iterator[tuple[Pattern, Pattern]]:
    """The patterns of a list that another one makes superfluous, each with the broadest that does.

    Of several that mean the same, the first stays.
    """
    keys = [pattern.key for pattern in patterns]
    text = "".join(keys) if len(keys) > 1 else ""
    if "*" not in text and "?" not in text and len(set(keys)) == len(keys):
        return
    first: dict[str, Pattern] = {}
    for pattern in patterns:
        first.setdefault(pattern.key, pattern)
    near = _near(first)
    for pattern in patterns if near or len(first) < len(keys) else ():
        twin, others = first[pattern.key], near.get(pattern.key, ())
        covers = [other for other in others if pattern <= other and not _keeps(pattern, other)]
        if covers:
            yield pattern, next(one for one in covers if all(one >= other or not one <= other for other in covers))
        elif twin is not pattern:
            yield pattern, twin


def _near(patterns: Mapping[str, Pattern]) -> dict[str, list[Pattern]]:
    """For the key of each pattern the others that may cover it, by what they begin with and have in them."""
    found: dict[str, list[Pattern]] = {}
    ordered = sorted(patterns)
    for key, pattern in patterns.items():
        if pattern.has_wildcard:
            prefix, part = plain_prefix(key), _landmark(key)
            for narrow in ordered[bisect_left(ordered, prefix) :]:
                if not narrow.startswith(prefix):
                    break
                if part in narrow and narrow != key:
                    found.setdefault(narrow, []).append(pattern)
    return found


@lru_cache(maxsize=16384)
def _landmark(glob: str) -> str:
    """The longest plain text after the first wildcard: every word has it, so every glob that this one covers has it."""
    return "" if "${" in glob else max(glob.replace("?", "*").split("*")[1:], key=len, default="")


def _keeps(pattern: Pattern, other: Pattern) -> bool:
    """Whether a pattern stays although another covers it: they mean the same, and it comes first."""
    return other <= pattern and _order(pattern.at) < _order(other.at)


def _order(at: Pointer) -> tuple[str, int]:
    """The order of the entries of one list."""
    return (str(at.parent), int(at.last)) if at.last.isdigit() else (str(at), 0)
