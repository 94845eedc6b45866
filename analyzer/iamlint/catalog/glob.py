"""Wildcards over names, as IAM reads them: `*` and `?` only, letter case ignored. Knows no names."""

import re
from collections.abc import Callable

from iamlint.policy.glob import expression


def matcher(pattern: str) -> Callable[[str], object]:
    """A test for whether a name in lower case matches; linear in the name, whatever the pattern.

    >>> bool(matcher("Get*Acl")("getbucketacl"))
    True
    """
    return expression(pattern.lower())


def template(name: str) -> str:
    """The glob for a documented name with placeholders.

    >>> template("aws:RequestTag/${TagKey}")
    'aws:RequestTag/?*'
    """
    return re.sub(r"\$\{[^}]*\}|<[^>]*>", "?*", name)


def is_glob(text: str) -> bool:
    """Whether a text has a wildcard."""
    return "*" in text or "?" in text
