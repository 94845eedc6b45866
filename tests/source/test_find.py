"""Which policies are found in what the AWS CLI prints, in strings and elsewhere, and what they are taken for."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from iamlint.policy.kind import PolicyKind
from iamlint.source import Reading, read
from iamlint.source.detect import detect
from iamlint.text import Pointer

VERSION = "2012-10-17"
ALLOW = {"Version": VERSION, "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}]}
TRUST = {
    "Version": VERSION,
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}],
}
OPEN = {"Version": VERSION, "Statement": {"Effect": "Allow", "Action": "*", "Principal": "*", "Resource": "*"}}


def text(policy: object) -> str:
    return json.dumps(policy, indent=1)


def one(value: object, name: str = "x.json", **options: Any) -> Reading:
    return read(name, json.dumps(value).encode(), **options)


# name: (document, [(kind, service, address, principal)])
WRAPPED: dict[str, tuple[Any, list[tuple[str, str | None, str | None, str | None]]]] = {
    "plain": (ALLOW, [("identity", None, None, None)]),
    "get-role": (
        {"Role": {"RoleName": "r", "AssumeRolePolicyDocument": TRUST}},
        [("trust", None, "role/r AssumeRolePolicyDocument", "role/r")],
    ),
    "list-roles": (
        {"Roles": [{"RoleName": name, "AssumeRolePolicyDocument": TRUST} for name in "ab"]},
        [("trust", None, f"role/{name} AssumeRolePolicyDocument", f"role/{name}") for name in "ab"],
    ),
    "get-role-policy": (
        {"RoleName": "r", "PolicyName": "p", "PolicyDocument": ALLOW},
        [("identity", None, "role/r policy/p", "role/r")],
    ),
    "get-role-policy, raw": (
        {"RoleName": "r", "PolicyName": "p", "PolicyDocument": quote(json.dumps(ALLOW))},
        [("identity", None, "role/r policy/p", "role/r")],
    ),
    "get-user-policy": (
        {"UserName": "u", "PolicyName": "p", "PolicyDocument": ALLOW},
        [("identity", None, "user/u policy/p", "user/u")],
    ),
    "get-group-policy": (
        {"GroupName": "g", "PolicyName": "p", "PolicyDocument": ALLOW},
        [("identity", None, "group/g policy/p", "group/g")],
    ),
    "create-role": (
        {"RoleName": "r", "AssumeRolePolicyDocument": text(TRUST)},
        [("trust", None, "role/r AssumeRolePolicyDocument", "role/r")],
    ),
    "create-policy": (
        {"PolicyName": "p", "PolicyDocument": text(ALLOW)},
        [("identity", None, "policy/p", None)],
    ),
    "get-policy-version": (
        {"PolicyVersion": {"Document": ALLOW, "VersionId": "v3", "IsDefaultVersion": False}},
        [("identity", None, "v3", None)],
    ),
    "get-instance-profile": (
        {"InstanceProfile": {"Roles": [{"RoleName": "r", "AssumeRolePolicyDocument": TRUST}]}},
        [("trust", None, "role/r AssumeRolePolicyDocument", "role/r")],
    ),
    "get-account-authorization-details": (
        {
            "UserDetailList": [{"UserName": "u", "UserPolicyList": [{"PolicyName": "p", "PolicyDocument": ALLOW}]}],
            "GroupDetailList": [{"GroupName": "g", "GroupPolicyList": [{"PolicyName": "p", "PolicyDocument": ALLOW}]}],
            "RoleDetailList": [
                {
                    "RoleName": "r",
                    "AssumeRolePolicyDocument": TRUST,
                    "RolePolicyList": [{"PolicyName": "q", "PolicyDocument": ALLOW}],
                    "AttachedManagedPolicies": [{"PolicyName": "m", "PolicyArn": "arn:aws:iam::aws:policy/m"}],
                }
            ],
            "Policies": [
                {
                    "PolicyName": "m",
                    "PolicyVersionList": [
                        {"VersionId": "v2", "IsDefaultVersion": True, "Document": ALLOW},
                        {"VersionId": "v1", "IsDefaultVersion": False, "Document": OPEN},
                    ],
                }
            ],
        },
        [
            ("identity", None, "user/u policy/p", "user/u"),
            ("identity", None, "group/g policy/p", "group/g"),
            ("trust", None, "role/r AssumeRolePolicyDocument", "role/r"),
            ("identity", None, "role/r policy/q", "role/r"),
            ("identity", None, "policy/m", None),
        ],
    ),
    "get-bucket-policy": (
        {"Policy": text({**OPEN, "Statement": {**OPEN["Statement"], "Action": "s3:*"}})},  # type: ignore[dict-item]
        [("resource", "s3", "Policy", None)],
    ),
    "put-bucket-policy": ({"Bucket": "b", "Policy": text(OPEN)}, [("resource", "s3", "Policy", None)]),
    "get-key-policy": ({"Policy": text(OPEN), "PolicyName": "default"}, [("resource", "kms", "policy/default", None)]),
    "get-queue-attributes": (
        {"Attributes": {"Policy": text(OPEN), "QueueArn": "arn:aws:sqs:eu-west-1:1:q"}},
        [("resource", "sqs", "Attributes/Policy", None)],
    ),
    "get-topic-attributes": (
        {"Attributes": {"Policy": text(OPEN), "TopicArn": "arn:aws:sns:eu-west-1:1:t"}},
        [("resource", "sns", "Attributes/Policy", None)],
    ),
    "get-resource-policy": (
        {"ARN": "arn:aws:secretsmanager:eu-west-1:1:secret:s", "ResourcePolicy": text(OPEN)},
        [("resource", "secretsmanager", "ResourcePolicy", None)],
    ),
    "get-repository-policy": (
        {"repositoryName": "r", "policyText": text(OPEN)},
        [("resource", "ecr", "policyText", None)],
    ),
    "describe-policy, service control": (
        {"Policy": {"PolicySummary": {"Type": "SERVICE_CONTROL_POLICY"}, "Content": text(ALLOW)}},
        [("scp", None, "Policy/Content", None)],
    ),
    "describe-policy, resource control": (
        {"Policy": {"PolicySummary": {"Type": "RESOURCE_CONTROL_POLICY"}, "Content": text(OPEN)}},
        [("rcp", None, "Policy/Content", None)],
    ),
    "describe-policy, tags": ({"Policy": {"PolicySummary": {"Type": "TAG_POLICY"}, "Content": '{"tags": {}}'}}, []),
    "describe-vpc-endpoints": (
        {"VpcEndpoints": [{"VpcEndpointId": "vpce-1", "PolicyDocument": text(OPEN)}]},
        [("vpc-endpoint", None, "VpcEndpoints/0/PolicyDocument", None)],
    ),
    "assume-role": (
        {"RoleArn": "arn:aws:iam::123456789012:role/r", "RoleSessionName": "s", "Policy": text(ALLOW)},
        [("session", None, "Policy", None)],
    ),
    "API body": (
        {"x-amazon-apigateway-policy": OPEN},
        [("resource", "execute-api", "x-amazon-apigateway-policy", None)],
    ),
    "string in a string": ({"a": json.dumps({"b": text(ALLOW)})}, [("identity", None, "a/b", None)]),
    "anywhere": ({"a": [{"b": ALLOW}]}, [("identity", None, "a/0/b", None)]),
    "WAF": ({"Rules": [{"Name": "Effect", "Statement": {"ByteMatchStatement": {}}, "Action": {"Block": {}}}]}, []),
    "Step Functions": ({"StartAt": "Effect", "States": {"Statement": {"Type": "Task", "Next": "x"}}}, []),
    "API model": ({"shapes": {"Statement": {"type": "structure", "members": {"Effect": {"shape": "E"}}}}}, []),
    "lower case": ({"version": VERSION, "statement": [{"effect": "Allow"}]}, [("identity", None, None, None)]),
    "statements": ({"Version": VERSION, "Statements": [{"Effect": "Allow"}]}, [("identity", None, None, None)]),
    "empty": ({"Version": VERSION, "Statement": []}, [("identity", None, None, None)]),
}


@pytest.mark.parametrize("case", WRAPPED.values(), ids=WRAPPED)
def test_policies_are_found_with_what_their_surroundings_tell(case: tuple[Any, list[tuple[Any, ...]]]) -> None:
    value, expected = case

    found = one(value).found

    assert expected == [(str(f.kind), f.service, f.address, f.principal) for f in found]
    for each in found:
        assert [str(key) for key in each.document.value] == [c.at.last for c in each.document.children()]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"AWSTemplateFormatVersion": "2010-09-09", "R": ALLOW}, "CloudFormation template: not read yet"),
        ({"Resources": {"R": {"Type": "AWS::IAM::Role", "P": ALLOW}}}, "CloudFormation template: not read yet"),
        ({"terraform_version": "1.9", "planned_values": ALLOW}, "Terraform plan or state: not read yet"),
        ({"version": "tree-0.1", "tree": ALLOW}, "CDK tree: not read yet"),
        (ALLOW["Statement"], "a list of statements without the policy around it"),
        ({"Statement": "Effect"}, "no policy in it"),
        ({}, "no policy in it"),
    ],
)
def test_why_nothing_is_found(value: object, reason: str) -> None:
    reading = one(value)

    assert ((), (), reason) == (reading.found, reading.problems, reading.skipped)


def test_a_list_of_statements_is_found_when_the_user_means_it() -> None:
    assert [ALLOW["Statement"]] == [f.document.value for f in one(ALLOW["Statement"], explicit=True).found]


@pytest.mark.parametrize("value", [{}, {"Version": VERSION}, [], "x", 1, {"Statement": {"Foo": 1}}, None])
def test_with_a_kind_any_document_is_a_policy(value: object) -> None:
    (found,) = one(value, kind=PolicyKind.SCP).found

    assert (value, PolicyKind.SCP) == (found.document.value, found.kind)


def test_with_a_kind_a_wrapper_still_is_one() -> None:
    (found,) = one({"Role": {"RoleName": "r", "AssumeRolePolicyDocument": TRUST}}, kind=PolicyKind.IDENTITY).found

    assert PolicyKind.TRUST is found.kind


@pytest.mark.parametrize(
    "encode", [json.dumps, lambda value: quote(json.dumps(value)), lambda value: quote(text(value), safe="")]
)
def test_places_in_a_string_are_places_of_the_file(encode: Any) -> None:
    policy = {
        "Version": VERSION,
        "Statement": [{"Sid": 'é"😀\n', "Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}],
    }
    content = json.dumps({"Policy": encode(policy)})
    (found,) = read("x.json", content.encode()).found
    at = Pointer("/Statement/0")

    def told(*span: int) -> str:
        return content[slice(*span)]

    assert encode("s3:Get*").strip('"') in told(*found.document.span(at / "Action"))
    assert told(*found.document.span(at / "Action", (3, 6))) == "Get"
    assert "Action" in told(*found.document.key_span(at / "Action"))
    assert json.dumps(encode(policy)).strip('"') == told(*found.document.span())
    for value, part in (("é", (0, 1)), ("😀", (2, 3))):
        expected = {json.dumps(value)[1:-1].replace("\\", "\\\\"), quote(json.dumps(value)[1:-1]), quote(value)}
        assert told(*found.document.span(at / "Sid", part)) in expected | {json.dumps(json.dumps(value))[3:-3]}


def test_problems_in_a_string_are_told_in_the_file() -> None:
    content = json.dumps(
        {"RoleName": "r", "AssumeRolePolicyDocument": '{"Version": "2012-10-17", "Statement": [{"Effect": Allow}]}'}
    )

    (problem,) = read("x.json", content.encode()).problems

    assert content[slice(*problem.span)] == "Allow"


def test_a_policy_in_a_yaml_block_has_places() -> None:
    content = (
        'a: |\n    {"Version": "2012-10-17",\n     "Statement": [{"Effect": "Allow",\n        "Action": "s3:*"}]}\n'
    )
    (found,) = read("x.yaml", content.encode()).found

    assert content[slice(*found.document.span(Pointer("/Statement/0/Action")))] == '"s3:*"'
    assert content[slice(*found.document.span(Pointer("/Statement/0/Action"), (3, 4)))] == "*"


def statement(**elements: Any) -> dict[str, Any]:
    return {"Statement": [{"Effect": "Allow", **elements}]}


@pytest.mark.parametrize(
    ("value", "name", "kind", "service"),
    [
        (ALLOW, "x.json", "identity", None),
        (TRUST, "x.json", "trust", None),
        (statement(Action="sts:AssumeRole"), "x.json", "trust", None),
        (statement(Action=["sts:assumerolewithwebidentity", "sts:TagSession"], Principal="*"), "x.json", "trust", None),
        (statement(Action="sts:AssumeRole", Resource="*"), "x.json", "identity", None),
        (statement(Action="sts:AssumeRole", Resource="*", Principal="*"), "x.json", "resource", "sts"),
        (statement(Action="kms:*", Resource="*", Principal="*"), "x.json", "resource", "kms"),
        (statement(Action=["s3:*", "sqs:*"], Resource="*", Principal="*"), "x.json", "resource", None),
        (statement(Action="*", Resource="arn:aws:s3:::b", Principal="*"), "x.json", "resource", "s3"),
        (statement(Action="*", Resource="*", Principal="*"), "bucket-policy.json", "resource", "s3"),
        (statement(Action="*", Resource="*", NotPrincipal="*"), "key_policy.json", "resource", "kms"),
        (statement(principal="*", action="s3:*", resource="*"), "x.json", "resource", "s3"),
        (statement(Principal="*"), "trust.json", "trust", None),
        (OPEN, "vpc-endpoint.json", "vpc-endpoint", None),
        (ALLOW, "scps/deny.json", "scp", None),
        (ALLOW, "org/service-control/a.json", "scp", None),
        (ALLOW, "permissions-boundary.json", "boundary", None),
        (ALLOW, "PermissionsBoundary.json", "boundary", None),
        (ALLOW, "scp/a/b/c/d.json", "identity", None),
        (ALLOW, "describe-scpx.json", "identity", None),
        (ALLOW, "trust-policy.json", "identity", None),
        ({"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}, "rcp.json", "rcp", None),
        (OPEN, "rcp.json", "rcp", None),
        (statement(Action="*", Resource="arn:aws:s3:::b", Principal="*"), "rcp.json", "resource", "s3"),
        (
            statement(Action="s3:*", Principal="*", Condition={"StringEquals": {"AWS:SourceVpce": "vpce-1a2b3c4d"}}),
            "vpce-only.json",
            "resource",
            "s3",
        ),
        (None, "x.json", "identity", None),
        ([], "scp.json", "scp", None),
    ],
)
def test_a_policy_tells_what_it_is(value: object, name: str, kind: str, service: str | None) -> None:
    told, of = detect(value, name)

    assert (kind, service) == (told.value, of)


@pytest.mark.parametrize(
    ("value", "name", "is_attached"),
    [
        ({"Bucket": "reports", "Policy": {"Statement": [statement(Principal="*")]}}, "x.json", True),
        ({"Statement": [statement(Principal="*", Action="s3:GetObject")]}, "bucket-policy.json", True),
        ({"Statement": [statement(Principal="*", Action="s3:GetObject")]}, "x.json", False),
        ({"Statement": [statement(Principal="*", Action="kms:Decrypt")]}, "bucket-policy.json", False),
    ],
)
def test_what_tells_the_service(value: object, name: str, is_attached: bool) -> None:
    """A policy's own actions tell its service too, yet not what it is attached to."""
    found = one(value, name).found

    assert [is_attached] == [each.is_attached for each in found]
