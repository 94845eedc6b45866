"""Access: policies as the layers that a request must pass. Pure values."""

from typing import NamedTuple

from iamlint.engine.request import Policies
from iamlint.policy import Policy


class Gate(NamedTuple):
    """Policies that are evaluated together: one of their Allow statements must apply, and none of their Deny ones.

    A gate that is `deny_only` needs no Allow.
    """

    policies: tuple[Policy, ...]
    deny_only: bool = False


class Access(NamedTuple):
    """What is granted: a request that passes every gate of one of the paths."""

    paths: tuple[tuple[Gate, ...], ...]

    @classmethod
    def of(cls, *policies: Policy) -> "Access":
        """What policies of one kind, attached together, grant."""
        return cls(((Gate(policies),),))

    @classmethod
    def of_all(cls, policies: Policies) -> "Access":
        """What a principal may do in its own account: identity and resource policies join, the others limit."""
        limits = [Gate(level.policies) for level in (*policies.scps, *policies.rcps)]
        limits += [] if policies.vpc_endpoint is None else [Gate(policies.vpc_endpoint)]
        own = [Gate(group) for group in (policies.boundary, policies.session) if group is not None]
        if policies.resource is None:
            return cls(((Gate(policies.identity), *own, *limits),))
        resource = Gate((policies.resource,))
        return cls(
            (
                (Gate(policies.identity), *own, *limits, resource._replace(deny_only=True)),
                (resource, Gate(policies.identity, deny_only=True), *own, *limits),
            )
        )
