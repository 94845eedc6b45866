"""Whether a resource of a policy can be of a documented shape, in linear time. Knows no service and no finding.

parliament's own matcher takes exponential time for many stars, and takes `?` and policy variables for plain texts.
Here both are as good as a star, which errs on the side of silence.
"""

import re
from functools import lru_cache

Shape = str | tuple[str, ...]
"""An ARN with `*` for each placeholder, or several of them, any of which will do."""

_VARIABLE = re.compile(r"\$\{[^}]*\}")
_BUCKET = "arn:*:s3:::*"


def loosen(text: str) -> str:
    """A text with a star for every policy variable and every `?`.

    >>> loosen("home/${aws:username}/?")
    'home/*/*'
    """
    return (_VARIABLE.sub("*", text) if "${" in text else text).replace("?", "*")


def fits(_: str, shape: Shape, resource: str) -> bool:
    """Whether some resource has the shape and is meant by a resource of a policy; stands in for `is_arn_match`."""
    if resource == "*":
        return True
    return any(_fits(one, resource) for one in ((shape,) if isinstance(shape, str) else shape))


@lru_cache(maxsize=65536)
def fits_strictly(_: str, shape: Shape, resource: str) -> bool:
    """The same, but a resource's colons must be in the shape too; stands in for `is_arn_strictly_valid`.

    parliament also wants the resource type written out, as in `user/*` and not `u*`; IAM does not.
    """
    shapes = (shape,) if isinstance(shape, str) else shape
    return any(_fits(one, resource) and (":" in _id(one) or ":" not in _id(loosen(resource))) for one in shapes)


@lru_cache(maxsize=16384)
def _fits(shape: str, resource: str) -> bool:
    if shape == "*":
        return True
    ours, theirs = shape.split(":", 5), loosen(resource).split(":", 5)
    if len(ours) < 6 or len(theirs) < 6:
        return False
    if shape == _BUCKET and "/" in theirs[5]:
        return False
    return all(_overlap(one, other) for one, other in zip(ours, theirs, strict=True))


def _id(arn: str) -> str:
    return arn.split(":", 5)[-1]


def _overlap(one: str, other: str) -> bool:
    """Whether some text matches both globs; an empty field of a resource is not what a placeholder stands for.

    Two globs that both hold a star overlap when what stands before their first stars agrees, and what stands after
    their last ones: everything between can be strung together.
    """
    if one == "*":
        return other != ""
    if "*" not in other:
        return matches(one, other)
    if "*" not in one:
        return matches(other, one)
    head, tail = (one.partition("*")[0], other.partition("*")[0]), (one.rpartition("*")[2], other.rpartition("*")[2])
    return (head[0].startswith(head[1]) or head[1].startswith(head[0])) and (
        tail[0].endswith(tail[1]) or tail[1].endswith(tail[0])
    )


def matches(pattern: str, word: str) -> bool:
    """Whether a glob without `?` matches a text: each part is taken where it comes first."""
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == word
    if not word.startswith(first) or len(word) < len(first) + len(rest[-1]) or not word.endswith(rest[-1]):
        return False
    place, end = len(first), len(word) - len(rest[-1])
    for part in rest[:-1]:
        found = word.find(part, place, end)
        if found < 0:
            return False
        place = found + len(part)
    return True
