"""Cases in JSON, and the callers in them: read, written, and what is said of wrong ones."""

import json
from pathlib import Path
from typing import Any

import pytest

from iamlint.catalog import load
from iamlint.engine import authorize, caller_of, read_case, read_request, write_decision, write_request
from iamlint.engine.context import complete
from iamlint.engine.rcps import RCP_SERVICES
from iamlint.engine.request import Caller, CallerKind
from iamlint.errors import IamlintError
from iamlint.policy import PolicyKind

ALICE = "arn:aws:iam::123456789012:user/team/alice"
ROLE = "arn:aws:iam::123456789012:role/team/reader"
SESSION = "arn:aws:sts::123456789012:assumed-role/reader/s1"
REQUEST = {"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", "principal": ALICE}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ALICE, Caller(CallerKind.USER, ALICE, "123456789012")),
        (ROLE, Caller(CallerKind.ROLE, ROLE, "123456789012", ROLE)),
        (SESSION, Caller(CallerKind.ROLE, SESSION, "123456789012", "arn:aws:iam::123456789012:role/reader")),
        ("123456789012", Caller(CallerKind.ROOT, "arn:aws:iam::123456789012:root", "123456789012")),
        (
            "arn:aws-cn:iam::123456789012:root",
            Caller(CallerKind.ROOT, "arn:aws-cn:iam::123456789012:root", "123456789012"),
        ),
        (
            "arn:aws:sts::123456789012:federated-user/bob",
            Caller(CallerKind.FEDERATED_USER, "arn:aws:sts::123456789012:federated-user/bob", "123456789012"),
        ),
        (
            "arn:aws:iam::123456789012:saml-provider/idp",
            Caller(CallerKind.FEDERATED, "arn:aws:iam::123456789012:saml-provider/idp", "123456789012"),
        ),
        ("ec2.amazonaws.com", Caller(CallerKind.SERVICE, "ec2.amazonaws.com")),
        ("accounts.google.com", Caller(CallerKind.FEDERATED, "accounts.google.com")),
        ({"type": "Anonymous"}, Caller(CallerKind.ANONYMOUS)),
        (
            {"type": "Federated", "id": "cognito-identity.amazonaws.com"},
            Caller(CallerKind.FEDERATED, "cognito-identity.amazonaws.com"),
        ),
        ({"type": "Service", "id": "s3.amazonaws.com"}, Caller(CallerKind.SERVICE, "s3.amazonaws.com")),
        ({"type": "AWS", "id": ALICE}, Caller(CallerKind.USER, ALICE, "123456789012")),
        ({"type": "AWS", "id": SESSION, "role": ROLE}, Caller(CallerKind.ROLE, SESSION, "123456789012", ROLE)),
    ],
)
def test_callers(text: object, expected: Caller) -> None:
    """Everyone who can call has a way to be written, and is read back from it."""
    caller = caller_of(text)
    written = write_request(read_request(REQUEST | {"principal": text}))

    assert expected == caller
    assert expected == read_request(written).caller


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("*", "`*` is no caller"),
        ("alice", "`alice` is no caller"),
        ("arn:aws:iam::123456789012:group/devs", "`arn:aws:iam::123456789012:group/devs` is the ARN of no principal"),
        (
            "arn:aws:sts::123456789012:assumed-role/reader",
            "`arn:aws:sts::123456789012:assumed-role/reader` is the ARN of no principal",
        ),
        ("arn:aws:iam::12:user/a", "`arn:aws:iam::12:user/a` has no 12-digit account"),
        ("arn:aws:s3:::b", "`arn:aws:s3:::b` has no 12-digit account"),
        ({"type": "Group", "id": "x"}, "`Group` is no type of caller"),
        ({"type": "Service"}, "a caller of the type `Service` needs an `id`"),
        (5, "a caller is a text or an object, not `5`"),
    ],
)
def test_nobody(value: object, message: str) -> None:
    """What names nobody is the user's to mend."""
    with pytest.raises(IamlintError) as caught:
        caller_of(value)

    assert message == caught.value.message
    assert caught.value.help


def test_a_case() -> None:
    """Every element finds its place and its kind; a single policy may stand without a list."""
    request, policies = read_case(
        {
            "request": REQUEST
            | {
                "context": {
                    "aws:SecureTransport": True,
                    "s3:max-keys": 5,
                    "aws:TagKeys": ["a", "b"],
                    "aws:username": None,
                }
            },
            "identity_policies": [{"Statement": []}, {}],
            "permission_boundaries": {},
            "session_policy": [],
            "resource_policy": {},
            "scps": [{"level": "o-1", "policies": [{}, {}]}, {"policies": []}],
            "rcps": None,
            "vpc_endpoint_policies": None,
        }
    )

    assert {
        "aws:securetransport": ("true",),
        "s3:max-keys": ("5",),
        "aws:tagkeys": ("a", "b"),
        "aws:username": (),
    } == request.context
    assert "aws:username" not in complete(request)
    assert ["identity_policies/0", "identity_policies/1"] == [policy.address for policy in policies.identity]
    assert policies.boundary
    assert PolicyKind.BOUNDARY is policies.boundary[0].kind
    assert () == policies.session
    assert policies.resource
    assert (PolicyKind.RESOURCE, "s3") == (policies.resource.kind, policies.resource.service)
    assert [("o-1", 2), ("1", 0)] == [(level.name, len(level.policies)) for level in policies.scps]
    assert ((), None) == (policies.rcps, policies.vpc_endpoint)


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("sts:AssumeRole", ROLE, PolicyKind.TRUST),
        ("STS:AssumeRoleWithWebIdentity", ROLE, PolicyKind.TRUST),
        ("sts:TagSession", ROLE, PolicyKind.TRUST),
        ("kms:Decrypt", "arn:aws:kms:eu-west-1:123456789012:key/1", PolicyKind.RESOURCE),
    ],
)
def test_the_kind_of_the_resource_policy(action: str, resource: str, expected: PolicyKind) -> None:
    """That of a role is its trust policy where the role is to be assumed."""
    case = {"request": REQUEST | {"action": action, "resource": resource}, "resource_policy": {}}
    policy = read_case(case)[1].resource

    assert policy
    assert expected is policy.kind


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ({}, "`request` must be an object"),
        ({"request": {}}, "`request.action` must be a text such as `s3:GetObject`"),
        ({"request": REQUEST | {"action": "GetObject"}}, "`request.action`: `GetObject` has no service prefix"),
        ({"request": REQUEST | {"resource": ["*"]}}, "`request.resource` must be an ARN or `*`"),
        ({"request": {"action": "s3:GetObject"}}, "`request.principal` is missing"),
        ({"request": REQUEST | {"context": []}}, "`request.context` must be an object"),
        (
            {"request": REQUEST | {"context": {"a:b": {}}}},
            "`request.context`: the value of `a:b` must be a text or a list of texts",
        ),
        ({"request": REQUEST, "identity_policies": "x"}, "`identity_policies` must be a list of policies"),
        ({"request": REQUEST, "identity_policies": [5]}, "`identity_policies/0` must be a policy, which is an object"),
        ({"request": REQUEST, "scps": {}}, "`scps` must be a list of levels"),
        ({"request": REQUEST, "scps": [5]}, "`scps/0` must be an object with `level` and `policies`"),
        ({"request": REQUEST, "resource_policy": []}, "`resource_policy` must be a policy, which is an object"),
    ],
)
def test_wrong_cases(case: dict[str, Any], message: str) -> None:
    """A case of another shape says what it must be."""
    with pytest.raises(ValueError, match=r"^`") as caught:
        read_case(case)

    assert message == str(caught.value)


def test_a_wrong_principal() -> None:
    """It is told with what would be right."""
    with pytest.raises(ValueError, match="`alice` is no caller; give the ARN of a user"):
        read_case({"request": REQUEST | {"principal": "alice"}})


def test_a_decision_in_json() -> None:
    """Each reason has its layer, its level, and the statement's place."""
    deny = {"Sid": "No", "Effect": "Deny", "Action": "*", "Resource": "*"}
    case = {"request": REQUEST, "scps": [{"level": "ou-1", "policies": [{"Statement": [deny]}]}]}

    assert {
        "decision": "EXPLICIT_DENY",
        "because": [
            {
                "layer": "scp",
                "level": "ou-1",
                "policy": "scps/0/policies/0",
                "pointer": "/Statement/0",
                "sid": "No",
                "effect": "Deny",
                "message": "denies `s3:GetObject`",
            }
        ],
        "assumptions": ["`arn:aws:s3:::b/k` belongs to the caller's account"],
    } == json.loads(json.dumps(write_decision(authorize(*read_case(case)))))


def test_a_request_survives_its_json() -> None:
    """Of every case: written and read again, it is the same."""
    for file in sorted(Path(__file__).parent.glob("*.json")):
        for case in json.loads(file.read_text("utf-8")):
            request, _ = read_case(case)

            assert request == read_request(json.loads(json.dumps(write_request(request)))), case["name"]


def test_the_services_with_rcps_are_the_catalogue_s() -> None:
    """The engine does not know the catalogue, so its list is held to it here."""
    assert load().rcp_services == RCP_SERVICES


def test_an_assumption_is_said() -> None:
    """What no page says, or the request does not, is no silent choice."""
    both = {"StringEquals": {"aws:TagKeys": "a"}, "ArnLike": {"aws:PrincipalArn": ROLE}}
    statement = {"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Condition": both}
    key = "arn:aws:kms:eu-west-1:123456789012:key/1"
    asked = {"action": "kms:TagResource", "resource": key, "principal": SESSION, "context": {"aws:TagKeys": ["a", "b"]}}
    case = {"request": asked, "identity_policies": [{"Version": "2012-10-17", "Statement": statement}]}

    assert (
        "the key policy, which is not given, leaves it to the policies of the account",
        "`StringEquals` asks that one of the values of `aws:TagKeys` matches",
        "the ARN of the session's role is `arn:aws:iam::123456789012:role/reader`, without a path",
    ) == authorize(*read_case(case)).assumptions
