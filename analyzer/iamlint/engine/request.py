"""Request: who wants to do what to which resource, and what AWS knows besides. Decides nothing."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from iamlint.policy import Policy

Context = Mapping[str, tuple[str, ...]]
"""Condition keys, in lower case, and their values; a key with no value is not there."""


class CallerKind(StrEnum):
    """What a caller is; the values are those of `aws:PrincipalType` where AWS has one.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
    """

    ROOT = "Account"
    USER = "User"
    ROLE = "AssumedRole"
    FEDERATED_USER = "FederatedUser"
    FEDERATED = "Federated"
    """Someone who comes with a token of an identity provider, to assume a role."""
    SERVICE = "Service"
    ANONYMOUS = "Anonymous"


class Caller(NamedTuple):
    """Who makes a request.

    `arn` is as given: a user, a role (some session of it), a session `arn:aws:sts::…:assumed-role/ROLE/SESSION`, a
    federated user, the root user; for a service its principal, such as `ec2.amazonaws.com`; for someone federated the
    identity provider; empty for anonymous callers. `role` is the ARN of a session's role, as `aws:PrincipalArn` has it
    (without the path where only the session is known); `account` is empty for services and anonymous callers.
    """

    kind: CallerKind
    arn: str = ""
    account: str = ""
    role: str = ""


class Request(NamedTuple):
    """One request. `context` holds what was given; `engine.context.complete` adds what follows from the rest."""

    action: str
    resource: str
    caller: Caller
    context: Context
    resource_account: str = ""
    """The account that owns the resource; empty where it is not known."""


class Level(NamedTuple):
    """The SCPs or RCPs attached at one level: a root, an organizational unit, or the account."""

    name: str
    policies: tuple[Policy, ...]


class Policies(NamedTuple):
    """All policies that apply to a request. None stands for no policy of that kind; an empty tuple grants nothing."""

    identity: tuple[Policy, ...] = ()
    boundary: tuple[Policy, ...] | None = None
    session: tuple[Policy, ...] | None = None
    resource: Policy | None = None
    """The policy of the resource: a bucket policy, a key policy, or the trust policy of the role to be assumed."""
    scps: tuple[Level, ...] = ()
    """From the root down; a level without policies denies; none at all: not in an organization, or not applicable."""
    rcps: tuple[Level, ...] = ()
    """The same; each level includes RCPFullAWSAccess."""
    vpc_endpoint: tuple[Policy, ...] | None = None
