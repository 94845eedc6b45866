"""Meaning: what an edit changes, and what a part of a policy adds to it, asked of the engine. Knows no rule.

Policies are judged as they act: alone, beside a policy that allows everything (a Deny shows only there), and by how
their statements name the caller (what a boundary leaves of a grant depends on it). Nothing here guesses: where the
engine does not know, the answer is that nothing is known, or that a part may well add something.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from iamlint.engine.access import Access, Gate
from iamlint.engine.caller import Grant
from iamlint.engine.compare import NOTHING, STEPS, Answer, excess
from iamlint.engine.match import HAS_PRINCIPAL
from iamlint.engine.world import World
from iamlint.policy import Policy, PolicyKind, Statement
from iamlint.policy.model import CURRENT_VERSION
from iamlint.text import Pointer

FEW_STEPS = 4_000
"""What a question about a part may cost; most take a few dozen."""

_BEYOND_LIMITS = frozenset(Grant) - {Grant.ROLE, Grant.ACCOUNT}
_WAYS = (_BEYOND_LIMITS, _BEYOND_LIMITS | {Grant.ROLE})


def gain(old: Policy, new: Policy, world: World, *, steps: int = STEPS) -> Answer:
    """A request that a policy lets through and the one before it did not, whatever stands beside them."""
    for before, after in _views(old, new):
        answer = excess(after, before, world, steps=steps)
        if answer.witness or answer.unknown:
            return answer
    return Answer()


def _views(old: Policy, new: Policy) -> Iterator[tuple[Access, Access]]:
    """The ways to look at two versions of a policy; what is granted must compare in each."""
    yield Access.of(old), Access.of(new)
    if any(statement.denies for policy in (old, new) for statement in policy.statements):
        full = everything(new.kind)
        yield Access.of(full, old), Access.of(full, new)
    if new.kind in (PolicyKind.TRUST, PolicyKind.RESOURCE):
        for way in _WAYS:
            yield _granted(old, way), _granted(new, way)


def _granted(policy: Policy, way: frozenset[Grant]) -> Access:
    return Access(((Gate((policy,), by=way),),))


def everything(kind: PolicyKind) -> Policy:
    """A policy that allows everything to everyone."""
    principal = {"Principal": "*"} if kind in HAS_PRINCIPAL else {}
    statement = {"Effect": "Allow", **principal, "Action": "*", "Resource": "*"}
    return Policy({"Version": CURRENT_VERSION, "Statement": [statement]}, kind)


def adds_nothing(policy: Policy, statement: Statement, others: Sequence[Statement], world: World) -> bool:
    """Whether other statements of the same effect apply to every request that a statement applies to."""
    this, those = _of(policy, statement.raw), _of(policy, *(other.raw for other in others))
    old, new = (those, this) if statement.allows else (this, those)
    return _is_none(gain(old, new, world, steps=FEW_STEPS))


def never_applies(policy: Policy, statement: Statement, world: World) -> bool:
    """Whether no request can be made that a statement applies to."""
    this = _of(policy, statement.raw)
    if statement.allows:
        return _is_none(excess(Access.of(this), NOTHING, world, steps=FEW_STEPS))
    full = everything(policy.kind)
    return _is_none(excess(Access.of(full), Access.of(full, this), world, steps=FEW_STEPS))


def cancelled(policy: Policy, statement: Statement, others: Sequence[Statement], world: World) -> bool:
    """Whether the Deny statements among others deny every request that an Allow statement lets through."""
    denies = (other.raw for other in others if other.denies)
    left = Access.of(_of(policy, statement.raw, *denies))
    return _is_none(excess(left, NOTHING, world, steps=FEW_STEPS))


def same_without(policy: Policy, statement: Statement, places: Sequence[Pointer], world: World) -> bool:
    """Whether a statement applies to the same requests without what stands at some places in it."""
    depth = len(statement.at.tokens)
    rest = dict(_left(statement.raw.items(), [at.tokens[depth:] for at in places]))
    old, new = _of(policy, statement.raw), _of(policy, rest)
    return _is_none(gain(old, new, world, steps=FEW_STEPS)) and _is_none(gain(new, old, world, steps=FEW_STEPS))


def _is_none(answer: Answer) -> bool:
    return answer.witness is None and not answer.unknown


def _of(policy: Policy, *statements: Mapping[str, object]) -> Policy:
    """A policy like another one, with these statements."""
    return Policy({**policy.elements, "Statement": list(statements)}, policy.kind, policy.service)


def _left(members: Iterable[tuple[str, object]], paths: Sequence[Sequence[str]]) -> Iterator[tuple[str, object]]:
    """The members without what stands at some paths, and without the containers that this leaves empty."""
    for name, member in members:
        inner = [path[1:] for path in paths if path[0] == name]
        if not inner:
            yield name, member
        elif all(inner) and isinstance(member, (Mapping, list)):
            left = _without(member, inner)
            if left:
                yield name, left


def _without(value: Mapping[str, object] | Sequence[object], paths: Sequence[Sequence[str]]) -> object:
    if isinstance(value, Mapping):
        return dict(_left(value.items(), paths))
    return [entry for _, entry in _left(((str(index), entry) for index, entry in enumerate(value)), paths)]
