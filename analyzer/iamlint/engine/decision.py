"""Decision and Because: what a request's evaluation comes to, and why. Pure values."""

from enum import StrEnum
from typing import NamedTuple

from iamlint.policy import Policy, Statement
from iamlint.text import Pointer


class Outcome(StrEnum):
    """What AWS answers.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html
    """

    ALLOW = "ALLOW"
    IMPLICIT_DENY = "IMPLICIT_DENY"
    EXPLICIT_DENY = "EXPLICIT_DENY"


class Layer(StrEnum):
    """Where a verdict came from."""

    IDENTITY = "identity"
    RESOURCE = "resource"
    TRUST = "trust"
    KEY = "key policy"
    BOUNDARY = "boundary"
    SESSION = "session"
    SCP = "scp"
    RCP = "rcp"
    VPC_ENDPOINT = "vpc-endpoint"
    SERVICE = "service"
    """What a service refuses or grants by itself, whatever the policies say."""


class Miss(NamedTuple):
    """Why a statement does not apply: the element that fails, its place, and on what value, in words."""

    element: str
    """`Action`, `NotAction`, `Resource`, `NotResource`, `Principal`, `NotPrincipal` or `Condition`."""
    at: Pointer
    message: str


class Because(NamedTuple):
    """One reason of a decision.

    A statement that decided has no `misses`; one that nearly did (only of implicit denies) has them. Without a
    statement the whole layer is the reason, and `message` says how.
    """

    layer: Layer
    message: str
    policy: Policy | None = None
    statement: Statement | None = None
    misses: tuple[Miss, ...] = ()
    level: str = ""
    """The name of the SCP or RCP level."""


class Decision(NamedTuple):
    """What AWS answers to a request, the statements that decided (or the nearest misses), and what was assumed."""

    outcome: Outcome
    because: tuple[Because, ...] = ()
    assumptions: tuple[str, ...] = ()

    @property
    def is_allowed(self) -> bool:
        """Whether the request goes through."""
        return self.outcome is Outcome.ALLOW
