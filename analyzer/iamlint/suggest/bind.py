"""Actions bound to the resources they work on, each to no other. Knows nothing of how a policy is written."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iamlint.errors import IamlintError
from iamlint.policy import Arn, Pattern
from iamlint.suggest import fit, refusal
from iamlint.suggest.grant import Grant
from iamlint.suggest.names import Asked

if TYPE_CHECKING:
    from iamlint.catalog import Action, Catalog

MANAGEMENT = "Permissions management"


@dataclass(frozen=True, slots=True)
class Blanks:
    """How a template is filled: what is known is put in, the rest stays a placeholder."""

    partition: str | None = None
    account: str | None = None


@dataclass(slots=True)
class Bound:
    """The grants, and what is to be said of them."""

    grants: list[Grant] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    placeholders: dict[str, None] = field(default_factory=dict)


class Binder:
    """The given resources, and which of them each action can name."""

    def __init__(self, catalog: "Catalog", resources: Iterable[str], blanks: Blanks | None) -> None:
        self.catalog = catalog
        self.resources = tuple(dict.fromkeys(resources))
        self.anything = any(Pattern(each).is_everything for each in self.resources)
        self.arns = {each: _arn(each) for each in self.resources if not Pattern(each).is_everything}
        self.blanks = blanks
        self.used: set[str] = set()
        self._shapes: dict[str, tuple[fit.Shape, ...]] = {}
        self._types: dict[tuple[str, str], frozenset[str]] = {}

    def types(self, service: str, resource: str) -> frozenset[str]:
        """The resource types of a service that a given resource can name."""
        key = service, resource
        if key not in self._types:
            found = self.catalog.service(service)
            if service not in self._shapes:
                self._shapes[service] = fit.shapes(found) if found else ()
            self._types[key] = fit.types_of(self._shapes[service], self.arns[resource])
        return self._types[key]

    def fitting(self, action: "Action") -> tuple[str, ...]:
        """Those of the given resources that an action works on."""
        names = {use.name.lower() for use in action.resources}
        return tuple(each for each in self.arns if names & self.types(action.service, each))

    def templates(self, action: "Action") -> tuple[str, ...]:
        """The ARNs with placeholders of the resource types an action needs, or of all it can work on."""
        service = self.catalog.service(action.service)
        if service is None or self.blanks is None:
            return ()
        required = [use for use in action.resources if use.required] or action.resources
        return tuple(
            fit.fill(arn, self.blanks.partition, self.blanks.account)
            for use in required
            for arn in service.resources[use.name.lower()].arns
        )


def bind(
    catalog: "Catalog",
    asked: Sequence[Asked],
    resources: Iterable[str],
    blanks: Blanks | None,
    *,
    elsewhere: bool = False,
) -> Bound:
    """Bind what is asked for to the given resources.

    `elsewhere` says that other permissions are granted beside these, so that an empty result is none of a fault.

    Raises:
        IamlintError: An action finds no resource, or a resource no action.
    """
    binder, bound = Binder(catalog, resources, blanks), Bound()
    named = {action.name: action for each in asked if not each.is_pattern for action in each.actions}
    for action in named.values():
        _bind_named(binder, bound, action)
    for each in asked:
        if each.is_pattern:
            _bind_pattern(binder, bound, each, named)
        elif each.where:
            _refuse_two_places(bound, each)
    unused = [each for each in binder.arns if each not in binder.used]
    if unused:
        raise refusal.unused(unused[0], binder, asked)
    if binder.anything and not any(grant.resource == "*" for grant in bound.grants):
        raise IamlintError("`--resource '*'` is given, and no action needs it", help="leave it out")
    if not bound.grants and not elsewhere:
        raise IamlintError("no action is asked for", help="name one, such as `--actions s3:GetObject`")
    _ask(binder, bound, asked)
    return bound


def _bind_named(binder: Binder, bound: Bound, action: "Action") -> None:
    if not action.resources:
        _grant(binder, bound, action, ("*",))
        bound.notes.append(f"`{action.name}` is on `*`: AWS allows nothing narrower for it")
        return
    if binder.anything:
        raise refusal.star(action, binder)
    places = binder.fitting(action)
    if not places and binder.blanks is not None:
        places = binder.templates(action)
    if not places:
        raise refusal.no_place(action, binder)
    _grant(binder, bound, action, places)


@dataclass(slots=True)
class _Sorted:
    """What a pattern matches: what is granted, what changes permissions, and what works on other resources."""

    taken: list[str] = field(default_factory=list)
    management: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)


def _bind_pattern(binder: Binder, bound: Bound, asked: Asked, named: dict[str, "Action"]) -> None:
    found = _Sorted()
    for action in asked.actions:
        places = _pattern_places(binder, action)
        if not places:
            found.elsewhere.append(action.name)
        elif action.access_level == MANAGEMENT and action.name not in named:
            found.management.append(action.name)
        else:
            found.taken.append(action.name)
            if action.name not in named:
                _grant(binder, bound, action, places)
    if not found.taken:
        raise refusal.nothing_fits(asked, found.management, binder)
    _tell_pattern(bound, asked.word, found)


def _pattern_places(binder: Binder, action: "Action") -> tuple[str, ...]:
    if binder.blanks is not None and not binder.resources:
        return binder.templates(action) or ("*",)
    if action.resources:
        return binder.fitting(action)
    return ("*",) if binder.anything else ()


def _tell_pattern(bound: Bound, word: str, found: _Sorted) -> None:
    if any(grant.resource == "*" and grant.action in found.taken for grant in bound.grants):
        bound.notes.append(f"what `{word}` stands for on `*` is what AWS allows nothing narrower for")
    bound.notes.append(f"`{word}` stands for {_count(found.taken)} here: {', '.join(found.taken)}")
    if found.elsewhere:
        others = few(found.elsewhere)
        bound.notes.append(f"`{word}` also matches {_count(found.elsewhere)} on other resources, left out: {others}")
    if found.management:
        names = ", ".join(found.management)
        bound.notes.append(f"`{word}` also matches {_count(found.management)} on permissions, left out: {names}")
        bound.questions.append(f"do you mean {few(found.management)} too? then name what you mean in `--actions`")


def _grant(binder: Binder, bound: Bound, action: "Action", places: Iterable[str]) -> None:
    for place in places:
        if place not in binder.resources:
            bound.placeholders.update(dict.fromkeys(fit.PLACEHOLDER.findall(place)))
        binder.used.add(place)
        bound.grants.append(Grant(action.name, place, (), _label(binder, action, place)))


def _label(binder: Binder, action: "Action", place: str) -> str:
    """What a statement is called: service, access level, and the resource type where there is but one."""
    if place == "*":
        return "AnyResource"
    names = {use.name.lower() for use in action.resources}
    types = names & binder.types(action.service, place) if place in binder.arns else set()
    words = f"{action.service} {action.access_level} {next(iter(types)) if len(types) == 1 else ''}"
    return "".join(word.capitalize() for word in re.split("[^A-Za-z0-9]+", words))


def _refuse_two_places(bound: Bound, asked: Asked) -> None:
    """An operation that reads one place and writes another would get both rights on both."""
    places = {grant.resource for grant in bound.grants if grant.action in asked.where}
    if len(places) > 1:
        parts = ", ".join(f"`{action.name}` on the {asked.where[action.name]}" for action in asked.actions)
        raise IamlintError(
            f"`{asked.operation}` works on two places, and which resource is which is not said",
            help=f"it needs {parts}: suggest each by itself, with its own `--resource`",
        )


def _ask(binder: Binder, bound: Bound, asked: Sequence[Asked]) -> None:
    for resource, arn in binder.arns.items():
        if not arn.resource.strip("*?/:"):
            bound.questions.append(f"`{resource}` names every resource of its kind: is that meant?")
    granted = {grant.action for grant in bound.grants}
    for each in asked:
        if each.operation and each.operation not in granted:
            names = " and ".join(f"`{action.name}`" for action in each.actions)
            bound.notes.append(f"`{each.word}` is no action but an API operation, which needs {names}")
        for name, case in each.conditional.items():
            if name not in granted:
                bound.questions.append(f"`{each.operation}` needs `{name}` where {case}: is that so?")
    for name in sorted(granted):
        action = binder.catalog.action(name)
        if action is None:
            continue
        others = [f"`{other}`" for other in action.dependent_actions if other not in granted]
        if others:
            needs = " or ".join(others)
            bound.questions.append(f"some calls of `{name}` also need {needs}: do yours? then ask for that by itself")
        _ask_for_types(binder, bound, action)


def _ask_for_types(binder: Binder, bound: Bound, action: "Action") -> None:
    """A call needs every required resource type: name those that no given resource can be."""
    if binder.blanks is not None or not action.resources:
        return
    covered = {name for each in binder.arns for name in binder.types(action.service, each)}
    missing = [use.name for use in action.resources if use.required and use.name.lower() not in covered]
    if missing:
        bound.questions.append(
            f"`{action.name}` also works on {', '.join(map(fit.plural, missing))}: which? add `--resource`"
        )


def _arn(text: str) -> Arn:
    arn = Arn.parse(text)
    if arn is None or not (arn.partition and arn.service and arn.resource) or not text.isprintable():
        raise IamlintError(
            f"`{text}` is no ARN", help="an ARN has six fields, such as `arn:aws:s3:::amzn-s3-demo-bucket/*`"
        )
    if Pattern(arn.service).has_wildcard or Pattern(arn.service).has_variable:
        raise IamlintError(f"`{text}` names no service", help="write the ARN's third field out, such as `s3`")
    partition = Pattern(arn.partition)
    if not partition.has_wildcard and not partition.has_variable and not _is_partition(arn.partition):
        raise IamlintError(f"there is no partition `{arn.partition}`, in `{text}`", help="it is `aws` nearly always")
    if arn.account.isdigit() and len(arn.account) != 12:
        raise IamlintError(f"`{arn.account}` is no account, in `{text}`", help="an account has 12 digits")
    if text.rfind("${") > text.rfind("}"):
        raise IamlintError(
            f"`{text}` has a variable that does not end", help="close it with `}`, or write `${$}` for a `$`"
        )
    return arn


def _is_partition(text: str) -> bool:
    return text == "aws" or text.startswith("aws-")


def _count(names: Sequence[str]) -> str:
    return f"{len(names)} action{'s' * (len(names) != 1)}"


def few(names: Sequence[str], limit: int = 6) -> str:
    """The first of the names, and how many there are beyond."""
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more
