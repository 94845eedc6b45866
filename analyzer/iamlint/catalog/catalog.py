"""The catalogue: every question about what exists in AWS, answered from one dated file. Knows no policy and no rule."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from iamlint.catalog import glob
from iamlint.catalog.service import Lazy, Service
from iamlint.catalog.store import Store
from iamlint.catalog.values import Action, ConditionKey, Operation
from iamlint.policy import Arn, Pattern
from iamlint.policy.language import plain_prefix

BUNDLED = os.path.join(os.path.dirname(__file__), "aws.bin")

T = TypeVar("T")

_NOTHING: Any = object()


def load(path: os.PathLike[str] | str | None = None) -> "Catalog":
    """The catalogue in a file; the bundled one, opened once, if no path is given.

    Raises:
        IamlintError: The file cannot be read, or is no catalogue.
    """
    return _bundled() if path is None else Catalog(path)


@cache
def _bundled() -> "Catalog":
    return Catalog(BUNDLED)


class Catalog:
    """What exists in AWS, as of `date`. All names are matched as IAM does, without regard to letter case."""

    __slots__ = (
        "_asked", "_memory", "_store", "date", "is_action", "prefixes", "rcp_services", "services", "sources"
    )  # fmt: skip

    def __init__(self, path: os.PathLike[str] | str) -> None:
        self._store = store = Store(path)
        self._memory: dict[Any, Any] = {}
        self._asked: tuple[Sequence[Pattern], Sequence[Pattern]] = ((), ())
        self.date: str = store.head["date"]
        self.sources: Mapping[str, str] = store.head["sources"]
        self.prefixes: Sequence[str] = tuple(store.head["prefixes"])
        """The prefixes of the services of today, sorted."""
        self.rcp_services: frozenset[str] = frozenset(store.head["rcp"])
        """The prefixes of the services that resource control policies apply to."""
        self.services: Mapping[str, Service] = Lazy({prefix: prefix for prefix in self.prefixes}, self._service)
        self.is_action: Callable[[str], bool] = cache(self._is_action)
        """Whether a text in lower case names an action of today; asked of every entry, so told at once."""

    def __repr__(self) -> str:
        return f"<Catalog of {self.date}>"

    # Services

    def service(self, prefix: str) -> Service | None:
        """The service with a prefix; None if it is unknown or retired."""
        return self.services.get(prefix.lower())

    def is_retired_service(self, prefix: str) -> bool:
        """Whether AWS once had a service with this prefix."""
        return prefix.lower() in self.section("retired") and prefix.lower() not in self.services

    def title(self, prefix: str) -> str:
        """The name of a service of today or of old, such as `Amazon S3`; empty if it is unknown."""
        prefix = prefix.lower()
        retired: list[str] = self.section("retired").get(prefix, [""])
        return str(self.section("titles").get(prefix, retired[0]))

    def prefix_of(self, name: str) -> str | None:
        """The prefix meant by a name that the CLI, SDKs, event sources or people use, such as `ses` for `sesv2`."""
        if name.lower() in self.services:
            return name.lower()
        known: dict[str, str] = self.section("aliases")
        bare = "".join(filter(str.isalnum, name.lower()))
        return known.get(bare) or known.get(bare.removeprefix("aws").removeprefix("amazon"))

    # Actions

    def action(self, name: str) -> Action | None:
        """The action with a name such as `s3:GetObject`; None if it is unknown or retired."""
        prefix, _, bare = name.lower().partition(":")
        service = self.services.get(prefix)
        return service.actions.get(bare) if service else None

    def strange(self, *lists: Sequence[Pattern]) -> Sequence[Pattern]:
        """The entries, of Action or NotAction, that name no single action of today."""
        return [entry for entries in lists if entries for entry in self._strange(entries)]

    def _strange(self, entries: Sequence[Pattern]) -> Sequence[Pattern]:
        if self._asked[0] is not entries:  # several rules ask for the same in turn
            is_action = self.is_action
            self._asked = (entries, [entry for entry in entries if not is_action(entry.key)])
        return self._asked[1]

    def _is_action(self, key: str) -> bool:
        prefix, _, name = key.partition(":")
        names = self._memory.get(("names", prefix))
        return name in (self._names(prefix) if names is None else names)

    def access_level(self, name: str) -> str:
        """The riskiest access level of an action, told without making the action; empty if it is unknown or retired."""
        prefix, _, bare = name.lower().partition(":")
        service = self.services.get(prefix)
        return service.access_level(bare) if service and bare in service.actions else ""

    def retired(self, name: str) -> bool:
        """Whether this is an action that AWS once had."""
        prefix, _, bare = name.lower().partition(":")
        lost: list[str] = self.section("retired").get(prefix, ["", ""])
        return bare in lost[1].lower().split()

    def expand(self, pattern: str) -> tuple[str, ...]:
        """The actions that a pattern such as `s3:Get*` matches, in AWS's spelling, sorted."""
        return self.remember(("expand", pattern.lower()), lambda: tuple(sorted(self._matches(pattern))))

    def matches_any(self, pattern: str) -> bool:
        """Whether a pattern matches an action at all."""
        return next(self._matches(pattern), None) is not None

    def action_names(self) -> Mapping[str, str]:
        """For each service prefix the names of its actions, without the prefix, sorted, with blanks between them."""
        names: dict[str, str] = self.section("names")
        return names

    def _matches(self, pattern: str) -> Iterator[str]:
        prefix, colon, bare = ("*", ":", "*") if pattern == "*" else pattern.lower().partition(":")
        if not colon:
            return
        head = plain_prefix(bare)
        fits = None if bare == f"{head}*" else glob.matcher(bare)
        for found in self._prefixes(prefix):
            for name, spelled in self._names(found, whole=glob.is_glob(prefix)).items():
                if name.startswith(head) and (fits is None or fits(name)):
                    yield f"{found}:{spelled}"

    def _prefixes(self, pattern: str) -> Sequence[str]:
        if not glob.is_glob(pattern):
            return [pattern] if pattern in self.services else []
        fits = glob.matcher(pattern)
        return [prefix for prefix in self.prefixes if fits(prefix)]

    def _names(self, prefix: str, *, whole: bool = False) -> Mapping[str, str]:
        """The names of a service's actions by themselves in lower case; `whole`: many services are asked for theirs."""
        return self.remember(("names", prefix), lambda: self._read_names(prefix, whole=whole))

    def _read_names(self, prefix: str, *, whole: bool) -> Mapping[str, str]:
        if prefix not in self.services:
            return {}
        names: Sequence[str] = self.section("names")[prefix].split() if whole else self.services[prefix].names
        return {name.lower(): name for name in names}

    # Operations

    def actions_of(self, entry: str) -> Iterator[Action]:
        """The actions that an entry of Action, such as `s3:Get*`, stands for; each is made when it is asked for."""
        names = self.expand(entry) if Pattern(entry).has_wildcard else (entry,)
        return (action for name in names if (action := self.action(name)))

    def documented_arns(self, service: str, resource: str = "*") -> Sequence[Arn]:
        """The documented ARNs, as templates, of a service whose last field can be `resource`, which may have wildcards.

        >>> [str(arn) for arn in load().documented_arns("sqs", "orders")]
        ['arn:${Partition}:sqs:${Region}:${Account}:${QueueName}']
        """
        return self.remember(("arns", service, resource), lambda: self._arns_with(service, resource))

    def arns_of(self, action: str) -> Sequence[str]:
        """The documented ARNs, as templates, of the resources an action works on: required ones first, then the short.

        >>> load().arns_of("s3:GetObject")[0]
        'arn:${Partition}:s3:::${BucketName}/${ObjectName}'
        """
        found = self.action(action)
        if found is None:
            return ()
        types = self.services[found.service].resources
        uses = ((not use.required, types[use.name.lower()].arns) for use in found.resources)
        arns = sorted((optional, len(arn), arn) for optional, group in uses for arn in group)
        return tuple(dict.fromkeys(arn for _, _, arn in arns))

    def _arns_with(self, service: str, resource: str) -> Sequence[Arn]:
        head, wanted = _head(resource), Pattern(resource)
        every = self.remember(("arns", service), lambda: self._arns(service))
        if resource == "*":
            return [arn for _, _, arn in every]
        near = (row for row in every if row[0].startswith(head) or head.startswith(row[0]))
        return [arn for _, pattern, arn in near if pattern & wanted]

    def _arns(self, service: str) -> Sequence[tuple[str, Pattern, Arn]]:
        """The documented ARNs of a service, each with the pattern of its last field and what that begins with."""
        types = self.services[service].resources.values() if service in self.services else ()
        arns = (arn for type_ in types for text in type_.arns if (arn := Arn.parse(text)))
        return [(_head(arn.resource), Pattern(arn.resource), arn) for arn in arns if arn.service == service]

    def operation(self, name: str) -> Operation | None:
        """What an API operation or CLI command that is not itself an action needs.

        `s3:HeadObject`, `s3api head-object`, `aws s3api head-object` and `head-object` are all understood.
        """
        return None if self.action(name) else self.requirements(name)

    def requirements(self, name: str) -> Operation | None:
        """What an API operation needs, be it the action of the same name or others; None if it is unknown."""
        service, bare = _command(name)
        spaces = [service, self.prefix_of(service) or ""] if service else list(self._operations)
        for space in spaces:
            if bare in self._operations.get(space, {}):
                return self._operations[space][bare]
        action = self.action(f"{spaces[-1]}:{bare}") if service else None
        return Operation(action.name, (action.name,)) if action else None

    @property
    def _operations(self) -> dict[str, dict[str, Operation]]:
        return self.remember("operations", self._read_operations)

    def _read_operations(self) -> dict[str, dict[str, Operation]]:
        found: dict[str, dict[str, Operation]] = {}
        for name, actions, *cases in self.section("operations"):
            space, _, bare = name.partition(":")
            found.setdefault(space, {})[bare.lower()] = Operation(name, tuple(actions), *cases)
        return found

    # Condition keys

    def condition_key(self, name: str) -> ConditionKey | None:
        """The key with a name such as `aws:SourceIp`; for `aws:RequestTag/team`, the documented template."""
        name = name.lower()
        return self.remember(("key", name), lambda: self._condition_key(name))

    def _condition_key(self, name: str) -> ConditionKey | None:
        service = self.services.get(name.partition(":")[0])
        return (
            self._global_keys.condition_key(name)
            or (service and service.condition_key(name))
            or self._guest_key(name)
            or self._federation_keys.condition_key(name)
        )

    def is_multivalued(self, key: str) -> bool | None:
        """Whether a request can carry several values of a condition key; None if the key is unknown."""
        found = self.condition_key(key)
        return found.multivalued if found else None

    def global_keys(self) -> Sequence[ConditionKey]:
        """The keys that any service's request can carry: those of `aws:` and a few of single services' sessions."""
        return tuple(self._global_keys.condition_keys.values())

    def keys_of_action(self, name: str) -> tuple[str, ...]:
        """The keys that AWS documents for an action and the resource types it uses, sorted; not the global ones.

        Of the `aws:` keys only those on tags are documented so; templates are given as templates.
        """
        action = self.action(name)
        if action is None:
            return ()
        resources = self.services[action.service].resources
        keys = {*action.condition_keys}
        for use in action.resources:
            keys.update(use.condition_keys, resources[use.name.lower()].condition_keys)
        return tuple(sorted(keys))

    @property
    def _global_keys(self) -> Service:
        return self.remember("globals", lambda: self._keys_only("global_keys"))

    @property
    def _federation_keys(self) -> Service:
        """The keys that every OpenID Connect provider has."""
        return self.remember("federation", lambda: self._keys_only("federation_keys"))

    def _keys_only(self, section: str) -> Service:
        """Keys that belong to no service, held as those of a service are."""
        raw = {"name": "", "url": "", "names": "", "resources": [], "links": [], "keys": self.section(section)}
        return Service("", raw, list)

    def _guest_key(self, name: str) -> ConditionKey | None:
        """A key with a foreign prefix, such as `saml:aud`, from the first service that lists it."""
        known: dict[str, str] = self.section("guest_keys")
        host = known.get(name) or next((host for fits, host in self._guest_templates if fits(name)), None)
        return self.services[host].condition_key(name) if host else None

    @property
    def _guest_templates(self) -> list[tuple[Callable[[str], object], str]]:
        known: dict[str, str] = self.section("guest_keys")
        found = [(key, host) for key, host in known.items() if "${" in key]
        return self.remember("guests", lambda: [(glob.matcher(glob.template(key)), host) for key, host in found])

    # Did you mean

    def nearest_actions(self, name: str, limit: int = 3) -> tuple[str, ...]:
        """The actions that a wrong name may stand for, the likeliest first; none if nothing is close."""
        from iamlint.catalog import nearest  # noqa: PLC0415 - only a wrong name needs it

        return tuple(nearest.actions(self, name)[:limit])

    def nearest_services(self, prefix: str, limit: int = 3) -> tuple[str, ...]:
        """The prefixes that a wrong one may stand for, the likeliest first."""
        from iamlint.catalog import nearest  # noqa: PLC0415

        return tuple(nearest.services(self, prefix)[:limit])

    def nearest_condition_keys(self, name: str, limit: int = 3) -> tuple[str, ...]:
        """The condition keys that a wrong one may stand for, the likeliest first; a template's rest is kept."""
        from iamlint.catalog import nearest  # noqa: PLC0415

        return tuple(nearest.condition_keys(self, name)[:limit])

    # The file

    def raw(self, prefix: str) -> dict[str, Any]:
        """A service as it stands in the file, for tools that look at the file itself; prefer `service`."""
        return {**self._store.read(f"service/{prefix}"), "actions": self._store.read(f"actions/{prefix}")}

    def section(self, name: str) -> Any:
        """A section of the file, read once."""
        return self.remember(("section", name), lambda: self._store.read(name))

    def remember(self, key: Any, make: Callable[[], T]) -> T:
        """What was made for a key before, or is made now."""
        found: T = self._memory.get(key, _NOTHING)
        if found is _NOTHING:
            found = self._memory[key] = make()
        return found

    def _service(self, prefix: str) -> Service:
        return Service(prefix, self._store.read(f"service/{prefix}"), lambda: self._store.rows(f"actions/{prefix}"))


def _head(text: str) -> str:
    """What stands before the first wildcard or variable."""
    return plain_prefix(text.partition("$")[0])


def _command(name: str) -> tuple[str, str]:
    """The service and the operation, in lower case and without hyphens, that an API or CLI name means."""
    words = name.lower().replace(":", " ").removeprefix("aws ").split()
    service = words[0] if len(words) > 1 else ""
    return service, "".join(words[-1:]).replace("-", "").replace("_", "")
