"""The layers of AWS's evaluation: what each says to a request, and by which statements. Knows not how they combine."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from iamlint.engine.caller import Grant, is_session
from iamlint.engine.context import complete, owner_of
from iamlint.engine.decision import Because, Layer, Miss
from iamlint.engine.match import index_of
from iamlint.engine.misses import misses
from iamlint.engine.rcps import can_apply
from iamlint.engine.refusals import keeps_root
from iamlint.engine.request import Caller, CallerKind, Context, Level, Policies, Request
from iamlint.policy import Arn, Policy, Statement

_OF_AN_ACCOUNT = (CallerKind.ROOT, CallerKind.USER, CallerKind.ROLE, CallerKind.FEDERATED_USER)
_NEAREST = 3


class Verdict(NamedTuple):
    """Whether a layer, or several of them, let a request through, and why."""

    granted: bool
    because: tuple[Because, ...] = ()


class Case(NamedTuple):
    """A request with all policies that apply to it, and what follows from it."""

    request: Request
    policies: Policies
    context: Context
    owner: str

    @classmethod
    def of(cls, request: Request, policies: Policies) -> "Case":
        """A request with its context completed."""
        return cls(request, policies, complete(request), owner_of(request))

    @property
    def caller(self) -> Caller:
        """Who makes the request."""
        return self.request.caller

    @property
    def has_account(self) -> bool:
        """Whether the caller belongs to an account, whose policies speak too; else only the resource's do."""
        return self.caller.kind in _OF_AN_ACCOUNT

    @property
    def is_cross_account(self) -> bool:
        """Whether the resource belongs to another account than the caller."""
        return self.owner != self.caller.account

    @property
    def has_boundary(self) -> bool:
        """Whether the caller has a permissions boundary, which no root user can have."""
        return self.policies.boundary is not None and self.caller.kind is not CallerKind.ROOT

    @property
    def resource_layer(self) -> Layer:
        """What the policy of the resource is: that of a key and that of a role must allow by themselves.

        https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
        """
        arn = Arn.parse(self.request.resource)
        action = self.request.action.lower()
        if arn is not None and arn.service == "kms" and arn.resource.startswith("key/"):
            return Layer.KEY
        if arn is not None and is_trusted(action) and arn.resource.startswith("role/"):
            return Layer.TRUST
        return Layer.RESOURCE

    @property
    def scps(self) -> tuple[Level, ...]:
        """The SCPs that apply: they limit the principals of an account, but not service-linked roles.

        https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html#not-restricted-by-scp
        """
        return self.policies.scps if self.has_account and not is_service_linked(self.caller) else ()

    @property
    def rcps(self) -> tuple[Level, ...]:
        """The RCPs that apply: they limit resources of some services, and service-linked roles never.

        https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#actions-not-restricted-by-rcps
        """
        action, resource = self.request.action.lower(), self.request.resource
        is_spared = (
            not can_apply(action, resource)
            or is_service_linked(self.caller)
            or (self.resource_layer is Layer.TRUST and ":role/aws-service-role/" in resource)
        )
        return () if is_spared else self.policies.rcps


def is_trusted(action: str) -> bool:
    """Whether an action, in lower case, on a role is governed by its trust policy."""
    return action.startswith("sts:assumerole") or action in ("sts:tagsession", "sts:setsourceidentity")


def is_service_linked(caller: Caller) -> bool:
    """Whether a caller is a service-linked role; of a session only the name is known, whose beginning is reserved.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
    """
    named = is_session(caller) and ":role/AWSServiceRoleFor" in caller.role
    return named or ":role/aws-service-role/" in caller.role


def denials(case: Case) -> tuple[Because, ...]:
    """Every statement of any layer that denies the request."""
    return tuple(
        Because(layer, f"denies `{case.request.action}`", policy, statement, level=level)
        for layer, level, policy in _all_policies(case)
        for statement in _applying(case, policy, allows=False)
    )


def _all_policies(case: Case) -> Iterator[tuple[Layer, str, Policy]]:
    """Every policy that applies to the request, with its layer, and its level if it has one."""
    policies = case.policies
    levels = [(Layer.RCP, level) for level in case.rcps] + [(Layer.SCP, level) for level in case.scps]
    for layer, level in levels:
        yield from ((layer, level.name, policy) for policy in level.policies)
    yield from ((Layer.VPC_ENDPOINT, "", policy) for policy in policies.vpc_endpoint or ())
    if policies.resource is not None and (case.is_cross_account or not keeps_root(case.request)):
        yield case.resource_layer, "", policies.resource
    if not case.has_account:
        return
    if case.caller.kind is not CallerKind.ROOT:
        yield from ((Layer.IDENTITY, "", policy) for policy in policies.identity)
        yield from ((Layer.BOUNDARY, "", policy) for policy in policies.boundary or ())
    yield from ((Layer.SESSION, "", policy) for policy in policies.session or ())


def policies_of(case: Case) -> tuple[Policy, ...]:
    """Every policy that applies to the request."""
    return tuple(policy for _, _, policy in _all_policies(case))


def identity(case: Case) -> Verdict:
    """What the caller's own policies grant; the root user needs none.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html
    """
    if case.caller.kind is CallerKind.ROOT:
        return Verdict(granted=True, because=(Because(Layer.IDENTITY, "no identity policy limits the root user"),))
    return _gate(case, Layer.IDENTITY, case.policies.identity)


def boundary(case: Case) -> Verdict:
    """What the permissions boundary leaves."""
    if not case.has_boundary:
        return Verdict(granted=True)
    return _gate(case, Layer.BOUNDARY, case.policies.boundary or ())


def session(case: Case) -> Verdict:
    """What the session policies leave; without one a federated user has nothing of its own.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getfederationtoken.html
    """
    if case.policies.session is not None:
        return _gate(case, Layer.SESSION, case.policies.session)
    if case.caller.kind is not CallerKind.FEDERATED_USER:
        return Verdict(granted=True)
    message = "a federated user without a session policy has no permissions of its own"
    return Verdict(granted=False, because=(Because(Layer.SESSION, message),))


def scps(case: Case) -> Verdict:
    """Whether the SCPs of every level allow the request."""
    return every(*(_gate(case, Layer.SCP, level.policies, level.name) for level in case.scps))


def endpoint(case: Case) -> Verdict:
    """Whether the policy of the VPC endpoint allows the request; one that has none allows everything.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    """
    if case.policies.vpc_endpoint is None:
        return Verdict(granted=True)
    return _gate(case, Layer.VPC_ENDPOINT, case.policies.vpc_endpoint)


def resource(case: Case, by: frozenset[Grant]) -> Verdict:
    """What the policy of the resource grants to the caller, where its Principal takes the caller in by one of `by`."""
    policy, layer = case.policies.resource, case.resource_layer
    if policy is None:
        return _no_resource_policy(case, by)
    granting, others = [], False
    for compiled in index_of(policy).applying(case.request, case.context, allows=True, has_boundary=case.has_boundary):
        if compiled.grant(case.request, has_boundary=case.has_boundary) in by:
            granting.append(compiled.statement)
        else:
            others = True
    if granting:
        return Verdict(granted=True, because=tuple(_allowing(case, layer, policy, each) for each in granting))
    return Verdict(granted=False, because=() if others else _missing(case, layer, (policy,)))


def _no_resource_policy(case: Case, by: frozenset[Grant]) -> Verdict:
    """Keys and roles always have a policy: one that is not given is taken for one that leaves it to the account."""
    layer = case.resource_layer
    if case.has_account and not case.is_cross_account:
        return Verdict(granted=layer is not Layer.RESOURCE and Grant.ACCOUNT in by)
    return Verdict(granted=False, because=(Because(layer, f"no {_NAMES[layer]} is given that allows it"),))


_NAMES = {
    Layer.IDENTITY: "identity policy",
    Layer.RESOURCE: "resource policy",
    Layer.TRUST: "trust policy",
    Layer.KEY: "key policy",
    Layer.BOUNDARY: "permissions boundary",
    Layer.SESSION: "session policy",
    Layer.SCP: "SCP",
    Layer.VPC_ENDPOINT: "VPC endpoint policy",
}


def every(*verdicts: Verdict) -> Verdict:
    """All must grant; where some do not, only they are the reason."""
    failed = [verdict for verdict in verdicts if not verdict.granted]
    return Verdict(not failed, _reasons(failed or verdicts))


def either(*verdicts: Verdict) -> Verdict:
    """One must grant; where some do, only they are the reason."""
    granted = [verdict for verdict in verdicts if verdict.granted]
    return Verdict(bool(granted), _reasons(granted or verdicts))


def _reasons(verdicts: Iterable[Verdict]) -> tuple[Because, ...]:
    found: list[Because] = []
    for verdict in verdicts:
        found.extend(reason for reason in verdict.because if reason not in found)
    return tuple(found)


def _gate(case: Case, layer: Layer, policies: tuple[Policy, ...], level: str = "") -> Verdict:
    """What policies that are evaluated together say: one of their statements must allow."""
    allowing = tuple(
        _allowing(case, layer, policy, statement, level)
        for policy in policies
        for statement in _applying(case, policy, allows=True)
    )
    if allowing:
        return Verdict(granted=True, because=allowing)
    return Verdict(granted=False, because=_missing(case, layer, policies, level))


def _applying(case: Case, policy: Policy, *, allows: bool) -> Iterator[Statement]:
    found = index_of(policy).applying(case.request, case.context, allows=allows, has_boundary=case.has_boundary)
    return (compiled.statement for compiled in found)


def _allowing(case: Case, layer: Layer, policy: Policy, statement: Statement, level: str = "") -> Because:
    return Because(layer, f"allows `{case.request.action}`", policy, statement, level=level)


def _missing(case: Case, layer: Layer, policies: tuple[Policy, ...], level: str = "") -> tuple[Because, ...]:
    """That nothing in a layer allows the request, and the statements that come nearest to it."""
    where = f" at `{level}`" if level else ""
    message = f"no {_NAMES[layer]}{where} allows `{case.request.action}` on `{case.request.resource}`"
    near = [
        Because(layer, f"nearly allows `{case.request.action}`", policy, statement, found, level)
        for policy, statement, found in _nearest(case, policies)
    ]
    return (Because(layer, message, level=level), *near)


def _nearest(case: Case, policies: tuple[Policy, ...]) -> list[tuple[Policy, Statement, tuple[Miss, ...]]]:
    """The Allow statements with the fewest misses: some that name the action, else the one that is nearest."""
    found = [
        (
            policy,
            each.statement,
            misses(each.statement, policy, case.request, case.context, has_boundary=case.has_boundary),
        )
        for policy in policies
        for each in index_of(policy).statements
        if each.statement.allows
    ]
    found.sort(key=lambda each: len(each[2]))
    named = [each for each in found if not any(miss.element in ("Action", "NotAction") for miss in each[2])]
    return named[:_NEAREST] or found[:1]
