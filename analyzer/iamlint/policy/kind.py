"""The kinds of policy AWS evaluates. Knows nothing of how a kind is detected."""

from enum import StrEnum


class PolicyKind(StrEnum):
    """What a policy is attached to, and so which grammar and evaluation it has.

    See https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#access_policy-types
    """

    IDENTITY = "identity"
    TRUST = "trust"
    RESOURCE = "resource"
    BOUNDARY = "boundary"
    SESSION = "session"
    SCP = "scp"
    RCP = "rcp"
    VPC_ENDPOINT = "vpc-endpoint"
