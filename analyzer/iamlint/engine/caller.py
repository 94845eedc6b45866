"""Callers: reading who makes a request, and whether a statement's Principal takes them in. Knows no other element."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache

from iamlint.engine.request import Caller, CallerKind
from iamlint.errors import IamlintError
from iamlint.policy import Arn, PrincipalEntry, Statement

_HELP = (
    "give the ARN of a user, a role, a session, a federated user or a root user, a 12-digit account, "
    'a service principal such as `ec2.amazonaws.com`, or {"type": "Anonymous"}'
)
_ACCOUNT = re.compile(r"\d{12}")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
_PROVIDERS = frozenset({"accounts.google.com", "graph.facebook.com", "www.amazon.com"})
"""Identity providers that are named without an ARN.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-federated-web-identity
"""


class Grant(StrEnum):
    """By what a statement's Principal takes a caller in, from the most to the least that it says of the caller.

    What a boundary or a session policy may take away, and whether identity policies must grant as well, depends on it.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-eval-logic
    """

    SESSION = "session"
    USER = "user"
    FEDERATED_USER = "federated user"
    PROVIDER = "identity provider"
    SERVICE = "service"
    ANYONE = "everyone"
    ROLE = "role"
    ACCOUNT = "account"
    """The account's id, or its `:root`: the account may hand the permission on to its own principals."""


_ORDER = {grant: rank for rank, grant in enumerate(Grant)}
_EXACT = {
    CallerKind.USER: Grant.USER,
    CallerKind.FEDERATED_USER: Grant.FEDERATED_USER,
    CallerKind.FEDERATED: Grant.PROVIDER,
    CallerKind.SERVICE: Grant.SERVICE,
}
_ANONYMOUS = Caller(CallerKind.ANONYMOUS)


def caller_of(value: object, *, role: str = "") -> Caller:
    """The caller that a text or a mapping `{"type": …, "id": …}` names; `role` is a session's role, with its path.

    Raises:
        IamlintError: It names nobody.
    """
    if isinstance(value, Mapping):
        return _of_mapping(value)
    if not isinstance(value, str):
        raise IamlintError(f"a caller is a text or an object, not `{value}`", help=_HELP)
    text = value.strip()
    if _ACCOUNT.fullmatch(text):
        return Caller(CallerKind.ROOT, f"arn:aws:iam::{text}:root", text)
    arn = Arn.parse(text)
    if arn is not None:
        return _of_arn(arn, text, role)
    if text in _PROVIDERS:
        return Caller(CallerKind.FEDERATED, text)
    if _DOMAIN.fullmatch(text):
        return Caller(CallerKind.SERVICE, text)
    if text.lower() == "anonymous":
        return _ANONYMOUS
    raise IamlintError(f"`{text}` is no caller", help=_HELP)


def _of_mapping(value: Mapping[object, object]) -> Caller:
    kind = str(value.get("type", value.get("Type", "")))
    name = value.get("id", value.get("Id", value.get("arn", "")))
    if kind.lower() == "anonymous":
        return _ANONYMOUS
    if not isinstance(name, str) or not name:
        raise IamlintError(f"a caller of the type `{kind}` needs an `id`", help=_HELP)
    if kind.lower() == "federated":
        arn = Arn.parse(name)
        return Caller(CallerKind.FEDERATED, name, arn.account if arn else "")
    if kind.lower() == "service":
        return Caller(CallerKind.SERVICE, name)
    if kind.lower() != "aws":
        raise IamlintError(
            f"`{kind}` is no type of caller", help="the types are `AWS`, `Service`, `Federated` and `Anonymous`"
        )
    return caller_of(name, role=str(value.get("role", "")))


def _of_arn(arn: Arn, text: str, role: str) -> Caller:
    type_, _, name = arn.resource.partition("/")
    if not _ACCOUNT.fullmatch(arn.account):
        raise IamlintError(f"`{text}` has no 12-digit account", help=_HELP)
    if arn.service == "iam":
        if arn.resource == "root":
            return Caller(CallerKind.ROOT, text, arn.account)
        if type_ == "user" and name:
            return Caller(CallerKind.USER, text, arn.account)
        if type_ == "role" and name:
            return Caller(CallerKind.ROLE, text, arn.account, text)
        if type_ in ("saml-provider", "oidc-provider") and name:
            return Caller(CallerKind.FEDERATED, text, arn.account)
    if arn.service == "sts" and name:
        if type_ == "federated-user":
            return Caller(CallerKind.FEDERATED_USER, text, arn.account)
        session_of, slash, session = name.rpartition("/")
        if type_ == "assumed-role" and slash and session_of and session:
            made = f"arn:{arn.partition}:iam::{arn.account}:role/{session_of}"
            return Caller(CallerKind.ROLE, text, arn.account, role or made)
    raise IamlintError(f"`{text}` is the ARN of no principal", help=_HELP)


def is_session(caller: Caller) -> bool:
    """Whether a caller is a named session of a role, not just some session."""
    return caller.kind is CallerKind.ROLE and caller.arn != caller.role


def principal_grant(statement: Statement, caller: Caller, *, has_boundary: bool) -> Grant | None:
    """By what a statement's Principal or NotPrincipal takes a caller in; None if it does not.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    if "NotPrincipal" not in statement.raw:
        return _granted(statement.principals, caller)
    entries = statement.not_principals
    if not entries or any(entry.is_anyone for entry in entries):
        return None
    if statement.denies:
        exempt = not has_boundary and _is_listed_whole(entries, caller)
    else:
        exempt = _granted(entries, caller) is not None
    return None if exempt else Grant.ANYONE


def _granted(entries: Iterable[PrincipalEntry], caller: Caller) -> Grant | None:
    found = [grant for entry in entries if (grant := _entry_grant(entry, caller)) is not None]
    return min(found, key=_ORDER.__getitem__, default=None)


def _is_listed_whole(entries: Iterable[PrincipalEntry], caller: Caller) -> bool:
    """Whether every identity of a caller is listed: a session also acts as its role, and everyone as their account.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    listed = {_entry_grant(entry, caller) for entry in entries}
    return _needed(caller) <= listed


def _needed(caller: Caller) -> set[Grant | None]:
    if caller.kind is CallerKind.ANONYMOUS:
        return {Grant.ANYONE}
    if caller.kind is CallerKind.ROLE:
        return {Grant.ACCOUNT, Grant.ROLE, Grant.SESSION}
    if caller.kind is CallerKind.ROOT:
        return {Grant.ACCOUNT}
    exact = _EXACT[caller.kind]
    return {exact} if exact in (Grant.SERVICE, Grant.PROVIDER) else {exact, Grant.ACCOUNT}


def _entry_grant(entry: PrincipalEntry, caller: Caller) -> Grant | None:
    """By what one entry takes a caller in. Only `*` is a wildcard, and only alone; of type Service it is all services.

    The unique id of a principal that was deleted (`AROA…`) is nobody any more, and whose a CanonicalUser is cannot be
    told without asking AWS: neither matches.
    """
    if entry.type == "AWS":
        return Grant.ANYONE if entry.value == "*" else _ids(caller).get(_plain(entry.value, caller))
    if entry.type == "Service" and caller.kind is CallerKind.SERVICE:
        return Grant.SERVICE if entry.value in ("*", caller.arn) else None
    if entry.type == "Federated" and caller.kind is CallerKind.FEDERATED:
        return Grant.PROVIDER if entry.value in ("*", caller.arn) else None
    return None


@lru_cache(maxsize=1024)
def _ids(caller: Caller) -> Mapping[str, Grant]:
    """The texts of type AWS that take a caller in."""
    if not caller.account or caller.kind is CallerKind.FEDERATED:
        return {}
    partition = caller.arn.split(":", 2)[1]
    ids = {caller.account: Grant.ACCOUNT, f"arn:{partition}:iam::{caller.account}:root": Grant.ACCOUNT}
    if caller.kind is CallerKind.ROLE:
        ids[caller.role] = Grant.ROLE
        if is_session(caller):
            ids[caller.arn] = Grant.SESSION
    elif caller.kind in _EXACT:
        ids[caller.arn] = _EXACT[caller.kind]
    return ids


def _plain(value: str, caller: Caller) -> str:
    """A role's ARN without its path, where only the session is known: a session's ARN has no path.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-role-session
    """
    if not is_session(caller) or caller.role.count("/") != 1 or value.count("/") < 2:
        return value
    head, role, name = value.partition(":role/")
    return f"{head}{role}{name.rpartition('/')[2]}" if role else value
