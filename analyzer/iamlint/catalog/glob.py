"""Wildcards over names, as IAM reads them: `*` and `?` only, letter case ignored. Knows no names."""

import re
from collections.abc import Callable


def matcher(pattern: str) -> Callable[[str], object]:
    """A test for whether a name in lower case matches; linear in the name, whatever the pattern.

    >>> bool(matcher("Get*Acl")("getbucketacl"))
    True
    """
    first, *rest = (_literal(part) for part in re.sub(r"\*+", "*", pattern.lower()).split("*"))
    if not rest:
        return re.compile(first, re.DOTALL).fullmatch
    # An atomic group takes the leftmost place for a part and never goes back: that is enough for a glob.
    middle = "".join(f"(?>.*?{part})" for part in rest[:-1])
    return re.compile(f"{first}{middle}.*{rest[-1]}", re.DOTALL).fullmatch


def template(name: str) -> str:
    """The glob for a documented name with placeholders.

    >>> template("aws:RequestTag/${TagKey}")
    'aws:RequestTag/?*'
    """
    return re.sub(r"\$\{[^}]*\}|<[^>]*>", "?*", name)


def is_glob(text: str) -> bool:
    """Whether a text has a wildcard."""
    return "*" in text or "?" in text


def _literal(part: str) -> str:
    return re.escape(part).replace(r"\?", ".")
