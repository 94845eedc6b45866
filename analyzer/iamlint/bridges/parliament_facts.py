"""Our catalogue in parliament's shape, made for just the services a policy names. Knows no policy and no finding."""

from collections.abc import Mapping
from typing import Any

from iamlint.bridges.parliament_match import Shape
from iamlint.catalog import Action, Catalog, ConditionKey
from iamlint.catalog.glob import template

Json = dict[str, Any]

TYPES: Mapping[str, str] = {
    "ARN": "Arn",
    "Bool": "Bool",
    "Date": "Date",
    "IPAddress": "Ip",
    "Numeric": "Numeric",
    "String": "String",
}
"""parliament's words for our types of condition keys; it knows no lists, and needs no word for them."""


class Facts:
    """What parliament looks up, each answer kept: services are read when first asked for."""

    def __init__(self, catalog: Catalog, unknown_prefix: type[Exception], unknown_action: type[Exception]) -> None:
        self.catalog = catalog
        self._unknown_prefix = unknown_prefix
        self._unknown_action = unknown_action
        self._expanded: dict[str, list[dict[str, str]]] = {}
        self._meant: dict[str, frozenset[str]] = {}
        self._privileges: dict[str, Json] = {}
        self._globals: dict[str, str | None] = {}
        self._global_keys = {key.name.lower(): key for key in catalog.global_keys()}
        self._global_stems = [
            (name.partition("$")[0], key) for name, key in self._global_keys.items() if key.is_template
        ]

    def expand_action(self, action: str, raise_exceptions: bool = True) -> list[dict[str, str]]:
        """The actions a pattern means; stands in for parliament's function, which scans all services.

        Raises:
            ValueError: It is not of the form service:action.
            UnknownPrefixException: No service has the prefix.
            UnknownActionException: The service has no such action.
        """
        found = self._expanded.get(action)
        if found is None:
            found = self._expanded[action] = self._expand(action)
        if not found and raise_exceptions:
            prefix = action.partition(":")[0]
            if prefix != "*" and self.catalog.service(prefix) is None:
                raise self._unknown_prefix(f"Unknown prefix {prefix}")
            raise self._unknown_action(f"Unknown action {action}")
        return found

    def _expand(self, action: str) -> list[dict[str, str]]:
        pattern = "*:*" if action == "*" else action
        prefix, _, name = pattern.partition(":")
        if pattern.count(":") != 1:
            raise ValueError("Action should be in form service:action")
        if prefix != "*" and self.catalog.service(prefix) is None:
            return []
        if "*" not in name and "?" not in name and prefix != "*":
            exact = self.catalog.action(pattern)
            names: tuple[str, ...] = (exact.name,) if exact else ()
        else:
            names = self.catalog.expand(pattern)
        return [{"service": name.partition(":")[0], "action": name.partition(":")[2]} for name in names]

    def meant(self, action: str) -> frozenset[str]:
        """The full names of the actions that a pattern other than `*` means; none if it has another form."""
        found = self._meant.get(action)
        if found is None:
            rows = self.expand_action(action, False) if action.count(":") == 1 and action != "*:*" else []  # noqa: FBT003
            found = self._meant[action] = frozenset(f"{row['service']}:{row['action']}" for row in rows)
        return found

    def shapes(self, action: str) -> tuple[str, ...]:
        """The shapes of all resources that an action works on, needed or not."""
        service, _, name = action.partition(":")
        found: tuple[str, ...] = self.get_privilege_info(service, name)["shapes"]
        return found

    def get_privilege_info(self, service: str, action: str) -> Json:
        """One action in parliament's shape.

        Raises:
            UnknownActionException: There is no such action.
        """
        name = f"{service}:{action}"
        if name not in self._privileges:
            known = self.catalog.action(name)
            if known is None:
                raise self._unknown_action(f"Unknown action {name}")
            self._privileges[name] = self._privilege(known)
        return self._privileges[name]

    def _privilege(self, action: Action) -> Json:
        """An action as parliament reads it: a star after a resource type means that the action needs one.

        Where AWS documents several types and requires none of them, any one will do.
        """
        resources = self.catalog.services[action.service].resources
        shapes = {use.name: tuple(map(_shape, resources[use.name.lower()].arns)) for use in action.resources}
        required = {use.name: shapes[use.name] for use in action.resources if use.required}
        every = tuple(shape for each in shapes.values() for shape in each)
        needed = required or ({"any": every} if shapes else {})
        keys = self.catalog.keys_of_action(action.name)
        types = [{"resource_type": f"{name}*", "condition_keys": ()} for name in needed]
        return {
            "privilege": action.name.partition(":")[2],
            "resource_types": [*types, {"resource_type": "", "condition_keys": keys}],
            "service_resources": {name: each[0] if len(each) == 1 else each for name, each in needed.items()},
            "shapes": every,
            "service_conditions": [
                {"condition": key, "type": kind_of(known)} for key in keys if (known := self._key(action.service, key))
            ],
        }

    def _key(self, service: str, name: str) -> ConditionKey | None:
        return self.catalog.services[service].condition_key(name.lower()) or self.catalog.condition_key(name)

    @staticmethod
    def get_arn_format(resource_type: str, service_resources: Mapping[str, Shape]) -> Shape:
        """The shape of a resource type that an action needs."""
        return service_resources[resource_type.removesuffix("*")]

    def get_global_key_type(self, key: str) -> str | None:
        """The type of a key that requests to any service can carry; None for all others."""
        key = key.lower()
        if key not in self._globals:
            known = self._global_keys.get(key) or next(
                (each for stem, each in self._global_stems if key.startswith(stem)), None
            )
            self._globals[key] = kind_of(known) if known else None
        return self._globals[key]


def kind_of(key: ConditionKey) -> str:
    """What parliament calls the type of a condition key."""
    return TYPES[key.type.removeprefix("ArrayOf")]


def _shape(arn: str) -> str:
    """The shape of a documented ARN.

    >>> _shape("arn:${Partition}:s3:::${BucketName}/${ObjectName}")
    'arn:*:s3:::*/*'
    """
    return template(arn).replace("?*", "*")
