"""Did you mean: names that exist and are close to one that does not. Knows the catalogue, and English no further
than the verbs that AWS uses for one another."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iamlint.catalog.catalog import Catalog

CLOSE = 0.84
"""How alike two names must be, from 0 to 1, to be taken for each other."""

VERBS = (
    {"get", "describe", "list", "read", "fetch", "head", "view"},
    {"create", "put", "add", "make", "new"},
    {"update", "modify", "put", "set", "change", "edit"},
    {"delete", "remove", "terminate", "destroy"},
    {"start", "run", "launch", "execute", "invoke"},
    {"attach", "associate", "add"},
    {"detach", "disassociate", "remove"},
)
"""Verbs that name the same deed in one service or another."""


def actions(catalog: "Catalog", name: str) -> Iterator[str]:
    """Actions close to a name, the likeliest first."""
    return _once(_actions(catalog, name), but=name)


def _actions(catalog: "Catalog", name: str) -> Iterator[str]:
    prefix, colon, bare = name.rpartition(":")
    operation = catalog.operation(name) if colon else None
    if operation:
        yield from operation.actions or operation.conditional
    for found in _meant(catalog, prefix):
        names = catalog.services[found].names
        for close in (*_same(bare, names), *_alike(bare, names), *_same_deed(bare, names)):
            yield f"{found}:{close}"
    yield from _elsewhere(catalog, bare)


def _meant(catalog: "Catalog", prefix: str) -> list[str]:
    if not prefix:
        return []
    return [prefix.lower()] if prefix.lower() in catalog.services else [*services(catalog, prefix)][:2]


def _elsewhere(catalog: "Catalog", bare: str) -> Iterator[str]:
    """Actions of this name in other services; a name that many have, such as `TagResource`, hints at none."""
    word = re.compile(rf"(?:^| )({re.escape(bare)})(?: |$)", re.IGNORECASE)
    found = [(prefix, hit[1]) for prefix, names in catalog.section("names").items() if (hit := word.search(names))]
    if len(found) <= 3:
        yield from (f"{prefix}:{name}" for prefix, name in found)


def services(catalog: "Catalog", prefix: str) -> Iterator[str]:
    """Prefixes close to one, the likeliest first."""
    return _once(_services(catalog, prefix), but=prefix)


def _services(catalog: "Catalog", prefix: str) -> Iterator[str]:
    meant = catalog.prefix_of(prefix)
    if meant:
        yield meant
    bare = _squeezed(prefix)
    if len(bare) < 2:
        return
    titles: dict[str, str] = catalog.section("titles")
    yield from (found for found, title in titles.items() if bare in (_squeezed(found), _squeezed(title)))
    yield from _alike(prefix, catalog.prefixes, close=0.75)
    if not meant:
        named = {alias: found for alias, found in catalog.section("aliases").items() if len(alias) > 3}
        yield from (named[alias] for alias in _alike(bare, list(named)))


def condition_keys(catalog: "Catalog", name: str) -> Iterator[str]:
    """Condition keys close to a name, the likeliest first."""
    return _once(_condition_keys(catalog, name), but=name)


def _condition_keys(catalog: "Catalog", name: str) -> Iterator[str]:
    prefix, _, bare = name.rpartition(":")
    if catalog.condition_key(f"aws:{bare}"):
        yield _filled(_spelled(catalog, f"aws:{bare}"), bare)
    service = catalog.service(prefix)
    documented = [key.name for key in service.condition_keys.values()] if service else []
    head = f"{prefix}:{bare.partition('/')[0]}" if prefix else f"aws:{bare.partition('/')[0]}"
    heads = {key.partition("/")[0]: key for key in (*documented, *(key.name for key in catalog.global_keys()))}
    for close in _alike(head, list(heads), close=0.8):
        yield _filled(heads[close], bare)


def _spelled(catalog: "Catalog", name: str) -> str:
    key = catalog.condition_key(name)
    return key.name if key else name


def _filled(key: str, bare: str) -> str:
    """A template with what the user wrote after the slash."""
    rest = bare.partition("/")[2]
    return re.sub(r"/\$\{[^}]*\}$", lambda _: f"/{rest}", key) if rest else key


def _same(word: str, names: Iterable[str]) -> Iterator[str]:
    """Names that differ in letter case, hyphens and the like only."""
    bare = _squeezed(word)
    return (name for name in names if _squeezed(name) == bare)


def _alike(word: str, names: Sequence[str], close: float = CLOSE) -> list[str]:
    """Names spelled almost like a word, the closest first, none much worse than the closest."""
    matcher = SequenceMatcher(b=word.lower(), autojunk=False)
    scored = []
    for name in names:
        matcher.set_seq1(name.lower())
        if matcher.real_quick_ratio() >= close and matcher.quick_ratio() >= close:
            scored.append((-matcher.ratio(), name))
    scored = sorted(score for score in scored if -score[0] >= close)
    return [name for ratio, name in scored if ratio <= scored[0][0] + 0.06]


def _same_deed(word: str, names: Iterable[str]) -> Iterator[str]:
    """Names with a verb that means the same, of the same thing, be it one or many."""
    verb, thing = _deed(word)
    verbs = {other for group in VERBS if verb in group for other in group}
    for name in names:
        other, its_thing = _deed(name)
        if thing and its_thing == thing and other in verbs:
            yield name


def _deed(name: str) -> tuple[str, str]:
    """The verb of a name, and its object without a plural ending."""
    verb = re.match(r"[A-Z]?[a-z]*", name)
    first = verb.group() if verb else ""
    return first.lower(), re.sub(r"(ie|e)?s$|y$", "", name[len(first) :].lower())


def _squeezed(name: str) -> str:
    bare = "".join(filter(str.isalnum, name.lower()))
    return bare.removeprefix("aws").removeprefix("amazon") or bare


def _once(names: Iterable[str], *, but: str) -> Iterator[str]:
    """Each name once, without the one that was asked about."""
    seen = {but}
    for name in names:
        if name not in seen:
            seen.add(name)
            yield name
