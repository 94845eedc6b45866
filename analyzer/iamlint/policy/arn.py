"""Arn: the six fields of an Amazon Resource Name, wildcards and variables kept. Knows nothing of services."""

import re
from functools import lru_cache
from typing import NamedTuple

FIELDS = ("arn", "partition", "service", "region", "account", "resource")

_FIELD = r"(?:[\w*?.-]|\$\{[^}]*\})*"
_HEAD = ":".join(f"(?P<{name}>{_FIELD})" for name in FIELDS[1:-1])
_COLON_INSIDE = re.compile(r"\$\{[^}]*(?::|\$\{)")
_SHAPE = re.compile(f"arn:{_HEAD}:(?P<resource>.*)", re.DOTALL)


@lru_cache(maxsize=16384)
def arn_fields(text: str) -> re.Match[str] | None:
    """The fields of an ARN by name, with their places; None where one before the last holds what no name does.

    >>> fields = arn_fields("arn:aws:sqs:eu-west-1:111122223333:orders")
    >>> fields["region"], fields.span("region")
    ('eu-west-1', (12, 21))
    """
    return _SHAPE.fullmatch(text)


def split(text: str) -> list[str]:
    """The fields of an ARN, at most six; colons inside `${…}` separate nothing.

    >>> split("arn:aws:s3:::${aws:username}/*")
    ['arn', 'aws', 's3', '', '', '${aws:username}/*']
    """
    if "${" not in text or not _COLON_INSIDE.search(text):
        return text.split(":", 5)
    fields: list[str] = []
    start = depth = 0
    for index, character in enumerate(text):
        if text.startswith("${", index):
            depth += 1
        elif character == "}" and depth:
            depth -= 1
        elif character == ":" and not depth and len(fields) < 5:
            fields.append(text[start:index])
            start = index + 1
    return [*fields, text[start:]]


class Arn(NamedTuple):
    """An ARN as it stands in a policy: any field may hold wildcards or variables.

    See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> "Arn | None":
        """The ARN in a text, or None when it has no six fields or does not begin with `arn`."""
        return _parse(text)

    def __str__(self) -> str:
        return ":".join(("arn", self.partition, self.service, self.region, self.account, self.resource))


@lru_cache(maxsize=16384)
def _parse(text: str) -> Arn | None:
    fields = split(text)
    return Arn(*fields[1:]) if len(fields) == 6 and fields[0] == "arn" else None
