"""Automata: is there a word that some globs take and others do not? Knows globs as tokens only, and nothing of IAM.

A glob is a bit-parallel automaton: n tokens are n + 1 states, one bit each, and a `*` is a state that loops. The globs
of a question are packed side by side in one integer, so the product of all of them is explored one integer at a time,
forwards and backwards in turn: what explodes one way is often small the other way.
"""

from collections import deque
from collections.abc import Sequence

Token = str
"""One step of a glob: a letter (one character, or a whole policy variable), two letters that are one but for their case
(`aA`), a literal wildcard (`\\*`), or one of the wildcards below."""
Tokens = tuple[Token, ...]
Letter = str

STAR, ANY = "*", "?"
FIELD_STAR, FIELD_ANY = ":*", ":?"
"""The wildcards of an ARN's first five fields, which take no colon."""
STARS = (STAR, FIELD_STAR)
COLON = ":"
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


def letters_of(token: Token) -> tuple[Letter, ...]:
    """The letters that a token which is no wildcard takes."""
    return tuple(token) if len(token) == 2 and token[0] != "\\" else (token,)


class _Machine:
    """The packed automaton of some globs read in one direction: bit i of a glob is set when i tokens have been read."""

    def __init__(self, globs: Sequence[Tokens]) -> None:
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
        self.weight = 1 + offset // 512
        """What one move costs, in steps: integers of so many bits are slower."""
        self.moves = [(OTHER, self.any | self.field_any, self.stars), *map(self._move, self.letters)]

    def _move(self, letter: Letter) -> tuple[Letter, int, int]:
        own, colon = self.letters[letter], letter == ":"
        any_ = 0 if len(letter) > 2 else self.any | (0 if colon else self.field_any)
        return letter, own | any_, self.star if colon else self.stars

    def steps(self, states: int) -> list[tuple[Letter, int]]:
        """The letters that make a difference, and the states after each."""
        found = []
        for letter, advance, loop in self.moves:
            if letter == OTHER or states & self.letters[letter] or letter == ":" or len(letter) > 2:
                after = ((states & advance) << 1) | (states & loop)
                found.append((letter, after | ((after & self.stars) << 1)))
        return found


class _Side:
    """One direction of the search, breadth first: its words come out shortest first."""

    def __init__(self, positive: Sequence[Sequence[Tokens]], negative: Sequence[Tokens], *, forward: bool) -> None:
        step = 1 if forward else -1
        globs = [tokens[::step] for group in positive for tokens in group]
        machine = self.machine = _Machine([*globs, *(tokens[::step] for tokens in negative)])
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
            moves = self.machine.steps(states)
            budget.spend(1 + len(self.machine.moves) // 16 + len(moves) * self.machine.weight)
            for letter, after in moves:
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

    def __init__(self, positive: Sequence[Sequence[Tokens]], negative: Sequence[Tokens]) -> None:
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
        globs = [tokens for group in (*self.positive, self.negative) for tokens in group]
        budget.spend(sum(map(len, globs)) // 8)
        sides = [_Side(self.positive, self.negative, forward=forward) for forward in (True, False)]
        limit = 64
        while True:
            for side in sides:
                done, word = side.run(limit, budget)
                if done:
                    return word
            limit *= 2

    def _spell(self, letters: Sequence[Letter]) -> str:
        known = {token for group in (*self.positive, self.negative) for tokens in group for token in tokens}
        taken = {letter for token in known for letter in token}
        spare = next((chr(code) for code in _SPARE if chr(code) not in taken), "\u00e9")
        return "".join(spare if letter == OTHER else letter[-1] for letter in letters)


_SPARE = (*range(ord("x"), ord("z") + 1), *range(ord("a"), ord("x")), *range(ord("0"), ord("9") + 1), *range(192, 2000))
