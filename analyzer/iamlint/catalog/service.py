"""One AWS service: its rows in the catalogue file, made into values as they are asked for. Knows no other service."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Generic, TypeVar

from iamlint.catalog import glob
from iamlint.catalog.store import parse_row
from iamlint.catalog.values import Action, ConditionKey, ResourceType, ResourceUse

LEVELS = {"P": "Permissions management", "W": "Write", "T": "Tagging", "R": "Read", "L": "List"}
"""The letters that stand for access levels in a row."""

_ENDS: list[Any] = ["", "", "", None, [], [], []]
"""What an action's row ends with when it is cut short."""

T = TypeVar("T")


class Lazy(Mapping[str, T], Generic[T]):
    """A mapping from lower-case names to values that are made on first touch."""

    __slots__ = ("_made", "_make", "rows")

    def __init__(self, rows: Mapping[str, Any], make: Callable[[Any], T]) -> None:
        self.rows = rows
        """What the values are made of."""
        self._make = make
        self._made: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = self._make(self.rows[name])
        return made

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a name, or the default; many are asked for, so without the detour of an exception."""
        return self._made.get(name) or (self[name] if name in self.rows else default)

    def __contains__(self, name: object) -> bool:
        return name in self.rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


class Service:
    """A service that exists today; names in the mappings are in lower case, those of actions without the prefix."""

    __slots__ = ("_actions", "_keys", "_links", "_read", "_resources", "_templates", "condition_keys", "name", "names",
                 "prefix", "resources", "url")  # fmt: skip

    def __init__(self, prefix: str, raw: Mapping[str, Any], read: Callable[[], Sequence[str]]) -> None:
        self.prefix = prefix
        self.name: str = raw["name"]
        self.url: str = raw["url"]
        self.names: tuple[str, ...] = tuple(raw["names"].split())
        """The names of the actions without the prefix, in AWS's spelling, sorted."""
        self._links: list[str] = raw["links"]
        self._keys: list[str] = [row[0] for row in raw["keys"]]
        self._resources: list[str] = [row[0] for row in raw["resources"]]
        self._templates: list[tuple[Callable[[str], object], str]] | None = None
        self._actions: Lazy[Action] | None = None
        self._read = read
        self.resources: Mapping[str, ResourceType] = Lazy({r[0].lower(): r for r in raw["resources"]}, self._resource)
        self.condition_keys: Mapping[str, ConditionKey] = Lazy({r[0].lower(): r for r in raw["keys"]}, _key)

    def __repr__(self) -> str:
        return f"Service({self.prefix!r})"

    @property
    def actions(self) -> "Lazy[Action]":
        """The actions by their names in lower case."""
        if self._actions is None:
            names = map(str.lower, self.names)
            self._actions = Lazy(dict(zip(names, self._read(), strict=True)), self._action)
        return self._actions

    def access_level(self, name: str) -> str:
        """The riskiest access level of the action with a name in lower case, told without making the action."""
        return _riskiest(self.actions.rows[name].split('"', 4)[3])

    def uses(self, name: str) -> list[tuple[str, bool]]:
        """The resource types that the action with a name in lower case works on, and whether it must; told likewise."""
        found = parse_row(self.actions.rows[name])[4:5]
        return [(self._resources[use[0]], len(use) > 1 and bool(use[1])) for use in (found[0] if found else ())]

    def spelled(self, name: str) -> str:
        """The name of an action as AWS writes it, told likewise."""
        row: str = self.actions.rows[name]
        return f"{self.prefix}:" + row.split('"', 2)[1]

    def condition_key(self, name: str) -> ConditionKey | None:
        """The documented key that a name, in lower case, is or fills."""
        if name in self.condition_keys:
            return self.condition_keys[name]
        if self._templates is None:
            # The longest first: `events:Metadata/${MetadataKey}/Matcher` also fits `events:Metadata/${MetadataKey}`.
            documented = sorted(
                (key for key in self.condition_keys if "${" in key or "<" in key), key=len, reverse=True
            )
            self._templates = [(glob.matcher(glob.template(key)), key) for key in documented]
        return next((self.condition_keys[key] for matches, key in self._templates if matches(name)), None)

    def _action(self, line: str) -> Action:
        row = parse_row(line)
        name, levels, description, link, uses, keys, dependent = row + _ENDS[len(row) :]
        template = self._links[link] if link is not None else ""
        return Action(
            name=f"{self.prefix}:{name}",
            service=self.prefix,
            access_levels=_levels(levels),
            resources=tuple([self._use(*use) for use in uses]),
            condition_keys=self._named(keys),
            dependent_actions=tuple(dependent),
            description=description,
            url=template.replace("{}", name) or self.url,
            permission_only=False if template.endswith("/API_{}.html") else None,
        )

    def _use(
        self, resource: int, required: int = 0, keys: Sequence[int] = (), dependent: Sequence[str] = ()
    ) -> ResourceUse:
        return ResourceUse(self._resources[resource], bool(required), self._named(keys), tuple(dependent))

    def _resource(self, row: list[Any]) -> ResourceType:
        name, arns, keys = row
        return ResourceType(name, tuple(arns), self._named(keys))

    def _named(self, keys: Sequence[int]) -> tuple[str, ...]:
        return tuple([self._keys[key] for key in keys])


@cache
def _levels(letters: str) -> tuple[str, ...]:
    return tuple(LEVELS[letter] for letter in letters)


@cache
def _riskiest(letters: str) -> str:
    return next(level for letter, level in LEVELS.items() if letter in letters)


def _key(row: list[Any]) -> ConditionKey:
    name, kind, *rest = row
    description, also, sensitive = rest + ["", (), False][len(rest) :]
    return ConditionKey(name, kind, description, tuple(also), sensitive)
