"""Did you mean: names that exist and are close to one that does not. Knows no policy, and of English a few verbs."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iamlint.catalog.catalog import Catalog

CLOSE = 0.84
"""How alike two names must be, from 0 to 1, to be taken for each other."""

FEW = 3
"""In how many services a name may exist to still hint at one of them."""

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


def actions(catalog: "Catalog", name: str) -> list[str]:
    """Actions close to a name, the likeliest first."""
    return _once(_here(catalog, name), but=name) or _once(_elsewhere(catalog, name), but=name)


def _here(catalog: "Catalog", name: str) -> Iterator[str]:
    prefix, colon, bare = name.rpartition(":")
    operation = catalog.operation(name) if colon else None
    if operation:
        yield from operation.actions or operation.conditional
    for found in _meant(catalog, prefix):
        yield from (f"{found}:{close}" for close in _close(bare, catalog.services[found].names))


def _close(bare: str, names: Sequence[str]) -> list[str]:
    """What a wrong action name may stand for within its service."""
    same_deed = _same_deed(bare, names)
    return _same(bare, names) or [*same_deed, *_longer(bare, names), *([] if same_deed else _alike(bare, names))]


def _meant(catalog: "Catalog", prefix: str) -> list[str]:
    if not prefix:
        return []
    return [prefix.lower()] if prefix.lower() in catalog.services else services(catalog, prefix)[:2]


def _elsewhere(catalog: "Catalog", name: str) -> list[str]:
    """Actions of this name in other services; one that many have, such as `TagResource`, needs a like prefix too.

    Of a service that exists something else may be meant: only an object that one other service has hints at that.
    """
    prefix, _, bare = name.lower().rpartition(":")
    word = f" {bare} "
    found = [f"{other}:{bare}" for other, names in catalog.remember("names", lambda: _names(catalog)) if word in names]
    if prefix in catalog.services:
        found = found if len(found) == 1 and _deed(name.rpartition(":")[2])[1] else []
    elif len(found) > FEW:
        found = _alike(name, found, close=0.9)
    return [action.name for action in map(catalog.action, found) if action]


def _names(catalog: "Catalog") -> list[tuple[str, str]]:
    """The services, each with the names of its actions in lower case, with blanks around them."""
    return [(prefix, f" {names.lower()} ") for prefix, names in catalog.section("names").items()]


def services(catalog: "Catalog", prefix: str) -> list[str]:
    """Prefixes close to one, the likeliest first."""
    return catalog.remember(("near", prefix), lambda: _once(_services(catalog, prefix), but=prefix))


def _services(catalog: "Catalog", prefix: str) -> Iterator[str]:
    meant = catalog.prefix_of(prefix)
    if meant:
        yield meant
        return
    bare = _squeezed(prefix)
    if len(bare) < 2:
        return
    yield from catalog.remember("squeezed titles", lambda: _titles(catalog)).get(bare, ())
    yield from _alike(prefix, catalog.prefixes, close=0.75)
    named = {alias: found for alias, found in catalog.section("aliases").items() if len(alias) > 3}
    yield from (named[alias] for alias in _alike(bare, list(named)))


def _titles(catalog: "Catalog") -> dict[str, dict[str, None]]:
    """The services by what their prefixes and names have in letters and digits."""
    squeezed: dict[str, dict[str, None]] = {}
    for found, title in catalog.section("titles").items():
        for name in (found, title):
            squeezed.setdefault(_squeezed(name), {})[found] = None
    return squeezed


def condition_keys(catalog: "Catalog", name: str) -> list[str]:
    """Condition keys close to a name, the likeliest first."""
    return _once(_condition_keys(catalog, name), but=name)


def _condition_keys(catalog: "Catalog", name: str) -> Iterator[str]:
    prefix, _, bare = name.rpartition(":")
    if catalog.condition_key(f"aws:{bare}"):
        yield _filled(_spelled(catalog, f"aws:{bare}"), bare)
    head = f"{prefix or 'aws'}:{bare.partition('/')[0]}"
    heads = {key.partition("/")[0]: key for key in _documented_keys(catalog, prefix)}
    for close in _alike(head, list(heads), close=0.8):
        yield _filled(heads[close], bare)


def _documented_keys(catalog: "Catalog", prefix: str) -> list[str]:
    """The keys that a request to a service, or a token of an identity provider, can carry."""
    service = catalog.service(prefix)
    own = [key.name for key in service.condition_keys.values()] if service else []
    guests = [key for key in catalog.section("guest_keys") if key.startswith(f"{prefix.lower()}:")]
    claims = [f"{prefix}:aud", f"{prefix}:sub"] if "." in prefix else []
    return [*own, *guests, *claims, *(key.name for key in catalog.global_keys())]


def _spelled(catalog: "Catalog", name: str) -> str:
    key = catalog.condition_key(name)
    return key.name if key else name


def _filled(key: str, bare: str) -> str:
    """A template with what the user wrote after the slash."""
    rest = bare.partition("/")[2]
    return re.sub(r"/\$\{[^}]*\}$", lambda _: f"/{rest}", key) if rest else key


def _same(word: str, names: Iterable[str]) -> list[str]:
    """Names that differ in letter case, hyphens and the like only."""
    bare = _squeezed(word)
    near = (name for name in names if not name.isalnum() or name.lower().endswith(bare))
    return [name for name in near if _squeezed(name) == bare]


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


def _longer(word: str, names: Iterable[str]) -> list[str]:
    """Names that a word abbreviates, such as `UpdateFunctionConfig`."""
    start = word.lower()
    found = [name for name in names if name.lower().startswith(start) and len(start) > max(6, 0.6 * len(name))]
    return sorted(found, key=len)


def _same_deed(word: str, names: Iterable[str]) -> list[str]:
    """Names with the verb, or one that means the same, of the same thing, be it one or many."""
    verb, thing = _deed(word)
    verbs = {verb}.union(*(group for group in VERBS if verb in group))
    deeds = ((*_deed(name), name) for name in names if thing in name.lower())
    found = [(other != verb, name) for other, its, name in deeds if thing and its == thing and other in verbs]
    return [name for _, name in sorted(found)]


def _deed(name: str) -> tuple[str, str]:
    """The verb of a name, and its object without a plural ending."""
    verb = re.match(r"[A-Z]?[a-z]*", name)
    first = verb.group() if verb else ""
    return first.lower(), re.sub(r"(ie|e)?s$|y$", "", name[len(first) :].lower())


def _squeezed(name: str) -> str:
    bare = "".join(filter(str.isalnum, name.lower()))
    return bare.removeprefix("aws").removeprefix("amazon") or bare


def _once(names: Iterable[str], *, but: str) -> list[str]:
    """Each name once, without the one that was asked about."""
    return [name for name in dict.fromkeys(names) if name != but]
