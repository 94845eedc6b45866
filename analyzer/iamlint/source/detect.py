"""Which kind of policy a value is, from what it says and what its file is called. Knows nothing of its surroundings."""

import json
import re
from collections.abc import Iterator

from iamlint.policy.kind import PolicyKind
from iamlint.source.shape import listed, member, statements

_TRUST_ACTION = re.compile(r"sts:(?:assumerole\w*\*?|tagsession|setsourceidentity|setcontext|\*)\Z", re.IGNORECASE)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"[a-z0-9]+")
_FOLDERS = 2  # how many folders above the file may speak

_HINTS: tuple[tuple[str, PolicyKind, str | None], ...] = (
    ("trust", PolicyKind.TRUST, None),
    ("assume role", PolicyKind.TRUST, None),
    ("scp", PolicyKind.SCP, None),
    ("scps", PolicyKind.SCP, None),
    ("service control", PolicyKind.SCP, None),
    ("rcp", PolicyKind.RCP, None),
    ("rcps", PolicyKind.RCP, None),
    ("resource control", PolicyKind.RCP, None),
    ("boundary", PolicyKind.BOUNDARY, None),
    ("boundaries", PolicyKind.BOUNDARY, None),
    ("session policy", PolicyKind.SESSION, None),
    ("vpc endpoint", PolicyKind.VPC_ENDPOINT, None),
    ("vpce", PolicyKind.VPC_ENDPOINT, None),
    ("endpoint policy", PolicyKind.VPC_ENDPOINT, None),
    ("bucket policy", PolicyKind.RESOURCE, "s3"),
    ("key policy", PolicyKind.RESOURCE, "kms"),
    ("queue policy", PolicyKind.RESOURCE, "sqs"),
    ("topic policy", PolicyKind.RESOURCE, "sns"),
    ("repository policy", PolicyKind.RESOURCE, "ecr"),
)
_OF_PRINCIPALS = (PolicyKind.SCP, PolicyKind.BOUNDARY, PolicyKind.SESSION, PolicyKind.IDENTITY)


def detect(value: object, name: str = "") -> tuple[PolicyKind, str | None]:
    """The kind of a policy, and for a resource policy the service, as far as they show.

    >>> detect({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}})
    (<PolicyKind.RESOURCE: 'resource'>, 's3')
    """
    hint, hinted = hints(name)
    inside = list(statements(value))
    if not any(_has(statement, "Principal", "NotPrincipal") for statement in inside):
        if _is_trust(inside):
            return PolicyKind.TRUST, None
        return (hint, None) if hint in _OF_PRINCIPALS else (PolicyKind.IDENTITY, None)
    if _is_trust(inside):
        return PolicyKind.TRUST, None
    if hint is PolicyKind.VPC_ENDPOINT and not _names_endpoint(inside):
        return hint, None
    if hint is PolicyKind.RCP and _is_guardrail(inside):
        return hint, None
    if hint is PolicyKind.TRUST and not any(_has(statement, "Resource", "NotResource") for statement in inside):
        return PolicyKind.TRUST, None
    return PolicyKind.RESOURCE, service_of(value) or hinted


def hints(name: str) -> tuple[PolicyKind | None, str | None]:
    """The kind and service that a file's name, or else the folders it is in, tell in whole words.

    >>> hints("policies/TrustPolicy.json")[0], hints("scps/deny.json")[0], hints("trusted/describe.json")[0]
    (<PolicyKind.TRUST: 'trust'>, <PolicyKind.SCP: 'scp'>, None)
    """
    for part in reversed(name.replace("\\", "/").split("/")[-1 - _FOLDERS :]):
        words = f" {' '.join(_WORD.findall(_HUMP.sub(' ', part).lower()))} "
        for phrase, kind, service in _HINTS:
            if f" {phrase} " in words:
                return kind, service
    return None, None


def service_of(value: object) -> str | None:
    """The one service that all actions of a policy belong to, or else all its resources; None if they differ."""
    inside = list(statements(value))
    actions = {action.partition(":")[0].lower() for action in _texts(inside, "Action", "NotAction")}
    actions.discard("*")
    if len(actions) == 1:
        return actions.pop()
    arns = [text.split(":") for text in _texts(inside, "Resource", "NotResource") if text.startswith("arn:")]
    services = {arn[2].lower() for arn in arns if len(arn) > 2 and arn[2] not in ("", "*")}
    return services.pop() if not actions and len(services) == 1 else None


def _is_trust(inside: list[dict[str, object]]) -> bool:
    actions = list(_texts(inside, "Action"))
    return (
        bool(actions)
        and all(_TRUST_ACTION.match(action) for action in actions)
        and not any(_has(statement, "Resource", "NotResource", "NotAction") for statement in inside)
    )


def _is_guardrail(inside: list[dict[str, object]]) -> bool:
    """Whether all of it denies, or is the one that AWS attaches everywhere, `RCPFullAWSAccess`."""
    whole = all(
        (member(s, "Effect"), member(s, "Action"), member(s, "Resource")) == ("Allow", "*", "*") for s in inside
    )
    denies = all(member(s, "Effect") == "Deny" for s in inside)
    return (whole or denies) and all(member(s, "Principal") in ("*", {"AWS": "*"}) for s in inside)


def _names_endpoint(inside: list[dict[str, object]]) -> bool:
    """Whether a condition is about the endpoint of the request, which an endpoint's own policy knows already."""
    return any('"aws:sourcevpce"' in json.dumps(s.get("Condition"), default=str).lower() for s in inside)


def _has(statement: dict[str, object], *names: str) -> bool:
    return any(member(statement, name) is not None for name in names)


def _texts(inside: list[dict[str, object]], *names: str) -> Iterator[str]:
    for statement in inside:
        for name in names:
            yield from (item for item in listed(member(statement, name)) if isinstance(item, str))
