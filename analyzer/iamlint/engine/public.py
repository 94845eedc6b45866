"""Public access: does a policy grant anything to a caller outside a zone of trust? Judged by the algebra alone.

The zone of trust is written as a policy of its own: it grants everything to those who are trusted. A policy is public
if it grants what the zone does not. So every operator, a Deny that fences strangers, and what holds for a key that is
missing come out as they do everywhere; only which values are *fixed* is AWS's own definition (`fixed`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from iamlint.engine.access import Access
from iamlint.engine.archetypes import Archetype, named_accounts
from iamlint.engine.caller import caller_of
from iamlint.engine.compare import STEPS, Answer, excess
from iamlint.engine.comparison import Grounds, Witness
from iamlint.engine.fixed import MOUNT_TARGET, fixed_values
from iamlint.engine.providers import is_shared
from iamlint.engine.question import Zone
from iamlint.engine.request import CallerKind
from iamlint.engine.scalars import addresses
from iamlint.engine.sets import ABSENT, TEXT, State, matching
from iamlint.engine.world import World
from iamlint.errors import IamlintError
from iamlint.policy import Condition, Policy, PolicyKind, PrincipalEntry
from iamlint.policy.language import glob_of

Raw = dict[str, object]


class Trust(NamedTuple):
    """Who is no outsider. With `fixed_values` also whom the policy itself fixes, by name or by a condition.

    `services`: AWS's own services are trusted, whomever they act for; who abuses them is another question.
    """

    accounts: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    vpcs: tuple[str, ...] = ()
    vpc_endpoints: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    fixed_values: bool = True
    services: bool = True


class Exposure(NamedTuple):
    """What an outsider is granted: a request, or none. `unknown` says why there may be one all the same."""

    witness: Witness | None = None
    assumptions: tuple[str, ...] = ()
    unknown: str = ""

    def __bool__(self) -> bool:
        """Whether an outsider gets access, or may: what is not known to be closed counts as open."""
        return self.witness is not None or bool(self.unknown)

    @property
    def granted_by(self) -> tuple[Grounds, ...]:
        """The statements that grant the outsider's request."""
        return self.witness.granted_by if self.witness else ()

    @property
    def outsider(self) -> CallerKind | None:
        """What the outsider is; ANONYMOUS is anybody at all, without an AWS account."""
        return self.witness.request.caller.kind if self.witness else None


NOBODY_LISTED = Trust()


def is_public(policy: Policy, world: World, *, trusted: Trust = NOBODY_LISTED, steps: int = STEPS) -> Exposure:
    """Whether a resource policy or a trust policy grants access to strangers: to callers that it does not fix.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status

    Args:
        policy: A policy that is attached to a resource or a role; one of another kind grants nothing to strangers.
        world: The facts about AWS.
        trusted: Who is trusted besides.
        steps: The budget.

    Raises:
        IamlintError: What is to be trusted cannot be read.
    """
    if policy.kind not in (PolicyKind.RESOURCE, PolicyKind.TRUST):
        return Exposure(assumptions=("a policy of this kind grants access to nobody outside the account",))
    answer = _ask(policy, trusted, world, steps)
    said = (*answer.assumptions, *_assumptions(policy, trusted))
    return Exposure(answer.witness, tuple(dict.fromkeys(said)), answer.unknown)


def outsiders(policy: Policy, world: World, *, trusted: Trust, steps: int = STEPS) -> Exposure:
    """Whether a policy grants access to anyone but those who are listed, however the policy names them."""
    return is_public(policy, world, trusted=trusted._replace(fixed_values=False), steps=steps)


_UNSIGNED_ACTIONS = (
    "s3:",
    "sns:",
    "sqs:",
    "execute-api:",
    "es:eshttp",
    "lambda:invokefunctionurl",
    "elasticfilesystem:client",
)
"""The actions for which AWS takes requests that are not signed, so that *anonymous* says best who gets access.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
"""


_OF_SERVICES = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner")
"""The keys that only a service's request has: for what resource, and so for whom, the service acts."""

_OF_SIGNED = (
    "aws:multifactorauthpresent",
    "aws:multifactorauthage",
    "aws:tokenissuetime",
    "aws:sourceidentity",
    "aws:federatedprovider",
)
"""The keys that only a request with credentials has."""


def _is_anonymous(archetype: Archetype) -> bool:
    return archetype.caller.kind is CallerKind.ANONYMOUS


def _is_service(archetype: Archetype) -> bool:
    return archetype.caller.kind is CallerKind.SERVICE


_UNSIGNED = Zone(
    _is_anonymous,
    dict.fromkeys((*_OF_SERVICES, *_OF_SIGNED), ABSENT)
    | {"aws:userid": State({TEXT: matching([glob_of(tuple("anonymous"))])}, absent=True)},
)
_BY_SERVICES = Zone(_is_service, {})


def _ask(policy: Policy, trusted: Trust, world: World, steps: int) -> Answer:
    """An outsider's request, as plain as there is one: unsigned, signed, or by a service on behalf of an outsider."""

    def ask(trusted: Trust, zone: Zone) -> Answer:
        right = zone_of_trust(policy, trusted, world)
        return excess(Access.of(policy), Access.of(right), world, zone=zone, steps=steps)

    unsigned = ask(trusted, _UNSIGNED)
    if unsigned.witness and unsigned.witness.request.action.lower().startswith(_UNSIGNED_ACTIONS):
        return unsigned
    inside = frozenset((*trusted.accounts, *(named_accounts((policy,)) if trusted.fixed_values else ())))
    # Who else there is in an account that is named gets nothing that strangers do not get.
    answer = ask(trusted, Zone(lambda each: not each.is_some or each.caller.account not in inside, {}))
    if answer.witness and any(key in answer.witness.request.context for key in _OF_SERVICES):
        by_service = ask(trusted._replace(services=False), _BY_SERVICES)
        return by_service if by_service.witness else answer
    return answer


def zone_of_trust(policy: Policy, trusted: Trust, world: World) -> Policy:
    """A policy that grants everything to those who are trusted, and nothing to others.

    Raises:
        IamlintError: What is to be trusted cannot be read.
    """
    conditions = [*_listed(trusted), *(_fixed(policy, world) if trusted.fixed_values else ())]
    statements = [_grant("*", condition) for condition in conditions]
    principals = _named(policy) if trusted.fixed_values else {}
    if trusted.services:
        principals["Service"] = ["*"]
    statements += [_grant(principals)] if principals else []
    version = policy.version if policy.has_variables else "2008-10-17"
    return Policy({"Version": version, "Statement": statements}, PolicyKind.RESOURCE)


def _grant(principal: object, condition: Mapping[str, object] | None = None) -> Raw:
    raw: Raw = {"Effect": "Allow", "Principal": principal, "Action": "*", "Resource": "*"}
    return raw | {"Condition": condition} if condition else raw


def _fixed(policy: Policy, world: World) -> Iterator[Mapping[str, object]]:
    """For every condition the one that holds just for the values it fixes, whatever it does with them."""
    yield {"Bool": {MOUNT_TARGET: "true"}}
    for condition in _conditions(policy):
        values = fixed_values(condition, variables=policy.has_variables)
        if values:
            yield {_positive(condition, world): {condition.key: list(values)}}


def _positive(condition: Condition, world: World) -> str:
    operator = condition.operator
    holds_several = operator.qualifier is not None and world.is_multivalued(condition.key_lower) is not False
    return f"{'ForAnyValue:' if holds_several else ''}{operator.name.replace('Not', '')}"


def _named(policy: Policy) -> dict[str, list[str]]:
    """The principals that a policy names, by type; those of an identity provider that all the world uses are none."""
    named: dict[str, list[str]] = {}
    for entry in _entries(policy):
        if entry.value == "*" or entry.type == "Service" or (entry.type == "Federated" and is_shared(entry.value)):
            continue
        named.setdefault(entry.type, []).append(entry.value)
    return named


def _conditions(policy: Policy) -> Iterator[Condition]:
    for statement in policy.statements:
        yield from statement.conditions


def _entries(policy: Policy) -> Iterator[PrincipalEntry]:
    for statement in policy.statements:
        yield from statement.principals
        yield from statement.not_principals


_BY_ACCOUNT = ("aws:PrincipalAccount", "aws:SourceAccount", "aws:SourceOwner", "aws:VpceAccount")
_BY_ORGANIZATION = ("aws:PrincipalOrgID", "aws:SourceOrgID", "aws:VpceOrgID")
_BY_PATH = ("aws:PrincipalOrgPaths", "aws:SourceOrgPaths", "aws:VpceOrgPaths")


def _listed(trusted: Trust) -> Iterator[Mapping[str, object]]:
    """The conditions that hold for what is listed as trusted."""
    _check(trusted)
    if trusted.accounts:
        accounts = list(trusted.accounts)
        yield from ({"StringEquals": {key: accounts}} for key in (*_BY_ACCOUNT, "s3:DataAccessPointAccount"))
        arns = [f"arn:*:*:*:{account}:*" for account in accounts]
        yield from ({"ArnLike": {key: arns}} for key in ("aws:SourceArn", "s3:DataAccessPointArn"))
    if trusted.organizations:
        yield from ({"StringEquals": {key: list(trusted.organizations)}} for key in _BY_ORGANIZATION)
        paths = [f"{organization}/*" for organization in trusted.organizations]
        yield from ({"ForAnyValue:StringLike": {key: paths}} for key in _BY_PATH)
    if trusted.vpcs:
        yield {"StringEquals": {"aws:SourceVpc": list(trusted.vpcs)}}
    if trusted.vpc_endpoints:
        yield {"StringEquals": {"aws:SourceVpce": list(trusted.vpc_endpoints)}}
    if trusted.addresses:
        yield {"IpAddress": {"aws:SourceIp": list(trusted.addresses)}}


def _check(trusted: Trust) -> None:
    """That what is listed as trusted has the form it must have.

    Raises:
        IamlintError: It has another.
    """
    forms: tuple[tuple[Iterable[str], str, str], ...] = (
        (trusted.accounts, r"\d{12}", "an account has 12 digits"),
        (trusted.organizations, r"o-[a-z0-9]{10,32}", "an organization looks like `o-a1b2c3d4e5`"),
        (trusted.vpcs, r"vpc-[0-9a-f]+", "a VPC looks like `vpc-0123456789abcdef0`"),
        (trusted.vpc_endpoints, r"vpce-[0-9a-f]+", "a VPC endpoint looks like `vpce-0123456789abcdef0`"),
    )
    for texts, form, advice in forms:
        for text in texts:
            if not re.fullmatch(form, text):
                raise IamlintError(f"`{text}` cannot be trusted: it has another form", help=advice)
    for text in trusted.addresses:
        if addresses(text) is None:
            raise IamlintError(f"`{text}` is no address and no range", help="a range looks like `203.0.113.0/24`")


def _assumptions(policy: Policy, trusted: Trust) -> Iterator[str]:
    if trusted.services and any(entry.type == "Service" for entry in _entries(policy)):
        yield "AWS services act for nobody but those who are trusted"
    if not trusted.fixed_values and trusted.organizations and any(map(_has_account, _entries(policy))):
        yield "accounts that are not listed are in none of the organizations listed"
    for entry in _entries(policy):
        if not trusted.fixed_values and not _is_told(entry):
            yield f"`{entry.value}` is trusted: who that is cannot be told from the policy"


def _has_account(entry: PrincipalEntry) -> bool:
    return entry.type == "AWS" and entry.value != "*"


def _is_told(entry: PrincipalEntry) -> bool:
    """Whether it can be told who an entry is: not of canonical users, and not of CloudFront's identities."""
    if entry.type == "CanonicalUser":
        return False
    if entry.type != "AWS" or entry.value == "*":
        return True
    try:
        caller_of(entry.value)
    except IamlintError:
        return False
    return True
