"""Outsiders: what is true of every policy, and of zones of trust that are listed."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iamlint.catalog import load
from iamlint.engine import CallerKind
from iamlint.engine.access import Access
from iamlint.engine.providers import TENANT_CLAIMS
from iamlint.engine.public import Exposure, Trust, is_public, outsiders, zone_of_trust
from iamlint.engine.witness import grants
from iamlint.errors import IamlintError
from iamlint.policy import Policy, PolicyKind
from iamlint_rules.trust import oidc_without_subject

Json = dict[str, Any]
ORG, VPC, IP = "aws:PrincipalOrgID", "aws:SourceVpc", "aws:SourceIp"

OPENING = (PolicyKind.RESOURCE, PolicyKind.TRUST)
CONDITIONS: list[Json] = [
    {},
    {"StringEquals": {ORG: "o-a1b2c3d4e5"}},
    {"StringNotEquals": {ORG: "o-a1b2c3d4e5"}},
    {"StringLike": {ORG: "o-*"}},
    {"StringEqualsIfExists": {VPC: "vpc-1"}},
    {"StringNotEqualsIfExists": {VPC: ["vpc-1", "vpc-2"]}},
    {"StringLike": {VPC: "vpc-*"}},
    {"Null": {VPC: "true"}},
    {"IpAddress": {IP: ["10.0.0.0/8", "203.0.113.0/24"]}},
    {"IpAddress": {IP: "0.0.0.0/1"}},
    {"NotIpAddress": {IP: "203.0.113.0/24"}},
    {"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}},
    {"ForAnyValue:StringNotLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}},
    {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}},
    {"Bool": {"aws:PrincipalIsAWSService": "false"}},
    {"Bool": {"aws:SecureTransport": "true"}},
]
PRINCIPALS: list[Json] = [
    {"Principal": "*"},
    {"Principal": {"AWS": "111122223333"}},
    {"Principal": {"AWS": "arn:aws:iam::444455556666:role/r"}},
    {"Principal": {"Service": "sns.amazonaws.com"}},
    {"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}},
]


def _statements(*effects: str) -> st.SearchStrategy[Json]:
    return st.builds(
        lambda effect, principal, action, resource, one, other: (
            {"Effect": effect, "Action": action, "Resource": resource, "Condition": _both(one, other)} | principal
        ),
        st.sampled_from(effects),
        st.sampled_from(PRINCIPALS),
        st.sampled_from(["s3:*", "s3:GetObject", ["s3:GetObject", "s3:PutObject"]]),
        st.sampled_from(["*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/in/*"]),
        st.sampled_from(CONDITIONS),
        st.sampled_from(CONDITIONS),
    )


def _both(one: Json, other: Json) -> Json:
    """Two conditions at once, where they differ in the operator."""
    return one if one.keys() & other.keys() else one | other


def _policy(*statements: Json, kind: PolicyKind = PolicyKind.RESOURCE) -> Policy:
    return Policy({"Version": "2012-10-17", "Statement": list(statements)}, kind)


def _public(statements: list[Json]) -> Exposure:
    return is_public(_policy(*statements), load())


MANY = st.lists(_statements("Allow", "Allow", "Deny"), min_size=1, max_size=3)


@settings(max_examples=60, deadline=None)
@given(MANY, _statements("Deny"))
def test_a_deny_never_opens(statements: list[Json], deny: Json) -> None:
    """Whatever it denies, and whatever values it names."""
    if not _public(statements):
        assert not _public([*statements, deny])


@settings(max_examples=60, deadline=None)
@given(MANY, st.sampled_from(CONDITIONS))
def test_a_condition_never_opens(statements: list[Json], condition: Json) -> None:
    """One more on an Allow statement, whatever it demands."""
    first = statements[0]
    if first["Effect"] == "Allow" and not _public(statements):
        narrower = first | {"Action": "s3:GetObject", "Condition": _both(first["Condition"], condition)}

        assert not _public([narrower, *statements[1:]])


@settings(max_examples=60, deadline=None)
@given(MANY)
def test_what_is_found_is_so(statements: list[Json]) -> None:
    """The policy grants the request, the zone of trust does not, and every answer is certain."""
    policy = _policy(*statements)
    found = is_public(policy, load())

    assert "" == found.unknown
    if found.witness:
        assert grants(Access.of(policy), found.witness.request)
        assert found.granted_by
        assert not grants(Access.of(zone_of_trust(policy, Trust(services=False), load())), found.witness.request)


@settings(max_examples=40, deadline=None)
@given(MANY)
def test_what_is_public_is_open_to_outsiders(statements: list[Json]) -> None:
    """With nobody listed as trusted, at least those get access who do so with all that is named as trusted."""
    if _public(statements):
        assert outsiders(_policy(*statements), load(), trusted=Trust())


def _of(principal: object, condition: Json | None = None) -> Policy:
    raw: Json = {"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": "*"}
    return _policy(raw | ({"Condition": condition} if condition else {}))


US, THEM = "111122223333", "444455556666"


@pytest.mark.parametrize(
    ("policy", "trusted", "expected"),
    [
        (_of({"AWS": THEM}), Trust(), CallerKind.ROOT),
        (_of({"AWS": THEM}), Trust(accounts=(US,)), CallerKind.ROOT),
        (_of({"AWS": [US, THEM]}), Trust(accounts=(US, THEM)), None),
        (_of({"AWS": f"arn:aws:iam::{THEM}:user/u"}), Trust(accounts=(US,)), CallerKind.USER),
        (_of("*"), Trust(accounts=(US,)), CallerKind.ANONYMOUS),
        (_of("*", {"StringEquals": {"aws:PrincipalAccount": [US, THEM]}}), Trust(accounts=(US,)), CallerKind.ROLE),
        (_of("*", {"StringEquals": {"aws:PrincipalAccount": US}}), Trust(accounts=(US,)), None),
        (_of("*", {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{US}:role/*"}}), Trust(accounts=(US,)), None),
        (_of("*", {"ArnLike": {"aws:SourceArn": f"arn:aws:sns:*:{US}:*"}}), Trust(accounts=(US,)), None),
        (
            _of("*", {"ArnLike": {"aws:SourceArn": f"arn:aws:sns:*:{THEM}:*"}}),
            Trust(accounts=(US,)),
            CallerKind.SERVICE,
        ),
        (_of("*", {"StringEquals": {ORG: "o-a1b2c3d4e5"}}), Trust(organizations=("o-a1b2c3d4e5",)), None),
        (_of("*", {"StringEquals": {ORG: "o-f6a7b8c9d0"}}), Trust(organizations=("o-a1b2c3d4e5",)), CallerKind.ROLE),
        (
            _of("*", {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-1/*"}}),
            Trust(organizations=("o-a1b2c3d4e5",)),
            None,
        ),
        (_of("*", {"StringEquals": {VPC: "vpc-1a"}}), Trust(vpcs=("vpc-1a",)), None),
        (_of("*", {"StringEquals": {VPC: "vpc-1b"}}), Trust(vpcs=("vpc-1a",)), CallerKind.ANONYMOUS),
        (_of("*", {"StringEquals": {"aws:SourceVpce": "vpce-1a"}}), Trust(vpc_endpoints=("vpce-1a",)), None),
        (_of("*", {"IpAddress": {IP: "203.0.113.0/25"}}), Trust(addresses=("203.0.113.0/24",)), None),
        (_of("*", {"IpAddress": {IP: "203.0.112.0/23"}}), Trust(addresses=("203.0.113.0/24",)), CallerKind.ANONYMOUS),
        (_of({"Service": "sns.amazonaws.com"}), Trust(), None),
        (_of({"Service": "sns.amazonaws.com"}), Trust(services=False), CallerKind.SERVICE),
        (
            _of({"Service": "sns.amazonaws.com"}, {"StringEquals": {"aws:SourceAccount": US}}),
            Trust(accounts=(US,), services=False),
            None,
        ),
    ],
)
def test_zones(policy: Policy, trusted: Trust, expected: CallerKind | None) -> None:
    """Only those who are listed are inside, however the policy names the others."""
    found = outsiders(policy, load(), trusted=trusted)

    assert (expected, "") == (found.outsider, found.unknown)


def test_who_cannot_be_told() -> None:
    """Canonical users and CloudFront's identities are passed over, and that is said."""
    identity = "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"
    found = outsiders(
        _of({"AWS": identity, "CanonicalUser": "79a5"}), load(), trusted=Trust(organizations=("o-a1b2c3d4e5",))
    )

    assert not found
    assert (
        "accounts that are not listed are in none of the organizations listed",
        f"`{identity}` is trusted: who that is cannot be told from the policy",
        "`79a5` is trusted: who that is cannot be told from the policy",
    ) == found.assumptions[1:]


@pytest.mark.parametrize(
    ("trusted", "message"),
    [
        (Trust(accounts=("1111",)), "`1111` cannot be trusted: it has another form"),
        (Trust(organizations=("o-*",)), "`o-*` cannot be trusted: it has another form"),
        (Trust(vpcs=("vpce-1",)), "`vpce-1` cannot be trusted: it has another form"),
        (Trust(vpc_endpoints=("vpc-1",)), "`vpc-1` cannot be trusted: it has another form"),
        (Trust(addresses=("home",)), "`home` is no address and no range"),
    ],
)
def test_what_cannot_be_trusted(trusted: Trust, message: str) -> None:
    """A slip is told, and never just trusts nobody."""
    with pytest.raises(IamlintError) as caught:
        is_public(_of("*"), load(), trusted=trusted)

    assert message == caught.value.message


@pytest.mark.parametrize("kind", [kind for kind in PolicyKind if kind not in OPENING])
def test_policies_that_open_nothing(kind: PolicyKind) -> None:
    """What is attached to a principal, or only limits, grants nothing to a stranger."""
    assert not is_public(Policy(_of("*").raw, kind), load())


def test_what_takes_too_long_may_be_public() -> None:
    """It is said, and counts as open."""
    found = is_public(_of("*", {"StringLike": {VPC: "*a?????b*"}}), load(), steps=3)

    assert found
    assert (None, (), None) == (found.witness, found.granted_by, found.outsider)
    assert "it takes more steps than the budget allows" == found.unknown


def test_the_shared_providers_are_those_of_the_rule() -> None:
    """The rules may not import the engine, so their list is held to it here."""
    assert oidc_without_subject.TENANT_CLAIMS == TENANT_CLAIMS
