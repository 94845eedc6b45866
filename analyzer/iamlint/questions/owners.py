"""Whose the policies of a side are: principals with all they have, and what of it cannot be read. Judges nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from iamlint.policy import Principal
from iamlint.questions.sides import Member, Side
from iamlint.source.belonging import Estate, Holding, estate

_SOME = 3


class Owners(NamedTuple):
    """The principals of a side by name, with the account where a name alone does not tell; groups with members apart.

    What a group has is what its members have.
    """

    holdings: dict[str, Holding]
    paths: dict[str, str]
    """By a file's name, its path from the folder that was named."""
    managed: frozenset[str]
    """The managed policies that are attached to somebody, on this side or the other; empty is not among them."""

    @property
    def members(self) -> Iterator[tuple[str, Member]]:
        """The policies of every principal, with its name; one that is shared comes once for each."""
        for name, holding in self.holdings.items():
            for each in holding.members:
                yield name, Member(self.paths.get(each.found.document.file.name, ""), each)

    def unknown_since(self, before: "Owners | None") -> tuple[str, ...]:
        """What cannot be judged as it cannot be read, and was not there or was there to limit before."""
        missing: dict[str, list[str]] = {}
        for name, holding in self.holdings.items():
            was = before.holdings.get(name) if before else None
            for each in _new_unread(holding.principal, was.principal if was else None):
                missing.setdefault(each, []).append(name)
        return tuple(f"`{each}` of {joined(names)} is not there to read" for each, names in missing.items())


def owners(*sides: Side) -> tuple[Owners, ...]:
    """The principals of sides that are compared."""
    estates = [estate([member.placed for member in side.members], side.entities) for side in sides]
    names = [Counter(holding.principal.name for holding in each.holdings) for each in estates]
    joined = {group for each in estates for holding in each.holdings for group in _groups(holding)}
    attached = frozenset(
        member.found.managed for each in estates for holding in each.holdings for member in holding.members
    ) - {""}

    def named(known: Estate) -> Iterator[tuple[str, Holding]]:
        for holding in known.holdings:
            name, account = holding.principal.name, holding.principal.account
            is_shared = any(counter[name] > 1 for counter in names)
            if (name, account) not in joined:
                yield f"{name} in {account}" if is_shared and account else name, holding

    return tuple(
        Owners(
            dict(named(known)),
            {member.placed.found.document.file.name: member.path for member in side.members},
            attached,
        )
        for side, known in zip(sides, estates, strict=True)
    )


def _groups(holding: Holding) -> Iterator[tuple[str, str]]:
    for group in holding.principal.groups:
        yield group, holding.principal.account


def _new_unread(principal: Principal, was: Principal | None) -> list[str]:
    known = set(was.unread) if was else set()
    gone = [was.boundary] if was and was.boundary in known and was.boundary != principal.boundary else []
    return [*(each for each in principal.unread if each not in known), *gone]


def joined(names: Sequence[str]) -> str:
    """How to call several principals of which the same is said."""
    more = f" and {len(names) - _SOME} more" if len(names) > _SOME else ""
    return f"{', '.join(names[:_SOME])}{more}"
