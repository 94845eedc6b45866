"""Exposure: what a statement of a resource policy or trust policy lets strangers do, in words. Knows no rule.

A statement is judged with all Deny statements of its policy, by AWS's own definition of *public* (`engine.public`).
Where a template has yet to fill in a resource, the question is about every resource.
"""

from collections.abc import Mapping, Sequence

from iamlint.engine.public import Trust, is_public
from iamlint.engine.world import World
from iamlint.policy import Policy, Statement, is_placeholder
from iamlint.words import what, when, who

STEPS = 20_000
"""What a question may cost; most take a few hundred."""


def exposure(
    policy: Policy, statement: Statement, actions: Sequence[str], world: World, *, services: bool = True
) -> str | None:
    """What a statement lets strangers do, for all that others deny, in words.

    Args:
        policy: The policy.
        statement: One of its Allow statements.
        actions: Actions of the statement that the question is about; all of them if none is given.
        world: The facts about AWS.
        services: Whether AWS's services are trusted, whomever they act for.

    Returns:
        A request of a stranger's; None if there is none; and no words where there may be one that was not found.
    """
    denies = [each.raw for each in policy.statements if each.denies]
    raw = [_only(statement.raw, actions), *denies]
    if any(is_placeholder(each.text) for one in policy.statements for each in (*one.resources, *one.not_resources)):
        raw = [_everywhere(each) for each in raw]
    found = is_public(
        Policy({**policy.elements, "Statement": raw}, policy.kind), world, trusted=Trust(services=services), steps=STEPS
    )
    if found.witness is None:
        return "" if found.unknown else None
    request = found.witness.request
    circumstances = when(request)
    words = f"{who(request.caller)} may call {what(request)}"
    return f"{words}, when {circumstances}" if circumstances else words


def _only(raw: Mapping[str, object], actions: Sequence[str]) -> Mapping[str, object]:
    """A statement about some actions only."""
    rest = {element: value for element, value in raw.items() if element != "NotAction"}
    return {**rest, "Action": list(actions)} if actions else raw


def _everywhere(raw: Mapping[str, object]) -> Mapping[str, object]:
    """A statement about every resource."""
    return {**{element: value for element, value in raw.items() if element != "NotResource"}, "Resource": "*"}
