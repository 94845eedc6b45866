"""What a decision takes for granted, in words. Knows the layers, and decides nothing."""

from collections.abc import Iterator

from iamlint.engine.decision import Layer
from iamlint.engine.layers import Case, policies_of
from iamlint.engine.match import index_of
from iamlint.policy import Arn


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
    yield from _several_values(case)


def _is_owner_guessed(case: Case) -> bool:
    arn = Arn.parse(case.request.resource)
    return not case.request.resource_account and arn is not None and arn.account == ""


def _several_values(case: Case) -> Iterator[str]:
    """Operators for one value, on keys that have several: AWS does not say what they do."""
    action = case.request.action.lower()
    for policy in policies_of(case):
        for each in (*index_of(policy).near(action, allows=True), *index_of(policy).near(action, allows=False)):
            for condition in each.conditions:
                operator = condition.operator
                if operator.qualifier or operator.name == "Null" or len(case.context.get(condition.key_lower, ())) < 2:
                    continue
                has = "none" if operator.is_negated else "one"
                yield f"`{operator.text}` asks that {has} of the values of `{condition.key}` matches"
