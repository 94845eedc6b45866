"""Policies with the places they were found in. Reads nothing, judges nothing."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from iamlint.policy import Policy, PolicyKind
from iamlint.source.document import Found


class Placed(NamedTuple):
    """A policy and where it was found."""

    policy: Policy
    found: Found


Homes = Mapping[int, Placed]
"""Where each policy stands, by its identity."""


def placed(found: Found) -> Placed:
    """The policy that was found, as the values that everybody judges, with its place."""
    kind, value = found.kind or PolicyKind.IDENTITY, found.document.value
    return Placed(Policy(value, kind, found.service, found.address, is_attached=found.is_attached), found)


def homes(members: Sequence[Placed]) -> dict[int, Placed]:
    """Where each policy stands, by its identity."""
    return {id(each.policy): each for each in members}
