"""The facts as frozen values. Knows not where they come from."""

from collections.abc import Mapping
from typing import NamedTuple

RISK = ("Permissions management", "Write", "Tagging", "Read", "List")
"""Access levels, the riskiest first."""


class ResourceUse(NamedTuple):
    """A resource type that an action works on.

    Where an action has several, a call needs every required one, and may touch the others.
    """

    name: str
    required: bool
    condition_keys: tuple[str, ...] = ()
    dependent_actions: tuple[str, ...] = ()


class Action(NamedTuple):
    """An action, such as `s3:GetObject`; an action without resources works on `*` only.

    `condition_keys` are those of the action itself, see `Catalog.keys_of_action` for all that a call can carry;
    `dependent_actions` are all that AWS documents, those of the single resource uses among them.
    """

    name: str
    service: str
    access_levels: tuple[str, ...]
    resources: tuple[ResourceUse, ...]
    condition_keys: tuple[str, ...]
    dependent_actions: tuple[str, ...]
    description: str
    url: str
    permission_only: bool | None
    """Whether no API operation has this name; None where the documentation does not tell."""

    @property
    def access_level(self) -> str:
        """The riskiest of the access levels."""
        return min(self.access_levels, key=RISK.index)


class ResourceType(NamedTuple):
    """A resource type of a service; `arns` are templates such as `arn:${Partition}:s3:::${BucketName}`."""

    name: str
    arns: tuple[str, ...]
    condition_keys: tuple[str, ...]


class ConditionKey(NamedTuple):
    """A condition key as documented, such as `aws:SourceIp` or the template `aws:RequestTag/${TagKey}`.

    The type is `String`, `ARN`, `Bool`, `Numeric`, `Date`, `IPAddress` or `ArrayOf` one of them; `also` are further
    types that AWS names, and `sensitive` says that AWS sees no valid use for a wildcard in its values.
    """

    name: str
    type: str
    description: str = ""
    also: tuple[str, ...] = ()
    sensitive: bool = False

    @property
    def multivalued(self) -> bool:
        """Whether a request can carry several values, so that a set operator is called for."""
        return self.type.startswith("ArrayOf")

    @property
    def is_template(self) -> bool:
        """Whether the name has a part for the user to fill."""
        return "${" in self.name or "<" in self.name


class Operation(NamedTuple):
    """What an API operation needs: all of `actions`, and those in `conditional` in the cases it says.

    `where` names the place an action applies to if a call touches two, such as the source of `s3:CopyObject`.
    """

    name: str
    actions: tuple[str, ...]
    conditional: Mapping[str, str] = {}
    where: Mapping[str, str] = {}
