"""Statements that answer for a request, as places in their files: the entries that take it in. Decides nothing."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from iamlint.diagnostic import Place
from iamlint.engine.request import Caller, Request
from iamlint.policy import Pattern, Policy, PolicyKind, Statement
from iamlint.source.placed import Homes, Placed
from iamlint.text import Pointer

_NAMES_PRINCIPALS = (PolicyKind.TRUST, PolicyKind.RESOURCE, PolicyKind.RCP, PolicyKind.VPC_ENDPOINT)


class Spot(NamedTuple):
    """What to show of a statement: its action, with words about it, and what else it says of the request."""

    main: Place
    related: tuple[Place, ...]
    address: str | None
    statement: Statement

    @property
    def location(self) -> str:
        """File, line and column, as editors understand them."""
        start = self.main.start
        return f"{self.main.file.name}:{start.line}:{start.column}"


def spot(policy: Policy, statement: Statement, request: Request, homes: Homes, words: str) -> Spot | None:
    """The places of a statement that have to do with a request; None if its policy stands in no file."""
    home = homes.get(id(policy))
    if home is None:
        return None
    at = _action(statement, request)
    related = tuple(place(home, each, "") for each in _beside(policy, statement, request))
    return Spot(place(home, at, words), related, home.found.address, statement)


def place(home: Placed, at: Pointer, words: str) -> Place:
    """A place of a policy in its file."""
    document = home.found.document
    return Place(document.file, at, document.span(at), words)


def _action(statement: Statement, request: Request) -> Pointer:
    entry = statement.entry_for(request.action)
    if entry is not None:
        return entry.at
    return _element(statement, "NotAction") or _element(statement, "Action") or statement.at


def _element(statement: Statement, name: str) -> Pointer | None:
    return statement.element_at(name) if statement.has(name) else None


def _beside(policy: Policy, statement: Statement, request: Request) -> Iterator[Pointer]:
    """The entries, or else the elements, that are about the caller and the resource."""
    if policy.kind in _NAMES_PRINCIPALS:
        principal = _element(statement, "Principal") or _element(statement, "NotPrincipal")
        if principal is not None:
            yield _principal(statement, request.caller) or principal
    resource = _entry(statement.resources, request.resource) or (
        _element(statement, "NotResource") or _element(statement, "Resource")
    )
    if resource is not None:
        yield resource


def _principal(statement: Statement, caller: Caller) -> Pointer | None:
    """The entry of Principal that names the caller, its role or account, or everyone."""
    texts = (caller.arn, caller.role, caller.account, f":{caller.account}:root", "*")
    found = (entry.at for text in texts if text for entry in statement.principals if entry.value.endswith(text))
    return next(found, None)


def _entry(entries: Sequence[Pattern], text: str) -> Pointer | None:
    return next((entry.at for entry in entries if entry.matches(text)), None)
