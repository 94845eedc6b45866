"""Rule packs: found through entry points, read by path, selected by code, prefix or name. Runs no rule."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

from iamlint.errors import IamlintError
from iamlint.rule import Rule

GROUP = "iamlint.rules"

AnyRule = Rule[Any]


def load_rules() -> tuple[AnyRule, ...]:
    """Every rule of every installed pack, by code.

    Raises:
        IamlintError: A pack cannot be imported, or two rules have one code.
    """
    found: dict[str, AnyRule] = {}
    for name, module in sorted(_packs(sys.path).items(), key=lambda pack: pack[::-1]):
        for each in rules_of(_import(module, name)):
            other = found.get(each.code)
            if other is not None and other.check.__module__ != each.check.__module__:
                raise IamlintError(
                    f"two rules have the code `{each.code}`: `{other.check.__module__}` and `{each.check.__module__}`",
                    help="uninstall one of the packs, or ask its author for another code",
                )
            found[each.code] = each
    return tuple(found[code] for code in sorted(found))


def _packs(folders: Iterable[str]) -> dict[str, str]:
    """The installed rule packs, name → module, as importlib.metadata finds them.

    That module alone takes longer to import than a policy takes to check, so it is asked only where nothing is found by
    reading the few files that the packaging specification puts beside the packages.
    https://packaging.python.org/en/latest/specifications/entry-points/
    """
    packs: dict[str, str] = {}
    for folder in folders:
        for name, module in _entries(folder or "."):
            packs.setdefault(name, module)
    if not packs:
        from importlib.metadata import entry_points  # noqa: PLC0415

        packs = {entry.name: entry.value for entry in entry_points(group=GROUP)}
    return packs


def _entries(folder: str) -> Iterator[tuple[str, str]]:
    """The packs among the distributions installed in a folder."""
    try:
        names = [name for name in os.listdir(folder) if name.endswith((".dist-info", ".egg-info"))]
    except OSError:
        return
    for name in names:
        try:
            with open(os.path.join(folder, name, "entry_points.txt"), encoding="utf-8") as stream:
                text = stream.read()
        except (OSError, UnicodeDecodeError):
            continue
        for line in text.partition(f"[{GROUP}]")[2].partition("\n[")[0].splitlines():
            pack, equals, module = line.partition("=")
            if equals and not pack.lstrip().startswith(("#", ";")):
                yield pack.strip(), module.strip()


def _import(module: str, pack: str) -> ModuleType:
    try:
        return import_module(module)
    except Exception as error:
        raise IamlintError(
            f"the rule pack `{pack}` cannot be imported: {type(error).__name__}: {error}",
            help=f"mend or uninstall the package that holds `{module}`",
        ) from error


def rules_of(pack: ModuleType) -> Iterator[AnyRule]:
    """The rules of a pack: folder is category, file is rule, and nothing is to be registered."""
    for root in pack.__path__:
        for category in _names(root):
            for module in _names(os.path.join(root, category)):
                loaded = import_module(f"{pack.__name__}.{category}.{module.removesuffix('.py')}")
                yield from (value for value in vars(loaded).values() if _is_own_rule(value, loaded))


def _names(folder: str) -> list[str]:
    if not os.path.isdir(folder):
        return []
    return sorted(
        entry.name
        for entry in os.scandir(folder)
        if not entry.name.startswith(("_", ".")) and (entry.name.endswith(".py") or entry.is_dir())
    )


def _is_own_rule(value: object, module: ModuleType) -> bool:
    return isinstance(value, Rule) and value.check.__module__ == module.__name__


def select(
    rules: Sequence[AnyRule], chosen: Iterable[str] = (), ignored: Iterable[str] = (), extra: Iterable[str] = ()
) -> tuple[AnyRule, ...]:
    """The rules to run. The longest matching selector decides, and `ignored` wins a tie.

    Args:
        rules: All rules.
        chosen: Codes, prefixes, categories, names or `ALL`; without any, all rules but the style ones.
        ignored: The same, to leave out.
        extra: The same, on top of `chosen`.

    Raises:
        IamlintError: A selector matches no rule.
    """
    wanted, unwanted, added = list(chosen), list(ignored), list(extra)
    for selector in (*wanted, *unwanted, *added):
        if not any(_weight(selector, each) for each in rules):
            raise IamlintError(f"no rule matches `{selector}`", help=_advice(selector, rules))
    return tuple(each for each in rules if _is_selected(each, wanted, unwanted, added))


def _is_selected(each: AnyRule, wanted: list[str], unwanted: list[str], added: list[str]) -> bool:
    default = 0 if wanted else int(each.category != "style")
    plus = max([default, *(_weight(s, each) for s in (*wanted, *added))])
    return plus > max([0, *(_weight(s, each) for s in unwanted)])


def _weight(selector: str, each: AnyRule) -> int:
    """How closely a selector names a rule: 0 is not at all."""
    if selector == "ALL":
        return 1
    if selector == each.category:
        return 2
    if selector in (each.name, each.code):
        return 100
    return 2 + len(selector) if selector.isalnum() and each.code.startswith(selector.upper()) else 0


def find(rules: Sequence[AnyRule], word: str) -> AnyRule:
    """The rule of that code or name.

    Raises:
        IamlintError: There is none.
    """
    for each in rules:
        if word.upper() == each.code or word.replace("_", "-").lower() == each.name:
            return each
    raise IamlintError(f"no rule is called `{word}`", help=_advice(word, rules))


def _advice(word: str, rules: Sequence[AnyRule]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only for a slip

    names = {name.lower(): name for each in rules for name in (each.code, each.name, each.category)}
    near = get_close_matches(word.lower(), names, n=1)
    return f"did you mean `{names[near[0]]}`?" if near else "`iamlint rules` lists them"
