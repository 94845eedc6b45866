"""Changes: what policies grant now and did not before, asked of the engine pair by pair. Reads and writes nothing."""

from collections.abc import Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from iamlint.catalog import Catalog
from iamlint.engine.access import Access
from iamlint.engine.compare import compare, excess
from iamlint.engine.comparison import Comparison, Relation, Witness
from iamlint.policy import Policy, PolicyKind
from iamlint.policy.model import CURRENT_VERSION
from iamlint.questions.pairs import CALLED, Pair, pair
from iamlint.questions.sides import Side
from iamlint.questions.spelling import respelled
from iamlint.source.placed import Homes, homes

FULL_ACCESS = "FullAWSAccess"
_GUARDRAILS = (PolicyKind.SCP, PolicyKind.BOUNDARY)
_LIMITS = (PolicyKind.BOUNDARY, PolicyKind.SESSION, PolicyKind.VPC_ENDPOINT)
_NAMES_PRINCIPALS = (PolicyKind.RESOURCE, PolicyKind.RCP, PolicyKind.VPC_ENDPOINT)


class Verdict(StrEnum):
    """What a change comes to for a reviewer."""

    MORE = "new access"
    OPEN = "not decided"
    LESS = "less access"
    SAME = "no change"


class Change(NamedTuple):
    """Two versions of policies, and how they compare."""

    pair: Pair
    comparison: Comparison
    undenied: Witness | None = None
    """A request that a Deny statement ruled out and none does any more, although nothing here grants it."""

    @property
    def verdict(self) -> Verdict:
        """What it comes to; access that may have been gained is never passed over."""
        if self.comparison.gained:
            return Verdict.MORE
        if self.comparison.unknown or self.comparison.relation is Relation.UNKNOWN:
            return Verdict.OPEN
        return Verdict.LESS if self.comparison.lost else Verdict.SAME

    @property
    def is_new(self) -> bool:
        """Whether access was gained, or may have been."""
        return self.verdict in (Verdict.MORE, Verdict.OPEN)


class Changes(NamedTuple):
    """All that a comparison of two sides found, for those who write it down."""

    old: str
    new: str
    changes: tuple[Change, ...]
    errors: tuple[str, ...] = ()
    catalogue: str = ""
    homes: Homes = MappingProxyType({})
    """Where each policy stands, by its identity."""


def changes(old: Side, new: Side, catalog: Catalog) -> Changes:
    """What became of each policy.

    Raises:
        IamlintError: One side is a folder and the other a file.
    """
    pairing = pair(old, new)
    found = tuple(_change(each, catalog) for each in pairing.pairs)
    places = homes([placed for each in pairing.pairs for placed in (*each.old, *each.new)])
    return Changes(old.name, new.name, found, pairing.errors, catalog.date, places)


def _change(pair: Pair, catalog: Catalog) -> Change:
    old, new = ([each.policy for each in side] for side in (pair.old, pair.new))
    comparison = relate(old, new, pair.kind, catalog)
    quiet = comparison.gained is None and not comparison.unknown
    undenied = _undenied(old, new, pair.kind, catalog) if quiet else None

    def for_show(witness: Witness | None) -> Witness | None:
        if witness is None:
            return None
        return witness._replace(request=respelled(witness.request, (*new, *old), catalog))

    comparison = comparison._replace(gained=for_show(comparison.gained), lost=for_show(comparison.lost))
    return Change(pair, comparison, for_show(undenied))


def relate(old: Sequence[Policy], new: Sequence[Policy], kind: PolicyKind, catalog: Catalog) -> Comparison:
    """How policies of one kind, attached together, compare with what stood in their place; none is a side too.

    What is not there grants nothing, or limits nothing if its kind only limits. Guardrails that only deny are attached
    beside a policy that allows everything, and so compared:
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
    """
    old, new, assumptions = _completed(tuple(old), tuple(new), kind)
    comparison = compare(Access.of(*old), Access.of(*new), catalog)
    return comparison._replace(assumptions=(*assumptions, *comparison.assumptions))


def _completed(
    old: tuple[Policy, ...], new: tuple[Policy, ...], kind: PolicyKind
) -> tuple[tuple[Policy, ...], tuple[Policy, ...], tuple[str, ...]]:
    full = (full_access(kind),)
    if kind is PolicyKind.RCP:
        return (*old, *full), (*new, *full), ("`RCPFullAWSAccess` stands beside both, as AWS attaches it everywhere",)
    if kind in _GUARDRAILS and not any(map(_grants, (*old, *new))):
        return (*old, *full), (*new, *full), (f"`{FULL_ACCESS}` stands beside both, as they do nothing but deny",)
    if kind in _LIMITS and not (old and new):
        return old or full, new or full, (f"without {CALLED[kind]} nothing is limited",)
    nothing = (_policy(kind, []),)
    return old or nothing, new or nothing, ()


def _grants(policy: Policy) -> bool:
    return any(statement.allows for statement in policy.statements)


def full_access(kind: PolicyKind) -> Policy:
    """A policy that allows everything, as AWS attaches by itself."""
    principal = {"Principal": "*"} if kind in _NAMES_PRINCIPALS else {}
    return _policy(kind, [{"Sid": FULL_ACCESS, "Effect": "Allow", **principal, "Action": "*", "Resource": "*"}])


def _policy(kind: PolicyKind, statements: list[dict[str, object]]) -> Policy:
    return Policy({"Version": CURRENT_VERSION, "Statement": statements}, kind, address=FULL_ACCESS)


def _undenied(old: Sequence[Policy], new: Sequence[Policy], kind: PolicyKind, catalog: Catalog) -> Witness | None:
    """A request that was denied whoever else allows it, and is no longer; looked for if a Deny was touched."""
    kept = [statement.raw for policy in new for statement in policy.statements]
    if kind is PolicyKind.TRUST or all(s.raw in kept for p in old for s in p.statements if s.denies):
        return None
    full = full_access(kind)
    return excess(Access.of(full, *new), Access.of(full, *old), catalog).witness
