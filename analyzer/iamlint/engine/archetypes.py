"""Archetypes: the finitely many kinds of callers that some policies can tell apart. Knows no action and no resource.

A Principal element holds exact names and `*` only. So a few callers stand for all: each one that is named, some other
of every kind in each account that is named, and some other of every kind elsewhere. What is known of a caller by its
kind (its ARN, account, type …) is fixed as the state of the condition keys that say it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from iamlint.engine.caller import Grant, caller_of, principal_grant
from iamlint.engine.context import complete
from iamlint.engine.globs import arn_glob, literal
from iamlint.engine.match import HAS_PRINCIPAL
from iamlint.engine.request import Caller, CallerKind, Request
from iamlint.engine.sets import ABSENT, State, Texts, matching, not_matching, present
from iamlint.errors import IamlintError
from iamlint.policy import Policy, PolicyKind, Statement
from iamlint.policy.language import glob_of

ARN, ACCOUNT, NAME = "aws:principalarn", "aws:principalaccount", "aws:username"
_FIXED = (
    ARN,
    ACCOUNT,
    "aws:principaltype",
    "aws:username",
    "aws:principalisawsservice",
    "aws:principalservicename",
    "aws:principalservicenameslist",
)
"""The keys that a caller's kind and name settle."""
_OF_PRINCIPALS = ("aws:principalorgid", "aws:principalorgpaths", "aws:principaltag/")
"""The keys that only a principal of an account can have."""
_TELLING = frozenset(_FIXED) - {ACCOUNT}
"""The keys by which the kinds of an account's principals differ."""
LINKED = (*_FIXED, *_OF_PRINCIPALS)

_NAMES = {
    CallerKind.ROLE: "arn:aws:iam::{}:role/example",
    CallerKind.USER: "arn:aws:iam::{}:user/example",
    CallerKind.FEDERATED_USER: "arn:aws:sts::{}:federated-user/example",
    CallerKind.ROOT: "arn:aws:iam::{}:root",
}
_IN_POLICY_OF_KIND = {
    PolicyKind.SCP: (CallerKind.ROLE, CallerKind.USER, CallerKind.FEDERATED_USER, CallerKind.ROOT),
}
_HOLDERS = (CallerKind.ROLE, CallerKind.USER, CallerKind.FEDERATED_USER)
_ACCOUNTS = ("123456789012", "999988887777", "444455556666", "777788889999")
"""Accounts of AWS's own examples, for callers from elsewhere."""
_ANY_ACCOUNT = "?" * 12


class Archetype(NamedTuple):
    """One caller that stands for many; `pins` is what is known of it. `is_some`: others of its kind would do."""

    caller: Caller
    pins: Mapping[str, State]
    is_some: bool = False


class Named(NamedTuple):
    """What policies name: callers, and accounts."""

    callers: tuple[Caller, ...]
    accounts: tuple[str, ...]


def archetypes(
    policies: Sequence[Policy], keys: Iterable[str], wanted: Callable[[Archetype], bool] = lambda _: True
) -> tuple[Archetype, ...]:
    """The callers that policies can tell apart; the first is the most usual.

    Args:
        policies: All policies of a question.
        keys: The coordinates that their conditions look at.
        wanted: Which of them the question is about.
    """
    linked = {key for key in keys if key.startswith(LINKED)}
    with_principals = [policy for policy in policies if policy.kind in HAS_PRINCIPAL]
    if not linked and not with_principals:
        some = Archetype(caller_of(_NAMES[CallerKind.ROLE].format(_ACCOUNTS[0])), {}, is_some=True)
        return (some,) if wanted(some) else ()
    named = _named(policies)
    if not with_principals and ARN not in linked:
        # Nothing ties the account to a name: it is a coordinate like any other.
        named = Named((), ())
    everyone = (*_exact(named, linked), *_others(named, linked, policies, anyone=bool(with_principals)))
    found = [each for each in everyone if wanted(each)]
    if linked:
        return tuple(found)
    # Nothing looks at what is known of a caller but the Principal elements: of those they treat alike, one will do.
    statements = [statement for policy in with_principals for statement in policy.statements]
    alike: dict[tuple[object, ...], Archetype] = {}
    for each in found:
        alike.setdefault(tuple(_standing(statement, each.caller) for statement in statements), each)
    return tuple(alike.values())


def _standing(statement: Statement, caller: Caller) -> Grant | bool:
    """How a statement takes a caller in, as far as anything depends on it."""
    grant = principal_grant(statement, caller, has_boundary=False)
    return grant if grant in (Grant.ROLE, Grant.ACCOUNT) else grant is not None


def named_accounts(policies: Sequence[Policy]) -> tuple[str, ...]:
    """The accounts that policies name as those of callers, in Principal elements and in conditions."""
    return _named(policies).accounts


def takes(statement: Statement, caller: Caller) -> bool:
    """Whether a statement's Principal or NotPrincipal takes in a caller that has no boundary."""
    return principal_grant(statement, caller, has_boundary=False) is not None


def _exact(named: Named, linked: set[str]) -> Iterator[Archetype]:
    for caller in named.callers:
        yield Archetype(caller, _pins(caller, linked))


def _others(named: Named, linked: set[str], policies: Sequence[Policy], *, anyone: bool) -> Iterator[Archetype]:
    accounts = (*_ACCOUNTS, *(f"{number:012}" for number in range(len(named.accounts) + 1)))
    elsewhere = next(account for account in accounts if account not in named.accounts)
    kinds: tuple[CallerKind, ...] = tuple(_NAMES)
    if not anyone:
        kinds = next((_IN_POLICY_OF_KIND[p.kind] for p in policies if p.kind in _IN_POLICY_OF_KIND), _HOLDERS)
        kinds = kinds if linked & _TELLING else kinds[:1]
    for account in (*named.accounts, elsewhere):
        for kind in kinds:
            caller = _fresh(_NAMES[kind].format(account), named)
            yield Archetype(caller, _some_pins(caller, named, linked, inside=account != elsewhere), is_some=True)
    if anyone:
        for text in ("example.amazonaws.com", f"arn:aws:iam::{elsewhere}:oidc-provider/idp.example.com"):
            caller = _fresh(text, named)
            yield Archetype(caller, _pins(caller, linked))
        anonymous = Caller(CallerKind.ANONYMOUS)
        yield Archetype(anonymous, _pins(anonymous, linked))


def _fresh(text: str, named: Named) -> Caller:
    """A caller that nothing names."""
    taken = {caller.arn for caller in named.callers}
    while text in taken and "example" in text:
        text = text.replace("example", "examples", 1)
    return caller_of(text)


def _pins(caller: Caller, linked: set[str]) -> dict[str, State]:
    """What is known of just this caller."""
    known = complete(Request("", "*", caller, {}))
    pins: dict[str, State] = {}
    for key in linked:
        if key in known:
            pins[key] = present(matching([literal(known[key][0])]))
        elif key in _FIXED or not caller.account or caller.kind is CallerKind.FEDERATED:
            pins[key] = ABSENT
    return pins


def _some_pins(caller: Caller, named: Named, linked: set[str], *, inside: bool) -> dict[str, State]:
    """What is known of some caller of a kind, in an account that is named (`inside`) or in any other."""
    pins = _pins(caller, linked)
    if ARN in pins:
        pins[ARN] = present(_arns(caller, named, inside=inside))
    if ACCOUNT in pins and not inside:
        pins[ACCOUNT] = present(_accounts(named, caller.account))
    if NAME in pins and caller.kind is CallerKind.USER:
        pins[NAME] = present(_words(caller.arn.rpartition("/")[2], "?*"))
    return pins


def _arns(caller: Caller, named: Named, *, inside: bool) -> Texts:
    head, _, tail = caller.arn.rpartition(":")
    service = head.split(":")[2]
    account = caller.account if inside else _ANY_ACCOUNT
    shape = tail if tail == "root" else f"{tail.partition('/')[0]}/?*"
    arns = _words(caller.arn, f"arn:*:{service}::{account}:{shape}", arn=True)
    others = [literal(other.role or other.arn) for other in named.callers if other.kind is caller.kind]
    if not inside:
        # The first forms are plain beginnings, of which it is seen at once that they cover an ARN.
        forms = ("arn:aws:iam::{}:*", "arn:aws:sts::{}:*", "arn:*:*:*:{}:*")
        others += [arn_glob(form.format(account)) for form in forms for account in named.accounts]
    return arns.meet(not_matching(others))


def _accounts(named: Named, example: str) -> Texts:
    return _words(example, _ANY_ACCOUNT).meet(not_matching(map(literal, named.accounts)))


def _words(example: str, pattern: str, *, arn: bool = False) -> Texts:
    glob = arn_glob(pattern) if arn else glob_of(tuple(pattern))
    if glob.nice is None:
        glob.nice = example
    return matching([glob])


_ACCOUNT_IN_ARN = re.compile(r"arn:[^:]*:(?:iam|sts)::(\d{12}):")
_ACCOUNT_ALONE = re.compile(r"\d{12}")


def _named(policies: Sequence[Policy]) -> Named:
    callers: dict[str, Caller] = {}
    accounts: dict[str, None] = {}
    for policy in policies:
        for statement in policy.statements:
            if policy.kind in HAS_PRINCIPAL:
                for entry in (*statement.principals, *statement.not_principals):
                    caller = _caller_of_entry(entry.type, entry.value)
                    if caller is not None and entry.value != "*":
                        callers.setdefault(caller.arn, caller)
                        accounts.setdefault(caller.account)
            for account in _accounts_in_conditions(statement):
                accounts.setdefault(account)
    # An identity provider's ARN may hold a placeholder where its account belongs.
    known = tuple(account for account in accounts if _ACCOUNT_ALONE.fullmatch(account))
    return Named(tuple(_with_roles(callers.values())), known)


def _caller_of_entry(type_: str, value: str) -> Caller | None:
    if type_ == "CanonicalUser":
        return Caller(CallerKind.USER, value)
    try:
        return caller_of({"type": type_, "id": value})
    except IamlintError:
        return None


def _with_roles(callers: Iterable[Caller]) -> Iterator[Caller]:
    """The callers; a session has its role's ARN with the path where the role is named too."""
    everyone = list(callers)
    roles = {(each.account, each.arn.rpartition("/")[2]): each.arn for each in everyone if each.arn == each.role}
    for each in everyone:
        if each.kind is CallerKind.ROLE and each.arn != each.role:
            yield each._replace(role=roles.get((each.account, each.role.rpartition("/")[2]), each.role))
            if each.role not in roles.values() and (each.account, each.role.rpartition("/")[2]) not in roles:
                yield each._replace(arn=each.role)
        else:
            yield each


def _accounts_in_conditions(statement: Statement) -> Iterator[str]:
    for condition in statement.conditions:
        key = condition.key_lower
        if key in (ACCOUNT, "kms:calleraccount"):
            yield from (value.text for value in condition.values if _ACCOUNT_ALONE.fullmatch(value.text))
        elif key == ARN:
            found = (_ACCOUNT_IN_ARN.match(value.text) for value in condition.values)
            yield from (match[1] for match in found if match)
