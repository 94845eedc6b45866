"""Witnesses: a region made into one request that people understand, and evaluated once more by the definition.

Coordinates that hang together in truth (a caller's ARN, account and name; how one value reads as text and as a number)
are independent in a region, so a request made of it may be none. It is never passed on without that second look.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from iamlint.engine import scalars
from iamlint.engine.access import Access, Gate
from iamlint.engine.actions import Actions
from iamlint.engine.archetypes import ACCOUNT, ARN, LINKED, NAME, Archetype
from iamlint.engine.boxes import ACTION, RESOURCE
from iamlint.engine.caller import caller_of, principal_grant
from iamlint.engine.comparison import Grounds, Witness
from iamlint.engine.context import complete
from iamlint.engine.difference import Region, Space
from iamlint.engine.linked import OWNER, fits
from iamlint.engine.match import index_of
from iamlint.engine.rcps import can_apply
from iamlint.engine.request import Caller, CallerKind, Context, Request
from iamlint.engine.sets import ADDRESS, NUMBER, TEXT, State, Texts, Values, matching, need_values
from iamlint.engine.world import World
from iamlint.errors import IamlintError
from iamlint.policy import Policy, PolicyKind, Statement
from iamlint.policy.automaton import FIELD_STAR, STAR
from iamlint.policy.language import Glob, glob_of

_SOME, _A_FEW = 32, 8
"""How many actions and resources are looked at for a pair that goes together."""
_TIME = "aws:currenttime"
_SOME_TIME = "2026-01-01T00:00:00Z"
_NOT_IN_CONTEXT = (RESOURCE, ACTION, OWNER)


class Finder(NamedTuple):
    """What it takes to make a request of a region."""

    space: Space
    archetype: Archetype
    world: World
    actions: Actions

    def requests(self, region: Region) -> Iterator[Request]:
        """The requests to try, the one that is easiest to understand first."""
        context = self._context(region)
        owner = self._text(self.space.state(region, OWNER)) if OWNER in region.states else None
        for caller in self._callers(region):
            for action, resource in self._actions_and_resources(region, caller):
                yield Request(action, resource, caller, context, owner or "")

    def _actions_and_resources(self, region: Region, caller: Caller) -> Iterator[tuple[str, str]]:
        """An action and a resource that it works on, where the region has such; else any."""
        texts = self.space.state(region, RESOURCE).facets[TEXT]
        assert isinstance(texts, Texts)  # noqa: S101 - nothing reads a resource otherwise
        word = texts.find(self.space.budget) or "*"
        actions = self._some_actions(region, word)
        words = [word, *self._other_words(texts)]
        fitting = (each for action in actions for each in self._fitting(action, words, texts, caller))
        yield from islice(fitting, 1)
        yield actions[0], word

    def _fitting(self, action: str, words: Sequence[str], texts: Texts, caller: Caller) -> Iterator[tuple[str, str]]:
        templates = self.world.arns_of(action) or ("*",)
        filled = (_filled(template, caller.account) for template in templates)
        yield from ((action, made) for made in filled if texts.holds(made, self.space.budget))
        yield from ((action, word) for word in words if any(_shape(template).matches(word) for template in templates))

    def _other_words(self, texts: Texts) -> Iterator[str]:
        first = min(texts.all_of, key=lambda group: group.rank)
        samples = (word for glob in first.globs[:_A_FEW] for word in glob.samples[:1])
        return (word for word in samples if texts.holds(word, self.space.budget))

    def _some_actions(self, region: Region, resource: str) -> list[str]:
        if ACTION in region.states:
            return [self.actions.spelled(self._text(region.states[ACTION]) or "*")]
        fields = resource.split(":")
        fitting = region.actions & self.actions.of_service(fields[2]) if len(fields) > 5 else 0
        return list(islice(self.actions.names(fitting or region.actions), _SOME))

    def _callers(self, region: Region) -> Iterator[Caller]:
        """The callers to try; where ARN, account and name matter, they fit each other."""
        given = self.archetype.caller
        if not self.archetype.is_some or not any(key in region.states for key in (ARN, ACCOUNT, NAME)):
            yield given
            return
        for arn in dict.fromkeys(self._arns(region, given)):
            try:
                yield caller_of(_plausible(arn, given.account))
            except IamlintError:
                continue

    def _arns(self, region: Region, given: Caller) -> Iterator[str]:
        budget = self.space.budget
        if ARN in region.states:
            texts = region.states[ARN].facets[TEXT]
            assert isinstance(texts, Texts)  # noqa: S101 - nothing reads an ARN otherwise
            found = texts.find(budget) or given.arn
            if _plausible(found, given.account) != found:
                found = texts.meet(_NICE_ARNS).find(budget) or found
            yield found
            return
        *head, account, tail = given.arn.split(":", 5)
        if ACCOUNT in region.states:
            texts = region.states[ACCOUNT].facets[TEXT]
            assert isinstance(texts, Texts)  # noqa: S101
            account = texts.meet(_NICE_ACCOUNTS).find(budget) or texts.find(budget) or account
        if NAME in region.states and given.kind is CallerKind.USER:
            tail = f"user/{self._text(region.states[NAME])}"
        yield ":".join([*head, account, tail])

    def _context(self, region: Region) -> Context:
        context: dict[str, tuple[str, ...]] = {}
        for key, state in region.states.items():
            if key in _NOT_IN_CONTEXT or (key.startswith(LINKED[:6]) and key in self.archetype.pins):
                continue
            if state.absent:
                continue
            values = self._values(key, state)
            if values:
                context[key] = values
        return dict(sorted(context.items()))

    def _values(self, key: str, state: State) -> tuple[str, ...]:
        if not state.many:
            value = self._value(key, state.facets)
            return () if value is None else (value,)
        found = (self._value(key, need_values(state, need)) for need in state.needs)
        return tuple(dict.fromkeys(value for value in found if value is not None))

    def _text(self, state: State) -> str | None:
        texts = state.facets[TEXT]
        return texts.find(self.space.budget) if isinstance(texts, Texts) and state.valued else None

    def _value(self, key: str, facets: Mapping[str, Values]) -> str | None:
        """A text that fits all ways of reading it, where one of the obvious ones does; else any."""
        tries = [text for text in self._spellings(key, facets) if text is not None]
        return next((text for text in tries if fits(text, facets, self.space.budget)), tries[0] if tries else None)

    def _spellings(self, key: str, facets: Mapping[str, Values]) -> Iterator[str | None]:
        if key == _TIME and NUMBER not in facets:
            yield _SOME_TIME
        for facet, values in facets.items():
            if isinstance(values, Texts):
                if facet != TEXT or len(facets) == 1 or values.all_of:
                    yield values.find(self.space.budget)
                continue
            point = values.sample(whole=facet == ADDRESS)
            if point is None:
                continue
            if facet == ADDRESS:
                yield scalars.address_text(int(point))
            elif key == _TIME and -62135596800 <= point < 253402300800:
                yield scalars.date_text(point)
            text = scalars.number_text(point)
            yield from (text, f"{text}.0") if "." not in text else (text, f"{text}0")
        yield next((t.find(self.space.budget) for t in facets.values() if isinstance(t, Texts)), None)


def _plausible(arn: str, account: str) -> str:
    """An ARN of a principal with digits where its account may be any text, and a partition."""
    head, partition, service, region, found, *rest = [*arn.split(":", 5), "", "", "", ""][:6]
    if len(found) == len(account):
        found = "".join(old if old.isdigit() else new for old, new in zip(found, account, strict=True))
    return ":".join([head, partition or "aws", service, region, found, *rest])


_NICE = ("123456789012", "999988887777", "444455556666", *(str(digit) * 12 for digit in range(10)))
_NICE_ACCOUNTS = matching(glob_of(tuple(account)) for account in _NICE)
_NICE_ARNS = matching(glob_of((*"arn:aws:", FIELD_STAR, *f"::{account}:", STAR)) for account in _NICE)
"""Accounts to show where any would do."""
_FILLINGS = {"partition": "aws", "region": "us-east-1"}


@lru_cache(maxsize=1024)
def _shape(template: str) -> Glob:
    """What an ARN template matches."""
    return glob_of(tuple(re.sub(r"\$\{[^}]*\}", "*", template)))


def _filled(template: str, account: str) -> str:
    """An ARN template with its variables filled in."""
    if "${" not in template:
        return template
    made, _, rest = template.partition("${")
    for part in rest.split("${"):
        name, _, tail = part.partition("}")
        known = account or "123456789012" if name.lower() == "account" else "example"
        made += _FILLINGS.get(name.lower(), known) + tail
    return made


def grants(access: Access, request: Request) -> bool:
    """Whether access lets a request through, by the definition: some path, every gate of it."""
    context = complete(request)
    return any(all(_passes(gate, request, context) for gate in path) for path in access.paths)


def _passes(gate: Gate, request: Request, context: Context) -> bool:
    if any(True for policy in gate.policies for _ in _applying(gate, policy, request, context, allows=False)):
        return False
    if gate.deny_only:
        return True
    allowing = (each for policy in gate.policies for each in _applying(gate, policy, request, context, allows=True))
    return any(gate.counts(principal_grant(each, request.caller, has_boundary=gate.bounded)) for each in allowing)


def _applying(gate: Gate, policy: Policy, request: Request, context: Context, *, allows: bool) -> Iterator[Statement]:
    """The statements of a policy that apply to a request; those of an RCP only to what RCPs limit."""
    is_rcp = policy.kind is PolicyKind.RCP and not allows
    if is_rcp and not can_apply(request.action.lower(), request.resource):
        return
    found = index_of(policy).applying(request, context, allows=allows, has_boundary=gate.bounded)
    yield from (each.statement for each in found)


def witness(request: Request, left: Access, right: Access | None) -> Witness:
    """A request as a witness: the statements that allow it on one side, and that deny it on the other."""
    return Witness(
        request, _grounds(left, request, allows=True), _grounds(right, request, allows=False) if right else ()
    )


def _grounds(access: Access, request: Request, *, allows: bool) -> tuple[Grounds, ...]:
    context = complete(request)
    gates = (gate for path in access.paths for gate in path if not (allows and gate.deny_only))
    found = (
        Grounds(policy, statement)
        for gate in gates
        for policy in gate.policies
        for statement in _applying(gate, policy, request, context, allows=allows)
    )
    return tuple({(id(each.policy), each.statement.index): each for each in found}.values())
