"""policy_sentry's draft of a policy, as a value; its only importer. Knows nothing of the user's resources.

policy_sentry reads 14 MB of data at import, or a file in the home folder that silently replaces them. Here it sees
neither: a private copy of its policy writer is imported beside stand-ins for its data module and for the modules that
it does not need here, and the stand-in for the data is filled from our catalogue, in policy_sentry's own shape, with
the actions of one draft. A copy that the process has imported by itself is left as it is.
"""

import importlib
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iamlint.catalog import Action, Catalog, ResourceType

NAME = "policy_sentry"
_LOCK = threading.RLock()


@dataclass(frozen=True, slots=True)
class Draft:
    """What policy_sentry would write: for each action the ARN templates, or `*`, that it puts it on.

    `failure` says why there is no draft, which is then empty.
    """

    author: str
    places: Mapping[str, tuple[str, ...]]
    failure: str | None = None


def draft(catalog: "Catalog", actions: Iterable["Action"]) -> Draft:
    """Policy_sentry's draft for actions that the catalogue knows; whatever goes wrong in it is a value."""
    wanted = tuple(actions)
    try:
        sentry = _sentry()
    except Exception as error:  # another version may import otherwise; the suggestion stands without it
        return Draft(NAME, {}, f"it cannot be imported: {type(error).__name__}: {error}")
    author = f"{NAME} {sentry.version}"
    with _LOCK:
        sentry.pin(definition(catalog, wanted))
        try:
            policy = sentry.SidGroup().process_template({"mode": "actions", "actions": [each.name for each in wanted]})
        except Exception as error:  # it raises KeyError and bare Exception for names and ARNs it does not expect
            return Draft(author, {}, f"{type(error).__name__}: {error}")
    return Draft(author, _places(policy))


def _places(policy: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for statement in policy["Statement"]:
        for action in statement["Action"]:
            found.setdefault(action, []).extend(statement["Resource"])
    return {action: tuple(sorted(set(places))) for action, places in sorted(found.items())}


def definition(catalog: "Catalog", actions: Iterable["Action"]) -> dict[str, Any]:
    """The catalogue's facts on some actions in the shape of policy_sentry's `iam-definition.json`."""
    services: dict[str, Any] = {}
    for action in actions:
        service = catalog.service(action.service)
        if service is None:
            continue
        if action.service not in services:
            services[action.service] = _service(action.service, service.name, service.url, service.resources)
        name = action.name.partition(":")[2]
        services[action.service]["privileges"][name] = _privilege(name, action)
        services[action.service]["privileges_lower_name"][name.lower()] = name
    return services


def _service(prefix: str, name: str, url: str, resources: Mapping[str, "ResourceType"]) -> dict[str, Any]:
    types = resources.values()
    return {
        "service_name": name,
        "prefix": prefix,
        "service_authorization_url": url,
        "privileges": {},
        "privileges_lower_name": {},
        "resources": {
            each.name: {"resource": each.name, "arn": each.arns[0], "condition_keys": list(each.condition_keys)}
            for each in types
        },
        "resources_lower_name": {each.name.lower(): each.name for each in types},
        "conditions": {},
    }


def _privilege(name: str, action: "Action") -> dict[str, Any]:
    uses = {
        use.name: {
            "resource_type": use.name,
            "required": use.required,
            "condition_keys": list(use.condition_keys),
            "dependent_actions": list(use.dependent_actions),
        }
        for use in action.resources
    }
    uses[""] = {
        "resource_type": "",
        "required": False,
        "condition_keys": list(action.condition_keys),
        "dependent_actions": list(action.dependent_actions),
    }
    if action.resources and not action.condition_keys and not action.dependent_actions:
        del uses[""]
    return {
        "privilege": name,
        "description": action.description,
        "access_level": action.access_level,
        "resource_types": uses,
        "resource_types_lower_name": {use.lower(): use for use in uses},
        "api_documentation_link": action.url,
    }


class _Sentry:
    """The private copy of policy_sentry's writer, and the data it is given."""

    def __init__(
        self, writer: ModuleType, version: str, data: dict[str, Any], caches: list[Callable[[], None]]
    ) -> None:
        self.SidGroup = writer.SidGroup
        self.version = version
        self._data = data
        self._caches = caches

    def pin(self, data: Mapping[str, Any]) -> None:
        """Replace what policy_sentry knows, and have it forget what it has looked up."""
        self._data.clear()
        self._data.update(data)
        for clear in self._caches:
            clear()


@lru_cache(maxsize=1)
def _sentry() -> _Sentry:
    data: dict[str, Any] = {}
    with _LOCK, _apart():
        for stand_in in _stand_ins(data):
            sys.modules[stand_in.__name__] = stand_in
        writer = importlib.import_module(f"{NAME}.writing.sid_group")
        version: str = importlib.import_module(f"{NAME}.bin.version").__version__
        own = [module for name, module in sys.modules.items() if name.startswith(f"{NAME}.")]
    caches = [value.cache_clear for module in own for value in vars(module).values() if hasattr(value, "cache_clear")]
    return _Sentry(writer, version, data, caches)


@contextmanager
def _apart() -> "Iterator[None]":
    """Import policy_sentry anew inside, and leave the process's own copy, if there is one, as it was."""
    theirs = {name: module for name, module in sys.modules.items() if name == NAME or name.startswith(f"{NAME}.")}
    for name in theirs:
        del sys.modules[name]
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name == NAME or name.startswith(f"{NAME}.")]:
            del sys.modules[name]
        sys.modules.update(theirs)


def _stand_ins(data: dict[str, Any]) -> list[ModuleType]:
    """Modules in place of those that read the home folder, 14 MB of JSON, or packages that are not needed here."""
    members: dict[str, dict[str, Any]] = {
        "shared.constants": {
            "POLICY_LANGUAGE_VERSION": "2012-10-17",
            "POLICY_SENTRY_SCHEMA_VERSION_NAME": "policy_sentry_schema_version",
        },
        "shared.iam_data": {
            "iam_definition": data,
            "get_service_prefix_data": lambda prefix: data.get(prefix, {}),
        },
        "util.policy_files": {"get_actions_from_statement": None},
        "writing.validate": {"check_actions_schema": lambda _: True, "check_crud_schema": lambda _: True},
    }
    modules = []
    for name, values in members.items():
        module = ModuleType(f"{NAME}.{name}")
        vars(module).update(values)
        modules.append(module)
    return modules
