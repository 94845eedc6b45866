"""authorize: the definition of what AWS answers to a request. Knows not how a statement matches.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from iamlint.engine.assumptions import assumptions
from iamlint.engine.caller import Grant
from iamlint.engine.decision import Because, Decision, Layer, Outcome
from iamlint.engine.layers import (
    Case,
    Verdict,
    boundary,
    denials,
    either,
    endpoint,
    every,
    identity,
    resource,
    scps,
    session,
)
from iamlint.engine.refusals import is_undeniable, refusal
from iamlint.engine.request import Policies, Request

_DELEGATED = frozenset({Grant.ACCOUNT})
_TO_THE_ROLE = frozenset({Grant.ROLE})
_DIRECT = frozenset(Grant) - _DELEGATED - _TO_THE_ROLE
_ANY = frozenset(Grant)


def authorize(request: Request, policies: Policies) -> Decision:
    """What AWS answers to a request, the statements that decide it or come nearest, and what was assumed."""
    case = Case.of(request, policies)
    if is_undeniable(request):
        return Decision(Outcome.ALLOW, (Because(Layer.SERVICE, "needs no permission and cannot be denied"),))
    denied = denials(case)
    if denied:
        return Decision(Outcome.EXPLICIT_DENY, denied, assumptions(case))
    refused = refusal(request)
    if refused is not None:
        return Decision(Outcome.IMPLICIT_DENY, (Because(Layer.SERVICE, refused.message),), assumptions(case))
    verdict = every(scps(case), endpoint(case), granted(case))  # RCPs deny, or let pass: RCPFullAWSAccess is everywhere
    outcome = Outcome.ALLOW if verdict.granted else Outcome.IMPLICIT_DENY
    return Decision(outcome, verdict.because, assumptions(case))


def granted(case: Case) -> Verdict:
    """What grants the request: the caller's policies, the resource's, or both.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
    """
    if not case.has_account:
        return resource(case, _ANY)
    own = every(identity(case), boundary(case), session(case))
    if case.is_cross_account:
        return every(resource(case, _ANY), own)
    if case.resource_layer is not Layer.RESOURCE:
        return either(direct(case), every(resource(case, _DELEGATED), own))
    return either(own, direct(case))


def direct(case: Case) -> Verdict:
    """What the resource's policy grants without any identity policy, in the same account.

    A grant to a user, a session or everyone is not limited by what a boundary or a session policy merely does not
    allow; one to a role is. To assume a role the boundary must allow in any case.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-eval-logic
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html
    """
    to_role = every(resource(case, _TO_THE_ROLE), boundary(case), session(case))
    to_caller = resource(case, _DIRECT)
    if case.resource_layer is Layer.TRUST:
        to_caller = every(to_caller, boundary(case))
    return either(to_caller, to_role)
