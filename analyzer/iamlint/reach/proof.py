"""Proof: whether a principal may take a step, asked of the engine exactly."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from iamlint.engine.access import Access, Gate
from iamlint.engine.compare import common
from iamlint.engine.request import Request
from iamlint.policy import Policy, PolicyKind
from iamlint.policy.model import CURRENT_VERSION
from iamlint.reach.resources import OF_AWS, scope
from iamlint.reach.step import Ground, Step, Way

if TYPE_CHECKING:
    from iamlint.reach.holder import Holder

FEW_STEPS = 20_000
"""What a question about one step may cost; most take a few hundred."""

_TYPES = {"role": "AssumedRole", "user": "User"}


def prove(holder: "Holder", step: Step) -> Way | None:
    """A request that the policies of a principal let through and that takes the step; none if it is not known."""
    identity = dict(_about(holder.identity, step.action, holder.whole))
    gates = [Gate(tuple(identity))]
    if holder.boundary:
        gates.append(Gate(tuple(policy for policy, _ in _about(holder.boundary, step.action))))
    answer = common(Access((tuple(gates),)), Access.of(_question(holder, step)), holder.catalog, steps=FEW_STEPS)
    if answer.witness is None:
        return None
    found = [
        identity[each.policy][each.statement.index] for each in answer.witness.granted_by if each.policy in identity
    ]
    return _way(holder, step, tuple(found), answer.witness.request)


def _about(
    policies: Iterable[Policy], action: str, whole: frozenset[Ground] = frozenset()
) -> Iterator[tuple[Policy, tuple[Ground, ...]]]:
    """Policies with only the statements that take in an action, and where those stand: the rest has no say in it."""
    for policy in policies:
        about = (Ground(policy, each) for each in policy.statements if each.applies_to_action(action))
        grounds = tuple(ground for ground in about if ground not in whole)
        if grounds:
            elements = {**policy.elements, "Statement": [each.raw for _, each in grounds]}
            yield Policy(elements, policy.kind), grounds


def _question(holder: "Holder", step: Step) -> Policy:
    """A policy that grants just the requests that take the step, made by the principal."""
    condition: dict[str, dict[str, list[str]]] = {}
    for operator, key, values in (*step.where, *_caller(holder)):
        condition.setdefault(operator, {})[key] = list(values)
    account = holder.principal.account
    resources = [text.replace("????????????", account) if account else text for text in step.resource]
    statements = [{"Effect": "Allow", "Action": step.action, "Resource": resources, "Condition": condition}]
    beyond = [
        *(_own(holder) if step.others else ()),
        *(OF_AWS if any(":role/" in text for text in resources) else ()),
    ]
    if beyond:
        statements.append({"Effect": "Deny", "Action": step.action, "Resource": beyond})
    return Policy({"Version": CURRENT_VERSION, "Statement": statements}, PolicyKind.IDENTITY)


def _caller(holder: "Holder") -> list[tuple[str, str, tuple[str, ...]]]:
    principal = holder.principal
    kind = principal.name.partition("/")[0]
    if kind not in _TYPES:
        return []
    demands: list[tuple[str, str, tuple[str, ...]]] = [("StringEquals", "aws:PrincipalType", (_TYPES[kind],))]
    if principal.arn:
        demands.append(("ArnEquals", "aws:PrincipalArn", (principal.arn,)))
    if principal.arn and kind == "user":
        demands.append(("StringEquals", "aws:username", (principal.arn.rpartition("/")[2],)))
    return demands


def _own(holder: "Holder") -> list[str]:
    """The ARNs of the principal itself; whoever is in a group is a user."""
    if holder.principal.arn and not holder.principal.name.startswith("group/"):
        return [holder.principal.arn]
    return ["arn:*:iam::*:user/${aws:username}", "arn:*:iam::*:user/*/${aws:username}"]


def _way(holder: "Holder", step: Step, grounds: tuple[Ground, ...], request: Request) -> Way:
    circumstances = (f"`{_named(holder, key)}` is `{values[0]}`" for key, values in request.context.items() if values)
    limited = any(ground.statement.conditions for ground in grounds)
    return Way(step.action, request.resource, ", ".join(circumstances), grounds, scope(grounds, step), limited)


def _named(holder: "Holder", key: str) -> str:
    """A condition key as AWS writes it."""
    known = holder.catalog.condition_key(key)
    return key if known is None or known.is_template else known.name
