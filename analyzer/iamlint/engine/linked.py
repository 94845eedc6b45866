"""Linked: coordinates that tell of each other, an ARN and its account, a user and their name. Knows no policy.

A region takes all coordinates as independent. What no request can be, because its ARN would belong to another account
than the one beside it, is cut away here.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from iamlint.engine import scalars
from iamlint.engine.archetypes import ACCOUNT, ARN, NAME
from iamlint.engine.boxes import RESOURCE
from iamlint.engine.difference import Region, Space
from iamlint.engine.sets import ADDRESS, NUMBER, TEXT, State, Texts, Values, matching, not_matching
from iamlint.policy.automaton import ANY, FIELD_ANY, FIELD_STAR, STAR, Budget, Token, Tokens
from iamlint.policy.language import Glob, Group, glob_of

OWNER = "aws:resourceaccount"
_ACCOUNTS = ((RESOURCE, OWNER), (ARN, ACCOUNT), ("aws:sourcearn", "aws:sourceaccount"))
"""ARNs, and the keys that say their account.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""
_HEAD: Tokens = (*"arn:", FIELD_STAR, ":", FIELD_STAR, ":", FIELD_STAR, ":")
_FIELD = {STAR: FIELD_STAR, ANY: FIELD_ANY}


def tightened(region: Region, space: Space) -> Region | None:
    """The part of a region in which ARNs, accounts and names, and all readings of a value, fit; None without one.

    Raises:
        BudgetSpentError: It takes too long to find out.
    """
    if any(len(state.facets) > 1 and not _can_be(state, space.budget) for state in region.states.values()):
        return None
    for arn, account in _ACCOUNTS:
        if account in region.states and (arn == RESOURCE or arn in region.states):
            told = _texts(region.states[account])
            found = region if told is None else _with_arn(region, space, arn, _of_account(told, is_caller=arn == ARN))
            if found is None:
                return None
            region = found
    if ARN in region.states and NAME in region.states:
        told = _texts(region.states[NAME])
        arns = _texts(region.states[ARN])
        if told is not None and arns is not None:
            return _with_arn(region, space, ARN, _of_name(told).meet(_named(arns, told, space.budget)))
    return region


def fits(text: str, facets: Mapping[str, Values], budget: Budget) -> bool:
    """Whether a text is a value in every way of reading it."""
    return all(_is_in(text, facet, values, budget) for facet, values in facets.items())


def _is_in(text: str, facet: str, values: Values, budget: Budget) -> bool:
    if isinstance(values, Texts):
        return values.holds(text if facet == TEXT else scalars.binary(text) or "", budget)
    if facet == ADDRESS:
        found = scalars.addresses(text)
        return found is not None and values.contains(found[0])
    point = scalars.date(text) if facet == NUMBER else None
    return point is not None and values.contains(point)


def _can_be(state: State, budget: Budget) -> bool:
    """Whether one value can fit several ways of reading it; told only where few texts are left."""
    texts = _texts(state)
    groups = [group for group in texts.all_of if not group.wild] if texts is not None else []
    return all(any(fits(glob.literal or "", state.facets, budget) for glob in group.globs) for group in groups)


def _texts(state: State) -> Texts | None:
    """What a key says that is there and has one value; None where it says nothing for sure."""
    texts = state.facets[TEXT]
    return texts if isinstance(texts, Texts) and state.valued and not state.absent and not state.many else None


def _with_arn(region: Region, space: Space, key: str, fitting: Texts) -> Region | None:
    state = space.state(region, key)
    texts = _texts(state)
    if texts is None:
        return region
    met = texts.meet(fitting)
    if met.find(space.budget) is None:
        return None
    return Region(region.actions, {**region.states, key: State({**state.facets, TEXT: met}, absent=False)})


def _of_account(accounts: Texts, *, is_caller: bool) -> Texts:
    """The ARNs of some accounts; those of resources may name none, or `aws`."""
    made = Texts()
    for group in accounts.all_of:
        made = made.meet(_in_accounts(group, is_caller))
    for group in accounts.none_of:
        made = made.meet(not_matching(_in_account(glob) for glob in group.globs))
    return made


@lru_cache(maxsize=4096)
def _in_accounts(group: Group, is_caller: bool) -> Texts:
    others = () if is_caller else _NOBODYS
    return matching([*(_in_account(glob) for glob in group.globs), *others])


@lru_cache(maxsize=4096)
def _in_account(account: Glob) -> Glob:
    return glob_of((*_HEAD, *(_FIELD.get(token, token) for token in account.tokens), ":", STAR))


_NOBODYS = (glob_of(("\\*",)), glob_of((*_HEAD, ":", STAR)), glob_of((*_HEAD, *"aws:", STAR)))


def _of_name(names: Texts) -> Texts:
    """The ARNs of users with some names: of a pattern perhaps too many, as names have no slash and paths have."""
    made = Texts()
    for group in names.all_of:
        made = made.meet(matching(_users(group.globs)))
    literals = [glob for group in names.none_of for glob in group.globs if glob.literal is not None]
    return made.meet(not_matching(_users(literals)))


def _named(arns: Texts, names: Texts, budget: Budget) -> Texts:
    """Of ARNs without wildcards, those that have one of some names."""
    made = Texts()
    for group in arns.all_of:
        if not group.wild:
            fitting = (glob for glob in group.globs if names.holds((glob.literal or "").rpartition("/")[2], budget))
            made = made.meet(matching(fitting))
    return made


def _users(names: Iterable[Glob]) -> Iterator[Glob]:
    for name in names:
        for path in _PATHS:
            yield glob_of((*_HEAD, FIELD_STAR, *path, *name.tokens))


_PATHS: tuple[tuple[Token, ...], ...] = (tuple(":user/"), (*":user/", STAR, "/"))
