"""Trust: which roles of an account let a service or a principal in, as their trust policies name it. Asks nobody."""

from collections.abc import Iterator
from functools import lru_cache

from iamlint.policy import Account, Policy, Principal

CALLER = "caller"
_ASSUME = "sts:AssumeRole"
_ANYONE = "*"


class Trusts:
    """The roles of an account by whom they trust; conditions and Denies of their trust policies are not looked at."""

    def __init__(self, account: Account) -> None:
        self._roles: dict[str, list[str]] = {}
        for role in account.principals:
            for name in dict.fromkeys(_trusted(role.trust)) if role.trust and role.arn else ():
                self._roles.setdefault(name, []).append(role.arn)

    def of(self, who: str, principal: Principal) -> tuple[str, ...]:
        """The ARNs of the roles that let somebody in, the caller's own apart.

        Args:
            who: A service, such as `lambda.amazonaws.com`, or CALLER.
            principal: The caller.
        """
        home = principal.account
        names = (home, f"arn:aws:iam::{home}:root", principal.arn) if who == CALLER else (who, f"{who}.cn")
        found = dict.fromkeys(arn for name in (*names, _ANYONE) for arn in self._roles.get(name, ()))
        return tuple(arn for arn in found if arn != principal.arn)


def _trusted(trust: Policy) -> Iterator[str]:
    for statement in trust.statements:
        if statement.allows and statement.applies_to_action(_ASSUME):
            yield from (entry.value for entry in statement.principals)
            if statement.has("NotPrincipal"):
                yield _ANYONE


class _Same:
    """An account taken as equal to itself alone: to compare all that is in it would take long."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def __hash__(self) -> int:
        return id(self.account)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.account is other.account


def trusts(account: Account) -> Trusts:
    """The roles of an account by whom they trust, looked through once."""
    return _trusts(_Same(account))


@lru_cache(maxsize=2)
def _trusts(same: _Same) -> Trusts:
    return Trusts(same.account)
