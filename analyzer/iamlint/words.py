"""Requests in words: who, what, on which resource, under which circumstances. Knows no place and no decision."""

from collections.abc import Iterable, Iterator

from iamlint.engine.request import Caller, CallerKind, Request

_OF_THE_CATALOGUE = "actions are those of the catalogue of "


def quoted(text: str) -> str:
    """A text of the user's in backticks, and none inside, so that everybody sees where it ends."""
    return f"`{text.replace('`', chr(39))}`"


def who(caller: Caller) -> str:
    """The caller.

    >>> who(Caller(CallerKind.ANONYMOUS)), who(Caller(CallerKind.SERVICE, "ec2.amazonaws.com"))
    ('an anonymous caller', 'the service `ec2.amazonaws.com`')
    """
    if caller.kind is CallerKind.ANONYMOUS:
        return "an anonymous caller"
    if caller.kind is CallerKind.SERVICE:
        return f"the service {quoted(caller.arn)}"
    if caller.kind is CallerKind.FEDERATED:
        return f"somebody who comes by {quoted(caller.arn)}"
    if caller.kind is CallerKind.ROOT:
        return f"the root user of {quoted(caller.account)}"
    return quoted(caller.arn)


def what(request: Request) -> str:
    """The action and the resource."""
    owner = f" of account {quoted(request.resource_account)}" if _needs_owner(request) else ""
    return f"{quoted(request.action)} on {quoted(request.resource)}{owner}"


def _needs_owner(request: Request) -> bool:
    """Whether the resource's account is worth a word: it is not the caller's, and the ARN does not tell."""
    account = request.resource_account
    return bool(account) and account != request.caller.account and f":{account}:" not in request.resource


def worth_saying(assumptions: Iterable[str]) -> tuple[str, ...]:
    """The assumptions without the one on the catalogue's date, which every summary tells."""
    return tuple(each for each in assumptions if not each.startswith(_OF_THE_CATALOGUE))


def when(request: Request) -> str:
    """The circumstances; empty if none matter."""
    return ", ".join(_circumstances(request))


def _circumstances(request: Request) -> Iterator[str]:
    for key, values in request.context.items():
        if len(values) == 1:
            yield f"{quoted(key)} is {quoted(values[0])}"
        elif values:
            yield f"{quoted(key)} has {', '.join(map(quoted, values))}"
        else:
            yield f"there is no {quoted(key)}"
