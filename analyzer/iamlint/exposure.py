"""Exposure: what a statement of a resource policy or trust policy lets strangers do, in words. Knows no rule.

A statement is judged with all Deny statements of its policy, by AWS's own definition of *public* (`engine.public`).
Where a template has yet to fill in a resource, the question is about every resource.
"""

from collections.abc import Mapping, Sequence

from iamlint.engine.public import Trust, is_public
from iamlint.engine.world import World
from iamlint.policy import Pattern, Policy, Statement, is_placeholder
from iamlint.words import quoted, what, when, who

STEPS = 20_000
"""What a question may cost; most take a few hundred."""

_API = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234"


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
    raw = [_in_full(each) for each in (_only(statement.raw, actions), *denies)]
    is_told = not any(is_placeholder(each.text) for one in policy.statements for each in _resources(one))
    if not is_told:
        raw = [_everywhere(each) for each in raw]
    asked = Policy({**policy.elements, "Statement": raw}, policy.kind)
    found = is_public(asked, world, trusted=Trust(services=services), steps=STEPS)
    if found.witness is None:
        return "" if found.unknown else None
    request = found.witness.request
    circumstances = when(request)
    words = f"{who(request.caller)} may call {what(request) if is_told else quoted(request.action)}"
    return f"{words}, when {circumstances}" if circumstances else words


def _resources(statement: Statement) -> Sequence[Pattern]:
    return (*statement.resources, *statement.not_resources)


def _only(raw: Mapping[str, object], actions: Sequence[str]) -> Mapping[str, object]:
    """A statement about some actions only."""
    rest = {element: value for element, value in raw.items() if element != "NotAction"}
    return {**rest, "Action": list(actions)} if actions else raw


def _everywhere(raw: Mapping[str, object]) -> Mapping[str, object]:
    """A statement about every resource."""
    return {**{element: value for element, value in raw.items() if element != "NotResource"}, "Resource": "*"}


def _in_full(raw: Mapping[str, object]) -> Mapping[str, object]:
    """A statement with the ARNs of what API Gateway writes as `execute-api:/stage/*`.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
    """

    def full(value: object) -> object:
        if isinstance(value, list):
            return [full(each) for each in value]
        return f"{_API}/{value[13:]}" if isinstance(value, str) and value.startswith("execute-api:/") else value

    return {name: full(value) if name in ("Resource", "NotResource") else value for name, value in raw.items()}
