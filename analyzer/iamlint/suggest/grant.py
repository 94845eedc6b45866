"""Grant: one action on one resource, under conditions; and grants as a policy and back. Knows no AWS fact."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from iamlint.policy import Pattern, Policy

Conditions = tuple[tuple[str, str, tuple[str, ...]], ...]
"""Operator, key and values."""

VERSION = "2012-10-17"


class Grant(NamedTuple):
    """One permission. `label` is what the statement that holds it is to be called."""

    action: str
    resource: str
    conditions: Conditions = ()
    label: str = ""


def statements_of(grants: Iterable[Grant]) -> list[tuple[list[str], tuple[str, ...], Conditions, str]]:
    """Actions, resources, conditions and label of each statement: actions that share the rest share a statement."""
    places: dict[tuple[str, Conditions, str], dict[str, None]] = {}
    for grant in grants:
        places.setdefault((grant.action, grant.conditions, grant.label), {})[grant.resource] = None
    statements: dict[tuple[tuple[str, ...], Conditions, str], list[str]] = {}
    for (action, conditions, label), resources in places.items():
        statements.setdefault((tuple(sorted(resources)), conditions, label), []).append(action)
    return [(sorted(actions), *rest) for rest, actions in statements.items()]


def policy_of(grants: Iterable[Grant]) -> dict[str, Any]:
    """The policy that allows exactly these grants."""
    statements = statements_of(grants)
    sids = _sids([label for *_, label in statements])
    return {
        "Version": VERSION,
        "Statement": [
            _statement(sid, actions, resources, conditions)
            for sid, (actions, resources, conditions, _) in zip(sids, statements, strict=True)
        ],
    }


def _statement(sid: str, actions: list[str], resources: tuple[str, ...], conditions: Conditions) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": _one_or_many(actions),
        "Resource": _one_or_many(resources),
    }
    for operator, key, values in conditions:
        statement.setdefault("Condition", {}).setdefault(operator, {})[key] = _one_or_many(values)
    return statement


def _one_or_many(values: Iterable[str]) -> str | list[str]:
    many = list(values)
    return many[0] if len(many) == 1 else many


def _sids(labels: list[str]) -> list[str]:
    """The labels, with a number where one is used more than once: a Sid may occur once only."""
    seen: dict[str, int] = {}
    sids = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        sids.append(label if labels.count(label) == 1 else f"{label}{seen[label]}")
    return sids


def check(document: Mapping[str, Any], grants: Iterable[Grant]) -> None:
    """Read the finished policy back, and hold it against what was asked: all of it is there, and nothing else.

    Raises:
        AssertionError: It is not; the fault is ours.
    """
    asked = {grant[:3] for grant in grants}
    found = set()
    for statement in Policy(document).statements:
        if not statement.allows or statement.not_actions or statement.not_resources:
            raise AssertionError(f"statement {statement.sid} says more than it should")
        conditions = tuple((c.operator.text, c.key, tuple(v.text for v in c.values)) for c in statement.conditions)
        found |= {(str(a), str(r), conditions) for a in statement.actions for r in statement.resources}
    for action, resource, conditions in asked:
        wanted = Pattern(action, fold=True), Pattern(resource)
        if not any(
            wanted[0] <= Pattern(a, fold=True) and wanted[1] <= Pattern(r) and conditions == c for a, r, c in found
        ):
            raise AssertionError(f"{action} on {resource} is missing from the policy")
    for action, resource, conditions in found:
        if (action, resource, conditions) not in asked or Pattern(action).has_wildcard:
            raise AssertionError(f"{action} on {resource} is in the policy, and was not asked for")
