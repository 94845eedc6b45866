"""World: the facts about AWS that the algebra is handed. The catalogue fits; the engine does not know it."""

from collections.abc import Mapping, Sequence
from typing import Protocol


class World(Protocol):
    """What exists, as of `date`."""

    date: str

    def action_names(self) -> Mapping[str, str]:
        """For each service prefix the names of its actions, without the prefix, sorted, with blanks between them."""

    def is_multivalued(self, key: str) -> bool | None:
        """Whether a condition key, in lower case, holds several values; None if the key is unknown."""

    def arns_of(self, action: str) -> Sequence[str]:
        """The ARN templates, such as `arn:${Partition}:s3:::${BucketName}`, of the resources an action works on."""
