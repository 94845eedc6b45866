"""What a decision takes for granted, in words. Knows the layers, and decides nothing."""

from collections.abc import Iterator

from iamlint.engine.caller import is_session
from iamlint.engine.decision import Layer
from iamlint.engine.layers import Case, policies_of
from iamlint.engine.match import index_of
from iamlint.engine.rcps import RCP_SERVICES
from iamlint.policy import Arn, Condition


def assumptions(case: Case) -> tuple[str, ...]:
    """What a decision on a request takes for granted: what AWS knows and the request does not say."""
    return tuple(dict.fromkeys(_assumptions(case)))


def _assumptions(case: Case) -> Iterator[str]:
    policy, layer = case.policies.resource, case.resource_layer
    if case.has_account and not case.is_cross_account:
        if _is_owner_guessed(case):
            yield f"`{case.request.resource}` belongs to the caller's account"
        if policy is None and layer is Layer.KEY:
            yield "the key policy, which is not given, leaves it to the policies of the account"
        if policy is None and layer is Layer.TRUST:
            yield "the trust policy, which is not given, leaves it to the policies of the account"
    if policy is not None and any(
        entry.type == "CanonicalUser"
        for statement in policy.statements
        for entry in (*statement.principals, *statement.not_principals)
    ):
        yield "the caller is none of the canonical users that the policy names"
    service = case.request.action.partition(":")[0].lower()
    if case.policies.rcps and service not in RCP_SERVICES:
        yield f"RCPs do not apply to `{service}`"
    for condition in _conditions(case):
        yield from _of_condition(case, condition)


def _is_owner_guessed(case: Case) -> bool:
    arn = Arn.parse(case.request.resource)
    return not case.request.resource_account and arn is not None and arn.account == ""


def _conditions(case: Case) -> Iterator[Condition]:
    """The conditions of all statements that can have to do with the request."""
    action = case.request.action.lower()
    for policy in policies_of(case):
        for allows in (True, False):
            for compiled in index_of(policy).near(action, allows=allows):
                yield from compiled.conditions


def _of_condition(case: Case, condition: Condition) -> Iterator[str]:
    """What no page says of operators for one value on keys with several, and what a session's ARN does not tell."""
    operator, caller = condition.operator, case.caller
    if len(case.context.get(condition.key_lower, ())) > 1 and not operator.qualifier and operator.name != "Null":
        has = "none" if operator.is_negated else "one"
        yield f"`{operator.text}` asks that {has} of the values of `{condition.key}` matches"
    is_derived = condition.key_lower == "aws:principalarn" and condition.key_lower not in case.request.context
    if is_derived and is_session(caller) and caller.role.count("/") == 1:
        yield f"the ARN of the session's role is `{caller.role}`, without a path"
