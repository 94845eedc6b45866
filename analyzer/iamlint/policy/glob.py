"""Globs as AWS writes them: which words a text means, and whether one covers another. Knows nothing of IAM elements.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from iamlint.policy.automaton import ANY, OTHER, STAR, Budget, BudgetSpentError, Product, Token, Tokens
from iamlint.policy.language import Glob, glob_of, plain_prefix

_ESCAPES = {"${*}": "\\*", "${?}": "\\?", "${$}": "$"}
"""What AWS calls special characters: a literal `*`, `?` and `$`; the backslash keeps them apart from the wildcards."""
_TOKEN = re.compile(r"\$\{[^}]*\}|.", re.DOTALL)


@lru_cache(maxsize=65536)
def tokens(glob: str) -> tuple[Token, ...]:
    """Split a glob into tokens; `**` is `*`, and policy variables stay whole.

    >>> tokens("a**?${aws:username}")
    ('a', '*', '?', '${aws:username}')
    """
    parts = _TOKEN.findall(glob) if "${" in glob else list(glob)
    if "**" in glob:
        parts = [part for part, before in zip(parts, ["", *parts], strict=False) if part != STAR or before != STAR]
    return tuple([_ESCAPES.get(part, part) for part in parts] if "${" in glob else parts)


def is_variable(token: Token) -> bool:
    """Whether a token stands for a value known only at request time."""
    return len(token) > 2


@lru_cache(maxsize=65536)
def has_wildcard(glob: str) -> bool:
    """Whether a glob holds a `*` or `?` that means something else than itself."""
    is_likely = "*" in glob or "?" in glob
    return is_likely and ("${" not in glob or any(token in (STAR, ANY) for token in tokens(glob)))


@lru_cache(maxsize=65536)
def expression(glob: str) -> Callable[[str], object]:
    """A test for what a glob without variables matches, linear in the word: a part once placed is never moved."""
    if "?" not in glob:
        return _search(glob)
    first, *rest = (re.escape(part).replace(r"\?", ".") for part in re.sub(r"\*+", "*", glob).split("*"))
    if not rest:
        return re.compile(first, re.DOTALL).fullmatch
    middle = "".join(f"(?>.*?{part})" for part in rest[:-1])
    return re.compile(f"{first}{middle}.*{rest[-1]}", re.DOTALL).fullmatch


def _search(glob: str) -> Callable[[str], bool]:
    """The same for a glob without `?`, part by part: to compile an expression takes longer than all it is asked."""
    first, *parts = glob.split(STAR)
    if not parts:
        return glob.__eq__
    last = parts.pop()

    def test(word: str) -> bool:
        if not word.startswith(first) or not word.endswith(last):
            return False
        place, end = len(first), len(word) - len(last)
        for part in parts:
            place = word.find(part, place, end)
            if place < 0:
                return False
            place += len(part)
        return place <= end

    return test


def matches(glob: str, word: str) -> bool:
    """Whether a glob matches a word, a plain text in which nothing is special.

    >>> matches("s3:Get?bject*", "s3:GetObjectAcl")
    True
    """
    if "$" not in glob:
        return glob == word if "*" not in glob and "?" not in glob else bool(expression(glob)(word))
    return _compiled(glob).matches(word)


def covers(broad: str, narrow: str) -> bool:
    """Whether every word that `narrow` matches is matched by `broad`, whatever its variables turn out to be.

    >>> covers("a*", "a?b*"), covers("*?", "?*"), covers("a?", "a*")
    (True, True, False)
    """
    if broad in (STAR, narrow):
        return True
    if "${" not in broad and "${" not in narrow:
        plain = plain_prefix(broad)
        if not narrow.startswith(plain) or not narrow.endswith(_plain_suffix(broad)):
            return False
        if broad[len(plain) :] == STAR:
            return True
    return _covers(broad, narrow)


@lru_cache(maxsize=65536)
def _plain_suffix(text: str) -> str:
    """What stands after the last wildcard: every word of a covered glob ends with it, so the glob itself does."""
    return text[max(text.rfind(STAR), text.rfind(ANY)) + 1 :]


@lru_cache(maxsize=65536)
def _covers(broad: str, narrow: str) -> bool:
    if not has_wildcard(broad):
        return tokens(broad) == tokens(narrow)
    # Two words decide nearly all cases: what is no letter as a character special to neither glob, and `*` as nothing.
    if "${" not in broad and OTHER not in broad:
        test = expression(broad)
        fits = bool(test(_opaque(narrow)))
        if not fits or ANY not in broad:
            return fits  # a star that takes the character in takes in all that may stand there
        if "${" not in narrow and not test(narrow.replace(STAR, "").replace(ANY, OTHER)):
            return False
    try:
        return Product([[_compiled(narrow).tokens]], [_compiled(broad).tokens]).letters(Budget(_BUDGET)) is None
    except BudgetSpentError:
        return False


def _opaque(glob: str) -> str:
    """A glob with a character that no glob names for each wildcard and variable."""
    if "${" not in glob:
        return glob.replace(STAR, OTHER).replace(ANY, OTHER)
    return "".join([OTHER if len(token) > 1 or token in (STAR, ANY) else token for token in tokens(glob)])


_BUDGET = 20_000
"""States to visit; only globs made to be hard need more than a few hundred. Past it a claim is not made."""


@lru_cache(maxsize=16384)
def _compiled(glob: str) -> Glob:
    return glob_of(tokens(glob))


@lru_cache(maxsize=65536)
def overlap(left: str, right: str) -> bool:
    """Whether some word can match both globs; a variable may turn out to be any text.

    Two globs that both hold a `*` overlap if what stands before their first ones, and after their last ones, goes
    together: in between there is room for all parts of one and then all parts of the other.

    >>> overlap("a*", "*b"), overlap("a*", "b*"), overlap("a*c?", "?b*d"), overlap("a?", "?*b")
    (True, False, True, True)
    """
    one, other = _ends(left), _ends(right)
    if one.is_open and other.is_open:
        return _agree(one.head, other.head) and _agree(one.tail, other.tail)
    if not one.is_open and not other.is_open:
        return len(one.head) == len(other.head) and _agree(one.head, other.head)
    if not _agree(one.head, other.head):
        return False
    word, broad = (one.head, right) if other.is_open else (other.head, left)
    text, pattern = "".join(word), "".join(_loosened(broad))
    if ANY not in word and len(text) == len(word) and len(pattern) == len(_loosened(broad)):
        return bool(expression(pattern)(text))
    try:
        return Product([[_loosened(left)], [_loosened(right)]], []).letters(Budget(_BUDGET)) is not None
    except BudgetSpentError:
        return True


class _Ends(NamedTuple):
    """What every word of a glob begins and ends with, token by token; all of it where there is no `*`."""

    head: Tokens
    tail: Tokens
    is_open: bool


@lru_cache(maxsize=65536)
def _ends(glob: str) -> _Ends:
    loose = _loosened(glob)
    if STAR not in loose:
        return _Ends(loose, loose[::-1], is_open=False)
    first, last = loose.index(STAR), loose[::-1].index(STAR)
    return _Ends(loose[:first], loose[::-1][:last], is_open=True)


def _agree(one: Tokens, other: Tokens) -> bool:
    """Whether two beginnings go together as far as both reach."""
    shorter = min(len(one), len(other))
    if one[:shorter] == other[:shorter]:
        return True
    return all(a == b or ANY in (a, b) for a, b in zip(one, other, strict=False))


def _loosened(glob: str) -> Tokens:
    if "$" not in glob:
        return tokens(glob)
    return glob_of(tuple([STAR if is_variable(token) else token for token in tokens(glob)])).tokens
