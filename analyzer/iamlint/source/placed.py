"""Policies with the places they were found in, and what belongs to one principal. Reads nothing, judges nothing."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from iamlint.policy import Policy, PolicyKind, Principal
from iamlint.source.document import Found


class Placed(NamedTuple):
    """A policy and where it was found."""

    policy: Policy
    found: Found


Homes = Mapping[int, Placed]
"""Where each policy stands, by its identity."""


def placed(found: Found) -> Placed:
    """The policy that was found, as the values that everybody judges, with its place."""
    policy = Policy(found.document.value, found.kind or PolicyKind.IDENTITY, found.service, found.address)
    return Placed(policy, found)


def homes(members: Sequence[Placed]) -> dict[int, Placed]:
    """Where each policy stands, by its identity."""
    return {id(each.policy): each for each in members}


def group(members: Sequence[Placed]) -> tuple[Principal, ...]:
    """The roles, users and groups that the surroundings of the policies tell of."""
    owned: dict[str, list[Policy]] = {}
    for each in members:
        if each.found.principal:
            owned.setdefault(each.found.principal, []).append(each.policy)
    return tuple(
        Principal(
            name,
            tuple(policy for policy in policies if policy.kind is not PolicyKind.TRUST),
            next((policy for policy in policies if policy.kind is PolicyKind.TRUST), None),
        )
        for name, policies in owned.items()
    )
