"""Access: policies as the gates that a request must pass. Pure values."""

from typing import NamedTuple

from iamlint.engine.caller import Grant
from iamlint.engine.request import Policies
from iamlint.policy import Policy

_DELEGATED = frozenset({Grant.ACCOUNT})
_TO_ROLE = frozenset({Grant.ROLE})
_BEYOND_LIMITS = frozenset(Grant) - _DELEGATED - _TO_ROLE


class Gate(NamedTuple):
    """Policies that are evaluated together: one of their Allow statements must apply, and none of their Deny ones.

    A gate that is `deny_only` needs no Allow. `by` says which Allow statements count: those that take the caller in by
    one of these; None for all. `bounded`: the caller has a permissions boundary, which no NotPrincipal exempts.
    """

    policies: tuple[Policy, ...]
    deny_only: bool = False
    by: frozenset[Grant] | None = None
    bounded: bool = False

    def counts(self, grant: Grant | None) -> bool:
        """Whether an Allow statement that takes the caller in by `grant` opens the gate."""
        return self.by is None or grant in self.by


class Access(NamedTuple):
    """What is granted: a request that passes every gate of one of the paths."""

    paths: tuple[tuple[Gate, ...], ...]

    @classmethod
    def of(cls, *policies: Policy) -> "Access":
        """What policies of one kind, attached together, grant."""
        return cls(((Gate(policies),),))

    @classmethod
    def of_all(cls, policies: Policies) -> "Access":
        """What a principal may do in its own account, its trust policies and key policies apart.

        Identity and resource policies join; boundary and session policy limit what identity policies grant, and what
        the resource policy grants to a role, but not what it grants to a user, a session or everyone.
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
        """
        outer = [Gate(level.policies) for level in policies.scps]
        outer += [Gate(level.policies, deny_only=True) for level in policies.rcps]
        bounded = policies.boundary is not None
        outer += [] if policies.vpc_endpoint is None else [Gate(policies.vpc_endpoint, bounded=bounded)]
        own = [Gate(group) for group in (policies.boundary, policies.session) if group is not None]
        identity = Gate(policies.identity)
        if policies.resource is None:
            return cls(((identity, *own, *outer),))
        resource = Gate((policies.resource,), bounded=bounded)
        silent = [gate._replace(deny_only=True) for gate in (identity, *own)]
        return cls(
            (
                (identity, *own, *outer, resource._replace(deny_only=True)),
                (resource._replace(by=_TO_ROLE), silent[0], *own, *outer),
                (resource._replace(by=_BEYOND_LIMITS), *silent, *outer),
            )
        )
