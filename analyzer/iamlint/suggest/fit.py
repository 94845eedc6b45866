"""Which resource types an ARN can name, and which ARN a resource type would want. Knows nothing of actions."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from iamlint.policy import Arn, Pattern
from iamlint.policy.arn import split

if TYPE_CHECKING:
    from iamlint.catalog import Service

PLACEHOLDER = re.compile(r"\$\{[^}]*\}")
_PARTS = re.compile(r"(\$\{[^}]*\}|[:/])")


class Shape(NamedTuple):
    """One ARN template of a resource type, as a pattern for each field; `loose` lets the last placeholder be empty."""

    type: str
    template: str
    fields: tuple[Pattern, ...]
    loose: Pattern

    def can_name(self, fields: tuple[Pattern, ...]) -> bool:
        """Whether some ARN of this shape matches."""
        return all(mine & theirs for mine, theirs in zip(self.fields, fields, strict=True))

    def holds(self, fields: tuple[Pattern, ...]) -> bool:
        """Whether it can match, and the resource part matches nothing of another shape."""
        return self.can_name((*fields[:-1], Pattern("*"))) and fields[-1] <= self.loose


def shapes(service: "Service") -> tuple[Shape, ...]:
    """The shapes of all the resource types of a service."""
    return tuple(shape(each.name, template) for each in service.resources.values() for template in each.arns)


def shape(type_: str, template: str) -> Shape:
    """The shape of one ARN template."""
    globs = [PLACEHOLDER.sub("?*", each) for each in split_template(template)]
    last = globs[-1]
    return Shape(type_, template, tuple(map(Pattern, globs)), Pattern(last[:-2] + "*" if last.endswith("?*") else last))


def split_template(template: str) -> list[str]:
    """The fields of an ARN template behind the word `arn`."""
    return split(template)[1:]


def types_of(shapes: Iterable[Shape], arn: Arn) -> frozenset[str]:
    """The resource types that an ARN can name, in lower case.

    An ARN wholly inside a narrower type does not name the wider one: `arn:aws:s3:::b/*` is objects and no bucket,
    although a pattern for bucket names would match it.
    """
    fields = tuple(map(Pattern, (arn.partition, arn.service, arn.region, arn.account, arn.resource)))
    near = [each for each in shapes if each.can_name(fields) or each.holds(fields)]
    inside = [each for each in near if each.holds(fields)]
    return frozenset(
        each.type.lower()
        for each in near
        if each.can_name(fields) and not any(other.loose < each.loose for other in inside)
    )


def guess(template: str, arn: Arn) -> str | None:
    """The ARN of a template's type that is nearest to a given ARN, or None where they have nothing in common.

    >>> guess("arn:${Partition}:s3:::${BucketName}/${ObjectName}", Arn("aws", "s3", "", "", "b"))
    'arn:aws:s3:::b/*'
    """
    given = (arn.partition, arn.service, arn.region, arn.account)
    *head, resource = split_template(template)
    filled = []
    for wanted, value in zip(head, given, strict=True):
        if not PLACEHOLDER.search(wanted):
            if wanted != value and not (wanted == "" and value == "*"):
                return None
            filled.append(wanted)
        elif value:
            filled.append(value)
        else:
            return None
    rest = _follow(_PARTS.split(resource), arn.resource)
    return None if rest is None else ":".join(("arn", *filled, rest))


def _follow(parts: list[str], text: str) -> str | None:
    done = ""
    for part in filter(None, parts):
        if PLACEHOLDER.fullmatch(part):
            segment = re.split("[:/]", text, maxsplit=1)[0] or "*"
            text = text[len(segment) :] if text else ""
            done += segment
        elif text.startswith(part) or not text:
            text = text[len(part) :]
            done += part
        else:
            return None
    return done


def fill(template: str, partition: str | None, account: str | None) -> str:
    """A template with what is known put in place of its placeholders.

    >>> fill("arn:${Partition}:iam::${Account}:role/${RoleName}", "aws", None)
    'arn:aws:iam::${Account}:role/${RoleName}'
    """
    for name, value in (("${Partition}", partition), ("${Account}", account)):
        template = template.replace(name, value or name)
    return template


def plural(type_: str) -> str:
    """A resource type's name for many of them."""
    if type_.endswith("y"):
        return f"{type_[:-1]}ies"
    return f"{type_}es" if type_.endswith(("s", "x", "ch")) else f"{type_}s"
