"""Globs as AWS writes them: which words a text means, and whether one covers another. Knows nothing of IAM elements.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

import re
from collections.abc import Callable
from functools import lru_cache

from iamlint.policy.automaton import ANY, OTHER, STAR, Budget, BudgetSpentError, Product, Token, Tokens
from iamlint.policy.language import Glob, glob_of, plain_prefix

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
    return _compiled(glob).matches(word)


def covers(broad: str, narrow: str) -> bool:
    """Whether every word that `narrow` matches is matched by `broad`, whatever its variables turn out to be.

    >>> covers("a*", "a?b*"), covers("*?", "?*"), covers("a?", "a*")
    (True, True, False)
    """
    if broad in (STAR, narrow):
        return True
    if "$" not in broad and "$" not in narrow:
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
    # Two words decide nearly all cases: `*` as nothing, and as a character that is special to neither glob.
    if "$" not in broad and "$" not in narrow:
        test = expression(broad)
        if not test(narrow.replace(STAR, "").replace(ANY, OTHER)) or not test(re.sub(r"[*?]", OTHER, narrow)):
            return False
    try:
        return Product([[_compiled(narrow).tokens]], [_compiled(broad).tokens]).letters(Budget(_BUDGET)) is None
    except BudgetSpentError:
        return False


_BUDGET = 20_000
"""States to visit; only globs made to be hard need more than a few hundred. Past it a claim is not made."""


@lru_cache(maxsize=16384)
def _compiled(glob: str) -> Glob:
    return glob_of(tokens(glob))


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
            if expression(all_)(some.replace(STAR, "").replace(ANY, OTHER)):
                return True
            if not has_wildcard(some):
                return False
    try:
        return Product([[_loosened(left)], [_loosened(right)]], []).letters(Budget(_BUDGET)) is not None
    except BudgetSpentError:
        return True


@lru_cache(maxsize=65536)
def _fixed_prefix(text: str) -> str:
    """What stands before the first wildcard or variable: with this every word begins."""
    return plain_prefix(text).partition("$")[0]


def _loosened(glob: str) -> Tokens:
    return glob_of(tuple(STAR if is_variable(token) else token for token in tokens(glob))).tokens
