"""Judging assertions: each becomes a policy that grants what it is about, which the engine compares. Reads no file."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from iamlint.catalog import Catalog
from iamlint.engine.access import Access, Gate
from iamlint.engine.compare import Answer, common, excess
from iamlint.engine.comparison import Witness
from iamlint.engine.match import HAS_PRINCIPAL
from iamlint.policy import Policy, PolicyKind
from iamlint.policy.model import CURRENT_VERSION
from iamlint.questions.assertions import Assertion, Block
from iamlint.questions.changes import full_access
from iamlint.questions.pairs import Unit
from iamlint.questions.spelling import respelled
from iamlint.source.placed import Homes, homes

_GRANT = (PolicyKind.IDENTITY, PolicyKind.RESOURCE, PolicyKind.TRUST)
_GUARDRAILS = (PolicyKind.SCP, PolicyKind.RCP)

Raw = dict[str, object]


class Breach(NamedTuple):
    """One way an assertion is broken: a request, and the policies by which; or why that is not known."""

    title: str
    witness: Witness | None = None
    unknown: str = ""


class Judgement(NamedTuple):
    """An assertion and how it is broken; none of the breaches: it holds."""

    assertion: Assertion
    breaches: tuple[Breach, ...]
    homes: Homes
    assumptions: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against it; what could not be decided does."""
        return not self.breaches


def judge(assertion: Assertion, units: Sequence[Unit], catalog: Catalog) -> Judgement:
    """Whether an assertion holds for some policies, of which there is at least one."""
    groups = list(_groups(units))
    ask = _denied if assertion.denies else _allowed
    answers = list(ask(assertion.block, groups, catalog))
    holders = [each for unless in assertion.block.unless for each in (*unless.account, *unless.org)]
    policies = [placed.policy for unit in units for placed in unit.members]
    breaches = tuple(
        Breach(title, _shown(answer.witness, policies, catalog), answer.unknown)
        for title, answer in answers
        if answer.witness or answer.unknown
    )
    assumptions = dict.fromkeys(text for _, answer in answers for text in answer.assumptions)
    if holders and any(group.kind not in HAS_PRINCIPAL for group in groups):
        named = ", ".join(f"`{each}`" for each in holders)
        assumptions[f"policies that name no principal are held in {named}"] = None
    places = homes([placed for unit in units for placed in unit.members])
    return Judgement(assertion, breaches, places, tuple(assumptions))


class _Group(NamedTuple):
    """Policies that are asked together, and what passes them."""

    title: str
    kind: PolicyKind
    access: Access


def _groups(units: Sequence[Unit]) -> Iterator[_Group]:
    """What is asked: everything that grants, a principal's policies within its boundary; or else what only limits.

    All guardrails of a kind are asked as one: what one of them denies is denied.
    """
    granting = [unit for unit in units if unit.kind in _GRANT]
    for unit in granting:
        limits = (each for each in units if each.kind is PolicyKind.BOUNDARY and each.owner == unit.owner != "")
        bounds = tuple(Gate(_policies(each)) for each in limits) if unit.kind is PolicyKind.IDENTITY else ()
        yield _Group(unit.title, unit.kind, Access(((Gate(_policies(unit)), *bounds),)))
    if granting:
        return
    for kind in _GUARDRAILS:
        members = [unit for unit in units if unit.kind is kind]
        if members:
            policies = tuple(policy for unit in members for policy in _policies(unit))
            grants = any(statement.allows for policy in policies for statement in policy.statements)
            full = () if kind is PolicyKind.SCP and grants else (full_access(kind),)
            yield _Group(", ".join(unit.title for unit in members), kind, Access.of(*policies, *full))
    for unit in units:
        if unit.kind not in _GUARDRAILS:
            yield _Group(unit.title, unit.kind, Access.of(*_policies(unit)))


def _policies(unit: Unit) -> tuple[Policy, ...]:
    return tuple(placed.policy for placed in unit.members)


def _denied(block: Block, groups: Sequence[_Group], catalog: Catalog) -> Iterator[tuple[str, Answer]]:
    for group in groups:
        yield group.title, common(group.access, Access.of(question(block, group.kind)), catalog)


def _allowed(block: Block, groups: Sequence[_Group], catalog: Catalog) -> Iterator[tuple[str, Answer]]:
    """For each kind of policies what they leave out together; nothing, as soon as those of one kind grant all of it."""
    kinds: dict[PolicyKind, list[_Group]] = {}
    for group in groups:
        kinds.setdefault(group.kind, []).append(group)
    answers = []
    for kind, members in kinds.items():
        granted = Access(tuple(path for group in members for path in group.access.paths))
        answer = excess(Access.of(question(block, kind)), granted, catalog)
        if not answer.witness and not answer.unknown:
            return
        answers.append((", ".join(group.title for group in members), answer))
    yield answers[0]


def _shown(witness: Witness | None, policies: Sequence[Policy], catalog: Catalog) -> Witness | None:
    return witness and witness._replace(request=respelled(witness.request, policies, catalog))


def question(block: Block, kind: PolicyKind) -> Policy:
    """A policy of a kind that grants just the requests of a block."""
    allowed = [{"Effect": "Allow", **elements} for elements in _statements(block, kind)]
    carved = [{"Effect": "Deny", **elements} for each in block.unless for elements in _statements(each, kind)]
    return Policy({"Version": CURRENT_VERSION, "Statement": [*allowed, *carved]}, kind)


def _statements(block: Block, kind: PolicyKind) -> Iterator[Raw]:
    """The statements, Effect apart, that together match the block: one for each way to say who calls."""
    elements: Raw = {"Action": list(block.action) or "*"}
    if kind is not PolicyKind.TRUST:
        elements["Resource"] = list(block.resource) or "*"
    for principal, demand in _callers(block.principal, kind):
        named = {"Principal": principal} if kind in HAS_PRINCIPAL else {}
        # Whoever holds a policy that names no principal is taken to belong to the account it is about.
        home = block if kind in HAS_PRINCIPAL else block._replace(account=(), org=())
        condition = _condition(home, demand)
        yield {**elements, **named, **({"Condition": condition} if condition else {})}


def _callers(texts: Sequence[str], kind: PolicyKind) -> Iterator[tuple[object, tuple[str, str, str] | None]]:
    """Principal elements, and demands on keys where a wildcard, or the kind of the policy, leaves no other way."""
    for text in texts or ("*",):
        if text == "*":
            yield "*", None
        elif text.endswith((".amazonaws.com", ".amazonaws.com.cn")) and kind in HAS_PRINCIPAL:
            yield {"Service": text}, None
        elif ("-provider/" in text or ":" not in text) and not text.isdecimal() and kind in HAS_PRINCIPAL:
            yield {"Federated": text}, None
        elif text.isdecimal():
            yield "*", ("StringEquals", "aws:PrincipalAccount", text)
        elif "*" in text or "?" in text or kind not in HAS_PRINCIPAL:
            yield "*", ("ArnLike", "aws:PrincipalArn", text)
        else:
            yield {"AWS": text}, None


def _condition(block: Block, demand: tuple[str, str, str] | None) -> dict[str, dict[str, object]]:
    """The Condition block: the user's, what is said of accounts and organizations, and a demand on the caller."""
    own: list[tuple[str, str, object]] = [
        ("StringEquals", key, list(values))
        for key, values in (("aws:PrincipalAccount", block.account), ("aws:PrincipalOrgID", block.org))
        if values
    ]
    merged: dict[str, dict[str, object]] = {name: dict(keys) for name, keys in block.condition.items()}
    for operator, key, values in (*own, *([demand] if demand else [])):
        is_there = any(each.lower() == key.lower() for each in merged.get(operator, {}))
        # Both must hold, and a block has each pair once: with the key there, IfExists is the same operator.
        merged.setdefault(f"{operator}IfExists" if is_there else operator, {})[key] = values
    return merged
