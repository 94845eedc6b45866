"""Languages: globs and unions of them as sets of texts. Knows nothing of IAM elements; `automaton` does the search."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from iamlint.policy.automaton import ANY, COLON, FIELD_ANY, FIELD_STAR, STAR, STARS, WILDCARDS, Budget, Product, Token


@lru_cache(maxsize=65536)
def plain_prefix(text: str) -> str:
    """What stands before the first wildcard: every word of a covered glob begins with it, so the glob itself does."""
    return text.partition(STAR)[0].partition(ANY)[0]


class Glob:
    """A sequence of tokens as the set of texts it matches. Made by `glob_of`, which keeps equal ones identical."""

    __slots__ = ("_samples", "_test", "head", "literal", "nice", "tokens")

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        text = "".join(tokens)
        if len(text) == len(tokens):
            self.head: str = plain_prefix(text)
            """The letters that every word begins with."""
            self.literal: str | None = text if len(self.head) == len(text) else None
            """The only word, where there is only one."""
        else:
            plain = next((i for i, token in enumerate(tokens) if len(token) > 1 or token in WILDCARDS), len(tokens))
            self.head = "".join(tokens[:plain])
            simple = all(len(token) == 1 or token[0] == "\\" for token in tokens)
            wild = any(token in WILDCARDS for token in tokens)
            self.literal = "".join(token[-1] for token in tokens) if simple and not wild else None
        self.nice: str | None = None
        """A word that people understand, if the maker of the glob knows one."""
        self._test: Callable[[str], object] | None = None
        self._samples: tuple[str, ...] | None = None

    def __repr__(self) -> str:
        return f"Glob({''.join(self.tokens)!r})"

    @property
    def is_everything(self) -> bool:
        """Whether it is `*`."""
        return self.tokens == (STAR,)

    def matches(self, word: str) -> bool:
        """Whether a text is in the set; a variable matches no text."""
        if self.literal is not None:
            return self.literal == word
        if self._test is None:
            self._test = _expression(self.tokens)
        return self._test(word) is not None

    @property
    def samples(self) -> tuple[str, ...]:
        """A few of its words; there are none if it holds a variable."""
        if self._samples is None:
            self._samples = tuple(dict.fromkeys(self._make_samples()))
        return self._samples

    def _make_samples(self) -> Iterable[str]:
        if self.literal is not None:
            yield self.literal
            return
        if any(len(token) > 2 for token in self.tokens):
            return
        if self.nice is not None and self.matches(self.nice):
            yield self.nice
        for star, any_ in (("example", "x"), ("", "x"), ("~q7", "q")):
            yield "".join(
                star if token in STARS else any_ if token in WILDCARDS else token[-1] for token in self.tokens
            )


@lru_cache(maxsize=65536)
def glob_of(tokens: tuple[Token, ...]) -> Glob:
    """The glob of some tokens; a star beside a star is one star."""
    text = "".join(tokens)
    if len(text) == len(tokens) and "**" not in text:
        return Glob(tokens)
    kept: list[Token] = []
    for token in tokens:
        if token in STARS and kept and kept[-1] in STARS:
            if token == STAR:
                kept[-1] = STAR
            continue
        kept.append(token)
    return Glob(tuple(kept))


EVERYTHING = glob_of((STAR,))


@lru_cache(maxsize=65536)
def _expression(tokens: tuple[Token, ...]) -> Callable[[str], object]:
    """A glob as a regular expression, linear in the word: within a field, a part once placed is never moved.

    A field ends where the first literal colon stands that no field wildcard can pass.
    """
    limits = [index for index, token in enumerate(tokens) if token in (FIELD_STAR, FIELD_ANY)]
    last = limits[-1] if limits else -1
    fields: list[list[Token]] = [[]]
    for index, token in enumerate(tokens):
        if token == COLON and index <= last + 1:
            fields.append([])
        else:
            fields[-1].append(token)
    return re.compile(":".join(map(_field, fields)), re.DOTALL).fullmatch


def _field(tokens: list[Token]) -> str:
    parts: list[str] = [""]
    stars: list[str] = []
    for token in tokens:
        if token in STARS:
            stars.append("." if token == STAR else "[^:]")
            parts.append("")
        else:
            parts[-1] += _class(token)
    if not stars:
        return parts[0]
    middle = "".join(f"(?>{star}*?{part})" for star, part in zip(stars[:-1], parts[1:-1], strict=True))
    return f"{parts[0]}{middle}{stars[-1]}*{parts[-1]}"


def _class(token: Token) -> str:
    if token == ANY:
        return "."
    if token == FIELD_ANY:
        return "[^:]"
    if len(token) > 2:
        return "(?!)"
    if token[0] == "\\" and len(token) == 2:
        return re.escape(token[1])
    return re.escape(token) if len(token) == 1 else f"[{re.escape(token[0])}{re.escape(token[1])}]"


class Group:
    """A union of globs. Compared by identity: equal unions in two places are two groups."""

    __slots__ = ("_heads", "_lengths", "_sorted", "globs", "literals", "rank", "wild")

    def __init__(self, globs: Iterable[Glob]) -> None:
        self.globs = tuple(dict.fromkeys(globs))
        self.literals = frozenset(glob.literal for glob in self.globs if glob.literal is not None)
        self.wild = tuple(glob for glob in self.globs if glob.literal is None)
        self.rank = (any(len(glob.head) < _WEAK for glob in self.wild), len(self.wild), len(self.globs))
        """The less, the better a search begins here."""
        self._heads: dict[str, list[Glob]] = {}
        self._lengths: list[int] = []
        self._sorted: list[str] = []

    def __repr__(self) -> str:
        return f"Group({list(self.globs)!r})"

    def matches(self, word: str, budget: Budget) -> bool:
        """Whether one of the globs matches a text."""
        if word in self.literals:
            return True
        if len(self.wild) <= _FEW:
            budget.spend()
            return any(word.startswith(glob.head) and glob.matches(word) for glob in self.wild)
        heads = self._index()
        near = [globs for length in self._lengths if length <= len(word) and (globs := heads.get(word[:length]))]
        budget.spend(1 + len(self._lengths) // 8 + sum(map(len, near)) // 4)
        return any(glob.matches(word) for globs in near for glob in globs)

    def near(self, glob: Glob, budget: Budget) -> list[Glob]:
        """The globs that can have a word in common with another one, as far as their first letters tell."""
        if len(self.globs) <= _FEW:
            return [other for other in self.globs if _may_meet(glob, other)]
        heads, head = self._index(), glob.head
        found = [other for length in self._lengths if length < len(head) for other in heads.get(head[:length], ())]
        place = bisect_left(self._sorted, head)
        while place < len(self._sorted) and self._sorted[place].startswith(head):
            found += heads[self._sorted[place]]
            place += 1
        budget.spend(1 + (len(self._lengths) + len(found)) // 8)
        return found

    def _index(self) -> dict[str, list[Glob]]:
        if not self._heads:
            for glob in self.globs:
                self._heads.setdefault(glob.head, []).append(glob)
            self._sorted = sorted(self._heads)
            self._lengths = sorted({len(head) for head in self._heads})
        return self._heads


_FEW = 8
"""Up to here a list is searched faster than an index."""
_WEAK = 5
"""A glob that begins with fewer letters than these narrows a search down to nothing."""


def find(all_of: Sequence[Group], none_of: Sequence[Group], budget: Budget) -> str | None:
    """A text that every group of `all_of` matches and no group of `none_of`; None if there is none.

    Raises:
        BudgetSpentError: The question is too hard for the budget.
    """
    first = min(all_of, key=lambda group: group.rank, default=_ALL)
    others = [group for group in all_of if group is not first]
    hard = []
    for glob in first.globs:
        for word in glob.samples:
            if all(group.matches(word, budget) for group in others) and not any(
                group.matches(word, budget) for group in none_of
            ):
                return word
        if glob.literal is None:
            hard.append(glob)
    found = (_find_in(glob, others, none_of, budget) for glob in hard)
    return next((word for word in found if word is not None), None)


_ALL = Group([EVERYTHING])


def _find_in(glob: Glob, others: Sequence[Group], none_of: Sequence[Group], budget: Budget) -> str | None:
    """The same for one glob, with only those of the others that can have to do with it."""
    positive: list[list[Glob]] = []
    for group in others:
        near = group.near(glob, budget)
        if not near:
            return None
        if not any(_plainly_covers(other, glob) for other in near):
            positive.append(near)
    negative: list[Glob] = []
    for group in none_of:
        near = group.near(glob, budget)
        if any(_plainly_covers(other, glob) for other in near):
            return None
        negative += near
    return Product(
        [[glob.tokens], *([other.tokens for other in near] for near in positive)], [other.tokens for other in negative]
    ).find(budget)


def _may_meet(one: Glob, other: Glob) -> bool:
    return one.head.startswith(other.head) or other.head.startswith(one.head)


def _plainly_covers(broad: Glob, narrow: Glob) -> bool:
    """Whether a glob that is a plain text and a star covers another one; the most frequent case by far."""
    if broad is narrow or broad.is_everything:
        return True
    tokens = broad.tokens
    return tokens[-1:] == (STAR,) and len(broad.head) == len(tokens) - 1 and narrow.head.startswith(broad.head)
