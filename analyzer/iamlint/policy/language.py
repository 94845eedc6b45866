"""Languages: is there a text that some globs match and others do not? Knows nothing of IAM elements.

A glob is a bit-parallel automaton: n tokens are n + 1 states, one bit each, and a `*` is a state that loops. The globs of
a question are packed side by side in one integer, so the product of all of them is explored one integer at a time,
forwards and backwards in turn: what explodes one way is often small the other way.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

Token = str
"""One step of a glob: a letter (one character, or a whole policy variable), two letters that are one but for their case
(`aA`), a literal wildcard (`\\*`), or one of the wildcards below."""
Letter = str

STAR, ANY = "*", "?"
FIELD_STAR, FIELD_ANY = ":*", ":?"
"""The wildcards of an ARN's first five fields, which take no colon."""
STARS = (STAR, FIELD_STAR)
WILDCARDS = (STAR, ANY, FIELD_STAR, FIELD_ANY)
OTHER = "\0"
"""The letter that stands for every character that none of the globs names."""


class BudgetSpentError(Exception):
    """A question took more steps than it was given; its answer is *unknown*."""


class Budget:
    """How many steps are left: a count and no clock, so that the same question always has the same answer."""

    __slots__ = ("steps",)

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def spend(self, steps: int = 1) -> None:
        """Take some steps.

        Raises:
            BudgetSpentError: There are none left.
        """
        self.steps -= steps
        if self.steps < 0:
            raise BudgetSpentError


class Glob:
    """A sequence of tokens as the set of texts it matches. Made by `glob_of`, which keeps equal ones identical."""

    __slots__ = ("_samples", "_test", "head", "literal", "nice", "tokens")

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        plain = 0
        while plain < len(tokens) and len(tokens[plain]) == 1 and tokens[plain] not in WILDCARDS:
            plain += 1
        self.head: str = "".join(tokens[:plain])
        """The letters that every word begins with."""
        simple = all(len(token) == 1 or token[0] == "\\" for token in tokens)
        wild = any(token in WILDCARDS for token in tokens)
        self.literal: str | None = "".join(token[-1] for token in tokens) if simple and not wild else None
        """The only word, where there is only one."""
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
        if token == ":" and index <= last + 1:
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


def letters_of(token: Token) -> tuple[Letter, ...]:
    """The letters that a token which is no wildcard takes."""
    return tuple(token) if len(token) == 2 and token[0] != "\\" else (token,)


class Group:
    """A union of globs. Compared by identity: equal unions in two places are two groups."""

    __slots__ = ("globs", "literals", "wild")

    def __init__(self, globs: Iterable[Glob]) -> None:
        self.globs = tuple(dict.fromkeys(globs))
        self.literals = frozenset(glob.literal for glob in self.globs if glob.literal is not None)
        self.wild = tuple(glob for glob in self.globs if glob.literal is None)

    def __repr__(self) -> str:
        return f"Group({list(self.globs)!r})"

    def matches(self, word: str, budget: Budget) -> bool:
        """Whether one of the globs matches a text."""
        if word in self.literals:
            return True
        budget.spend(1 + len(self.wild) // 4)
        return any(word.startswith(glob.head) and glob.matches(word) for glob in self.wild)


def find(all_of: Sequence[Group], none_of: Sequence[Group], budget: Budget) -> str | None:
    """A text that every group of `all_of` matches and no group of `none_of`; None if there is none.

    Raises:
        BudgetSpentError: The question is too hard for the budget.
    """
    first = min(all_of, key=lambda group: (len(group.wild), len(group.globs)), default=_ALL)
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
    for glob in hard:
        word = _find_in(glob, others, none_of, budget)
        if word is not None:
            return word
    return None


_ALL = Group([EVERYTHING])


def _find_in(glob: Glob, others: Sequence[Group], none_of: Sequence[Group], budget: Budget) -> str | None:
    """The same for one glob, with only those of the others that can have to do with it."""
    positive: list[list[Glob]] = []
    for group in others:
        budget.spend(1 + len(group.globs) // 8)
        near = [other for other in group.globs if _may_meet(glob, other)]
        if not near:
            return None
        if not any(_plainly_covers(other, glob) for other in near):
            positive.append(near)
    negative = []
    for group in none_of:
        budget.spend(1 + len(group.globs) // 8)
        for other in group.globs:
            if _may_meet(glob, other):
                if _plainly_covers(other, glob):
                    return None
                negative.append(other)
    return Product([[glob], *positive], negative).find(budget)


def _may_meet(one: Glob, other: Glob) -> bool:
    return one.head.startswith(other.head) or other.head.startswith(one.head)


def _plainly_covers(broad: Glob, narrow: Glob) -> bool:
    """Whether a glob that is a plain text and a star covers another one; the most frequent case by far."""
    if broad is narrow or broad.is_everything:
        return True
    tokens = broad.tokens
    return tokens[-1:] == (STAR,) and len(broad.head) == len(tokens) - 1 and narrow.head.startswith(broad.head)


class _Machine:
    """The packed automaton of some globs read in one direction: bit i of a glob is set when i tokens have been read."""

    def __init__(self, globs: Sequence[tuple[Token, ...]]) -> None:
        self.letters: dict[Letter, int] = {}
        self.start = self.any = self.field_any = self.star = self.field_star = 0
        self.accepts: list[int] = []
        self.spans: list[int] = []
        self.sinks: list[int] = []
        offset = 0
        for tokens in globs:
            bit = 1 << offset
            self.start |= bit
            for token in tokens:
                if token == STAR:
                    self.star |= bit
                elif token == FIELD_STAR:
                    self.field_star |= bit
                elif token == ANY:
                    self.any |= bit
                elif token == FIELD_ANY:
                    self.field_any |= bit
                else:
                    for letter in letters_of(token):
                        self.letters[letter] = self.letters.get(letter, 0) | bit
                bit <<= 1
            self.accepts.append(bit)
            self.spans.append((bit << 1) - (1 << offset))
            self.sinks.append(bit >> 1 if tokens[-1:] == (STAR,) else 0)
            offset += len(tokens) + 1
        self.stars = self.star | self.field_star
        self.start |= (self.start & self.stars) << 1
        if (self.field_any or self.field_star) and ":" not in self.letters:
            self.letters[":"] = 0
        self.moves = [(OTHER, self.any | self.field_any, self.stars), *map(self._move, self.letters)]

    def _move(self, letter: Letter) -> tuple[Letter, int, int]:
        own, colon = self.letters[letter], letter == ":"
        any_ = 0 if len(letter) > 2 else self.any | (0 if colon else self.field_any)
        return letter, own | any_, self.star if colon else self.stars

    def steps(self, states: int) -> Iterable[tuple[Letter, int]]:
        """The letters that make a difference, and the states after each."""
        for letter, advance, loop in self.moves:
            if letter == OTHER or states & self.letters[letter] or letter == ":" or len(letter) > 2:
                after = ((states & advance) << 1) | (states & loop)
                yield letter, after | ((after & self.stars) << 1)


class _Side:
    """One direction of the search, breadth first: its words come out shortest first."""

    def __init__(self, positive: Sequence[Sequence[Glob]], negative: Sequence[Glob], *, forward: bool) -> None:
        step = 1 if forward else -1
        globs = [glob.tokens[::step] for group in positive for glob in group]
        machine = self.machine = _Machine([*globs, *(glob.tokens[::step] for glob in negative)])
        self.forward = forward
        self.groups: list[tuple[int, int]] = []
        place = 0
        for group in positive:
            part = slice(place, place + len(group))
            self.groups.append((sum(machine.spans[part]), sum(machine.accepts[part])))
            place += len(group)
        self.rejects = sum(machine.accepts[place:])
        self.sinks = sum(machine.sinks[place:])
        self.parents: dict[int, tuple[int, Letter] | None] = {machine.start: None}
        self.waiting = deque([machine.start])

    def run(self, limit: int, budget: Budget) -> tuple[bool, list[Letter] | None]:
        """Look at some states: whether that was all of them, and the word if one was found."""
        if self.forward and self._accepts(self.machine.start):
            return True, []
        for _ in range(limit):
            if not self.waiting:
                return True, None
            states = self.waiting.popleft()
            budget.spend()
            for letter, after in self.machine.steps(states):
                if after in self.parents or self._is_dead(after):
                    continue
                self.parents[after] = (states, letter)
                if self._accepts(after):
                    return True, self._word(after)
                self.waiting.append(after)
        return not self.waiting, None

    def _accepts(self, states: int) -> bool:
        return not states & self.rejects and all(states & accept for _, accept in self.groups)

    def _is_dead(self, states: int) -> bool:
        return bool(states & self.sinks) or not all(states & span for span, _ in self.groups)

    def _word(self, states: int) -> list[Letter]:
        letters: list[Letter] = []
        parent = self.parents[states]
        while parent is not None:
            states, letter = parent
            letters.append(letter)
            parent = self.parents[states]
        return letters[::-1] if self.forward else letters


class Product:
    """The texts that one glob of each positive group matches, and no negative glob."""

    def __init__(self, positive: Sequence[Sequence[Glob]], negative: Sequence[Glob]) -> None:
        self.positive = positive
        self.negative = negative

    def find(self, budget: Budget) -> str | None:
        """A shortest text, or nearly; None if there is none.

        Raises:
            BudgetSpentError: There is no answer within the budget.
        """
        letters = self.letters(budget)
        return None if letters is None else self._spell(letters)

    def letters(self, budget: Budget) -> list[Letter] | None:
        """The same as letters, policy variables among them."""
        sides = [_Side(self.positive, self.negative, forward=forward) for forward in (True, False)]
        limit = 64
        while True:
            for side in sides:
                done, word = side.run(limit, budget)
                if done:
                    return word
            limit *= 2

    def _spell(self, letters: Sequence[Letter]) -> str:
        known = {letter for group in (*self.positive, self.negative) for glob in group for letter in glob.tokens}
        taken = {letter for token in known for letter in token}
        spare = next((chr(code) for code in _SPARE if chr(code) not in taken), "\u00e9")
        return "".join(spare if letter == OTHER else letter[-1] for letter in letters)


_SPARE = (*range(ord("x"), ord("z") + 1), *range(ord("a"), ord("x")), *range(ord("0"), ord("9") + 1), *range(192, 2000))
