"""Glob languages: which words a pattern means, and whether one pattern covers another. Knows nothing of IAM elements.

A glob is compiled to a bit-parallel automaton: n tokens are n + 1 states, one bit each, `*` is a state that loops.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

import re
from collections.abc import Callable
from functools import lru_cache

STAR, ANY = "*", "?"

Token = str
"""`*`, `?`, or something literal: one character, or a whole policy variable such as `${aws:username}`."""

_ESCAPES = {"${*}": "\\*", "${?}": "\\?", "${$}": "$"}
"""What AWS calls special characters: a literal `*`, `?` and `$`; the backslash keeps them apart from the wildcards."""


@lru_cache(maxsize=65536)
def tokens(glob: str) -> tuple[Token, ...]:
    """Split a glob into tokens; `**` is `*`, and policy variables stay whole.

    >>> tokens("a**?${aws:username}")
    ('a', '*', '?', '${aws:username}')
    """
    found: list[str] = []
    position, end = 0, len(glob)
    while position < end:
        character = glob[position]
        close = glob.find("}", position) if glob.startswith("${", position) else -1
        token = glob[position : close + 1] if close > 0 else character
        position += len(token)
        if token == STAR and found and found[-1] == STAR:
            continue
        found.append(_ESCAPES.get(token, token))
    return tuple(found)


def is_variable(token: Token) -> bool:
    """Whether a token stands for a value known only at request time."""
    return len(token) > 2


@lru_cache(maxsize=65536)
def has_wildcard(glob: str) -> bool:
    """Whether a glob holds a `*` or `?` that means something else than itself."""
    return ("*" in glob or "?" in glob) and any(token in (STAR, ANY) for token in tokens(glob))


class _Automaton:
    """The states a glob can be in: bit i is set when the first i tokens have been matched."""

    __slots__ = ("accept", "advance", "any", "loop")

    def __init__(self, parts: tuple[Token, ...]) -> None:
        self.advance: dict[Token, int] = {}
        self.any = self.loop = 0
        for index, token in enumerate(parts):
            bit = 1 << index
            if token == STAR:
                self.loop |= bit
            elif token == ANY:
                self.any |= bit
            else:
                self.advance[token] = self.advance.get(token, 0) | bit
        self.accept = 1 << len(parts)

    def close(self, states: int) -> int:
        """Add the states reached by letting a `*` match nothing; `*` never follows `*`, so one pass is enough."""
        return states | ((states & self.loop) << 1)

    def step(self, states: int, token: Token) -> int:
        """The states after one more character, or after a variable, which only `*` and itself are sure to match."""
        one = self.advance.get(token, 0) | (0 if is_variable(token) else self.any)
        return self.close(((states & one) << 1) | (states & self.loop))

    @property
    def start(self) -> int:
        return self.close(1)


@lru_cache(maxsize=16384)
def _automaton(glob: str) -> _Automaton:
    return _Automaton(tokens(glob))


@lru_cache(maxsize=65536)
def expression(glob: str) -> Callable[[str], object]:
    """A glob without variables as a regular expression, linear in the word: a part once placed is never moved."""
    first, *rest = (re.escape(part).replace(r"\?", ".") for part in re.sub(r"\*+", "*", glob).split("*"))
    if not rest:
        return re.compile(first, re.DOTALL).fullmatch
    middle = "".join(f"(?>.*?{part})" for part in rest[:-1])
    return re.compile(f"{first}{middle}.*{rest[-1]}", re.DOTALL).fullmatch


def matches(glob: str, word: str) -> bool:
    """Whether a glob matches a word, a plain text in which nothing is special.

    >>> matches("s3:Get?bject*", "s3:GetObjectAcl")
    True
    """
    if "$" not in glob:
        return glob == word if "*" not in glob and "?" not in glob else expression(glob)(word) is not None
    automaton = _automaton(glob)
    states = automaton.start
    for character in word:
        states = automaton.step(states, f"\\{character}" if character in "*?" else character)
        if not states:
            return False
    return bool(states & automaton.accept)


def covers(broad: str, narrow: str) -> bool:
    """Whether every word that `narrow` matches is matched by `broad`, whatever its variables turn out to be.

    >>> covers("a*", "a?b*"), covers("*?", "?*"), covers("a?", "a*")
    (True, True, False)
    """
    if broad in (STAR, narrow):
        return True
    if "$" not in broad and "$" not in narrow:
        plain = plain_prefix(broad)
        if not narrow.startswith(plain):
            return False
        if broad[len(plain) :] == STAR:
            return True
    return _covers(broad, narrow)


@lru_cache(maxsize=65536)
def plain_prefix(text: str) -> str:
    """What stands before the first wildcard: every word of a covered glob begins with it, so the glob itself does."""
    return text[: min((place for place in (text.find(STAR), text.find(ANY)) if place >= 0), default=len(text))]


@lru_cache(maxsize=65536)
def _covers(broad: str, narrow: str) -> bool:
    if not has_wildcard(broad):
        return tokens(broad) == tokens(narrow)
    if (
        "$" not in broad
        and "$" not in narrow
        and not expression(broad)(narrow.replace(STAR, _OTHER).replace(ANY, _OTHER))
    ):
        return False
    big, small = _automaton(broad), tokens(narrow)
    # Two words decide nearly all cases: `*` as nothing, and as a character that is special to neither glob.
    if not _takes(big, small, {STAR: None, ANY: _OTHER}) or not _takes(big, small, {STAR: _OTHER, ANY: _OTHER}):
        return False
    return _takes(big, small, {STAR: _ONLY_STAR, ANY: _OTHER}) or _takes_every_word(big, small)


_BUDGET = 20_000
"""States to visit; only globs made to be hard, such as `*a?????????????`, need more than a few hundred."""
_OTHER = "\0"
"""One character that occurs in no glob stands for every character that is special to none."""
_ONLY_STAR = "${*}*"
"""A token that only `*` takes, as it takes a variable."""


def _takes(big: _Automaton, small: tuple[Token, ...], reading: dict[Token, Token | None]) -> bool:
    """Whether an automaton accepts a glob read as one word, its wildcards replaced."""
    states = big.start
    for token in small:
        letter = reading.get(token, token)
        if letter is not None:
            states = big.step(states, letter)
            if not states:
                return False
    return bool(states & big.accept)


def _takes_every_word(big: _Automaton, small: tuple[Token, ...]) -> bool:
    """Whether an automaton accepts all that a glob matches; past the budget the answer is no, which claims nothing."""
    letters = {token for token in (*big.advance, *small) if token not in (STAR, ANY) and not is_variable(token)}
    seen: set[tuple[int, int]] = set()
    waiting = [(0, big.start)]
    while waiting:
        place, states = waiting.pop()
        if (place, states) in seen:
            continue
        seen.add((place, states))
        if not states or len(seen) > _BUDGET:
            return False
        if place == len(small):
            if not states & big.accept:
                return False
            continue
        token = small[place]
        if token == STAR:
            waiting.append((place + 1, states))
            waiting.extend((place, big.step(states, letter)) for letter in (*letters, _OTHER))
        elif token == ANY:
            waiting.extend((place + 1, big.step(states, letter)) for letter in (*letters, _OTHER))
        else:
            waiting.append((place + 1, big.step(states, token)))
    return True


@lru_cache(maxsize=65536)
def overlap(left: str, right: str) -> bool:
    """Whether some word can match both globs; a variable may turn out to be any text.

    >>> overlap("a*", "*b"), overlap("a*", "b*")
    (True, False)
    """
    one, other = _fixed_prefix(left), _fixed_prefix(right)
    if not one.startswith(other) and not other.startswith(one):
        return False
    if "$" not in left and "$" not in right:
        # A word of one that the other matches is a common word; without wildcards it is the only one to try.
        for some, all_ in ((left, right), (right, left)):
            if expression(all_)(some.replace(STAR, "").replace(ANY, _OTHER)):
                return True
            if not has_wildcard(some):
                return False
    first, second = _loosened(left), _loosened(right)
    waiting, seen = [(0, 0)], {(0, 0)}
    while waiting:
        i, j = waiting.pop()
        if i == len(first) and j == len(second):
            return True
        for step in _moves(first, second, i, j):
            if step not in seen:
                seen.add(step)
                waiting.append(step)
    return False


@lru_cache(maxsize=65536)
def _fixed_prefix(text: str) -> str:
    """What stands before the first wildcard or variable: with this every word begins."""
    return plain_prefix(text).partition("$")[0]


def _moves(first: tuple[Token, ...], second: tuple[Token, ...], i: int, j: int) -> list[tuple[int, int]]:
    a = first[i] if i < len(first) else None
    b = second[j] if j < len(second) else None
    moves = []
    if a == STAR:
        moves.append((i + 1, j))
    if b == STAR:
        moves.append((i, j + 1))
    if a is None or b is None:
        return moves
    if a == b or a in (STAR, ANY) or b in (STAR, ANY):
        moves.append((i + (a != STAR), j + (b != STAR)))
    return moves


def _loosened(glob: str) -> tuple[Token, ...]:
    return tuple(STAR if is_variable(token) else token for token in tokens(glob))
