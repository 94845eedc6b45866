"""What parliament is heard to say, what of it is dropped, and that nothing outside of the bridge notices."""

import importlib.util
import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import iamlint_rules
from iamlint.bridges import parliament_match as match
from iamlint.bridges.opinion import Opinion
from iamlint.bridges.parliament import TITLES, opinions
from iamlint.bridges.parliament_doubts import DOUBTS, Doubt
from iamlint.bridges.parliament_library import Library
from iamlint.bridges.parliament_said import Scene, understand
from iamlint.catalog import load
from iamlint.policy import Policy, PolicyKind, glob
from iamlint.registry import rules_of
from iamlint.text import Pointer

NOISE = {"RESOURCE_STAR"}


def statement(**elements: Any) -> dict[str, Any]:
    """A statement that parliament has nothing to say of, with other elements."""
    usual = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    return {key: value for key, value in {**usual, **elements}.items() if value is not ...}


def policy(*statements: object, kind: PolicyKind = PolicyKind.IDENTITY, **elements: Any) -> Policy:
    return Policy({"Version": "2012-10-17", "Statement": list(statements), **elements}, kind)


def condition(operator: str, key: str, value: object, **elements: Any) -> Policy:
    return policy(statement(Condition={operator: {key: value}}, **elements))


def told(subject: Policy) -> set[tuple[str, str, str]]:
    return {(o.issue, str(o.at), o.detail) for o in opinions(subject, load()) if o.issue not in NOISE}


OPINIONS: dict[str, tuple[Policy, tuple[str, str, str]]] = {
    "an unknown element of the policy": (
        policy(statement(), Remark="x"),
        ("MALFORMED", "/Remark", "policy contains an unknown element"),
    ),
    "no statement": (
        Policy({"Version": "2012-10-17"}),
        ("MALFORMED", "", "policy does not contain a required element Statement"),
    ),
    "an effect of our own": (
        policy(statement(), statement(Effect="Permit")),
        ("MALFORMED", "/Statement/1/Effect", "unknown Effect used"),
    ),
    "a single statement": (
        Policy({"Version": "2012-10-17", "Statement": statement(Action=...)}),
        ("MALFORMED", "/Statement", "statement contains neither Action nor NotAction"),
    ),
    "a version of our own": (policy(statement(), Version="2012"), ("INVALID_VERSION", "/Version", "2012")),
    "the old version": (policy(statement(), Version="2008-10-17"), ("OLD_VERSION", "/Version", "")),
    "no version": (Policy({"Statement": [statement()]}), ("NO_VERSION", "", "")),
    "a sid with a hyphen": (policy(statement(Sid="a-b")), ("INVALID_SID", "/Statement/0/Sid", "a-b")),
    "a sid twice": (
        policy(statement(Sid="a"), statement(Sid="b"), statement(Sid="a")),
        ("DUPLICATE_SID", "/Statement/2/Sid", "a"),
    ),
    "a service of our own": (
        policy(statement(Action=["s3:GetObject", "s4:GetObject"])),
        ("UNKNOWN_PREFIX", "/Statement/0/Action/1", "s4"),
    ),
    "an action of our own": (
        policy(statement(Action=["s3:GetObject", "s3:Steal*"])),
        ("UNKNOWN_ACTION", "/Statement/0/Action/1", "s3:Steal*"),
    ),
    "an ARN with a region of our own": (
        policy(statement(Resource=["arn:aws:s3:::b/*", "arn:aws:s3:us_east:1:b"])),
        ("INVALID_ARN", "/Statement/0/Resource/1", "`arn:aws:s3:us_east:1:b` has a region that AWS does not have"),
    ),
    "an ARN cut short": (
        policy(statement(Resource="arn:aws:s3")),
        ("INVALID_ARN", "/Statement/0/Resource", "`arn:aws:s3` has fewer than six fields"),
    ),
    "a deleted principal": (
        policy(statement(Principal={"AWS": ["*", "AIDAX"]}), kind=PolicyKind.RESOURCE),
        ("UNKNOWN_PRINCIPAL", "/Statement/0/Principal/AWS/1", "AIDAX"),
    ),
    "a type of principal of our own": (
        policy(statement(Principal={"Role": "x"}), kind=PolicyKind.RESOURCE),
        ("UNKNOWN_PRINCIPAL", "/Statement/0/Principal/Role", "x"),
    ),
    "a federated stranger": (
        policy(statement(Principal={"Federated": "x.example"}), kind=PolicyKind.TRUST),
        ("UNKNOWN_FEDERATION_SOURCE", "/Statement/0/Principal/Federated", "x.example"),
    ),
    "an operator of our own": (
        condition("StringMatches", "aws:username", "a"),
        ("UNKNOWN_OPERATOR", "/Statement/0/Condition/StringMatches", "StringMatches"),
    ),
    "a key of another action": (
        condition("StringEquals", "s3:prefix", "a"),
        ("UNKNOWN_CONDITION_FOR_ACTION", "/Statement/0/Condition/StringEquals/s3:prefix", "`s3:GetObject`"),
    ),
    "a key of another action, with its values in a list": (
        condition("Bool", "kms:GrantIsForAWSResource", ["true"]),
        ("UNKNOWN_CONDITION_FOR_ACTION", "/Statement/0/Condition/Bool/kms:GrantIsForAWSResource", "`s3:GetObject`"),
    ),
    "a value of another type, among others": (
        condition("IpAddress", "aws:SourceIp", ["10.0.0.1", "office"]),
        (
            "MISMATCHED_TYPE",
            "/Statement/0/Condition/IpAddress/aws:SourceIp/1",
            "`aws:SourceIp` is an IP address, and `office` is none",
        ),
    ),
    "an operator of another type": (
        condition("StringEquals", "s3:signatureAge", "5"),
        (
            "MISMATCHED_TYPE",
            "/Statement/0/Condition/StringEquals/s3:signatureAge",
            "`StringEquals` compares a text, and `s3:signatureAge` is a number",
        ),
    ),
    "a string operator for an ARN": (
        condition("StringEquals", "s3:DataAccessPointArn", "arn:aws:s3:us-east-1:123456789012:accesspoint/a"),
        (
            "MISMATCHED_TYPE_BUT_USABLE",
            "/Statement/0/Condition/StringEquals/s3:DataAccessPointArn",
            "`StringEquals` compares a text, and `s3:DataAccessPointArn` is an ARN",
        ),
    ),
    "a Bool list, which parliament cannot take": (
        condition("Bool", "aws:SecureTransport", [True, "maybe"]),
        ("MISMATCHED_TYPE_OPERATION_TO_NULL", "/Statement/0/Condition/Bool/aws:SecureTransport/1", ""),
    ),
    "MFA that is false": (
        condition("Bool", "aws:MultiFactorAuthPresent", value=False, Effect="Deny"),
        ("BAD_PATTERN_FOR_MFA", "/Statement/0/Condition/Bool/aws:MultiFactorAuthPresent", ""),
    ),
    "an action on another type of resource": (
        policy(statement(Action=["s3:GetObject", "s3:ListBucket"])),
        ("RESOURCE_MISMATCH", "/Statement/0/Action/1", "`s3:ListBucket` works on `arn:*:s3:::*`"),
    ),
    "an action that takes no resource": (
        policy(statement(Action=["s3:GetObject", "s3:ListAllMyBuckets"])),
        ("RESOURCE_MISMATCH", "/Statement/0/Action/1", "`s3:ListAllMyBuckets` works on `*` only"),
    ),
    "a bucket action to abuse": (
        policy(statement(), statement(Action="s3:PutBucketAcl", Resource=["arn:aws:s3:::b"])),
        (
            "RESOURCE_POLICY_PRIVILEGE_ESCALATION",
            "/Statement/1/Resource/0",
            "`s3:PutBucketAcl` can give its holder `s3:PutObject` and `s3:DeleteObject`",
        ),
    ),
    "all there is": (
        policy(statement(Action="sqs:SendMessage", Resource="arn:*:sqs:*:*:*")),
        ("RESOURCE_EFFECTIVELY_STAR", "/Statement/0/Resource", ""),
    ),
}


@pytest.mark.parametrize("name", OPINIONS)
def test_an_opinion_has_its_place(name: str) -> None:
    """Each issue is heard once, at the entry it is about, in our words."""
    subject, expected = OPINIONS[name]

    assert {expected} == told(subject)


def test_a_star_is_named_with_its_actions() -> None:
    """RESOURCE_STAR points at the star and names a few of the actions."""
    subject = policy(statement(Action=["s3:GetObject", "s3:PutObject"], Resource=["arn:aws:s3:::b/*", "*"]))
    expected = (
        Opinion(
            "RESOURCE_STAR",
            Pointer("/Statement/0/Resource/1"),
            "Unnecessary use of Resource *",
            "`s3:GetObject` and `s3:PutObject`",
        ),
    )

    assert expected == opinions(subject, load())


def resource(**elements: Any) -> Policy:
    return policy(statement(**elements), kind=PolicyKind.RESOURCE)


FALSE: dict[str, list[tuple[str, Policy]]] = {
    "has_no_resource": [
        ("MALFORMED", policy(statement(Resource=..., Action="sts:AssumeRole", Principal="*"), kind=PolicyKind.TRUST)),
        ("MALFORMED", resource(Resource=..., Action="ecr:BatchGetImage", Principal="*")),
    ],
    "may_be_a_sentence": [
        ("INVALID_SID", resource(Sid="Enable IAM User Permissions")),
        ("INVALID_SID", policy(statement(Sid="Access-to-one-bucket", Principal="*"), kind=PolicyKind.VPC_ENDPOINT)),
    ],
    "is_no_identity_policy": [
        ("RESOURCE_STAR", resource(Resource="*")),
        ("RESOURCE_STAR", policy(statement(Resource="*"), kind=PolicyKind.SCP)),
        ("RESOURCE_STAR", policy(statement(Resource="*"), kind=PolicyKind.RCP)),
        ("RESOURCE_STAR", policy(statement(Resource="*"), kind=PolicyKind.VPC_ENDPOINT)),
        ("RESOURCE_STAR", policy(statement(Resource="*"), kind=PolicyKind.BOUNDARY)),
        (
            "RESOURCE_POLICY_PRIVILEGE_ESCALATION",
            policy(statement(Action="s3:PutBucketAcl", Resource="arn:aws:s3:::b"), kind=PolicyKind.SCP),
        ),
    ],
    "is_inverted": [
        ("RESOURCE_STAR", policy(statement(Action=..., NotAction="s3:GetObject", Resource="*"))),
        ("RESOURCE_MISMATCH", policy(statement(Action="s3:ListBucket", Resource=..., NotResource="arn:aws:s3:::b/*"))),
        (
            "UNKNOWN_CONDITION_FOR_ACTION",
            policy(statement(Action=..., NotAction="s3:GetObject", Condition={"StringEquals": {"s3:prefix": "a"}})),
        ),
    ],
    "is_retired": [("UNKNOWN_ACTION", policy(statement(Action="artifact:DownloadAgreement", Resource="*")))],
    "is_retired_service": [("UNKNOWN_PREFIX", policy(statement(Action="evidently:GetProject", Resource="*")))],
    "is_session": [("UNKNOWN_PRINCIPAL", resource(Principal={"AWS": "arn:aws:sts::123456789012:assumed-role/r/s"}))],
    "is_canonical_user": [("UNKNOWN_PRINCIPAL", resource(Principal={"CanonicalUser": ["79a59df900b949e5"]}))],
    "is_oidc": [
        (
            "UNKNOWN_FEDERATION_SOURCE",
            policy(
                statement(Principal={"Federated": "arn:aws:iam::123456789012:oidc-provider/token.example.com"}),
                kind=PolicyKind.TRUST,
            ),
        )
    ],
    "is_fine_field": [
        ("INVALID_ARN", policy(statement(Resource=text)))
        for text in (
            "arn:aws:iam::aws:policy/*",
            "arn:aws:s3*",
            "arn:aws:s3:*",
            "*:b/*",
            "arn:aws:bedrock:us-*:123456789012:x/*",
            "arn:aws:ec2:us-isob-east-1:123456789012:x/*",
            "arn:aws-iso-b:s3:::b/*",
            "arn:aws*:s3:::b/*",
            "arn:aws:iam::1234*:role/*",
            "**",
        )
    ],
    "is_unknown_before_a_request": [
        ("MISMATCHED_TYPE", condition("ArnEquals", "aws:PrincipalArn", "${aws:PrincipalTag/owner}")),
        ("MISMATCHED_TYPE_OPERATION_TO_NULL", condition("Bool", "aws:SecureTransport", "${aws:PrincipalTag/tls}")),
    ],
    "is_text_to_the_operator": [("MISMATCHED_TYPE", condition("StringLike", "aws:PrincipalArn", "*:role/admin"))],
    "is_written_otherwise": [
        ("MISMATCHED_TYPE", condition("DateLessThan", "aws:CurrentTime", "2026-01-01")),
        ("MISMATCHED_TYPE", condition("Bool", "aws:SecureTransport", "True")),
        ("MISMATCHED_TYPE", condition("IpAddress", "aws:SourceIp", ["2001:DB8:1234:5678::/64"])),
        ("MISMATCHED_TYPE", condition("ArnLike", "aws:PrincipalArn", "*")),
        ("MISMATCHED_TYPE", condition("NumericLessThan", "aws:MultiFactorAuthAge", "-0.5")),
    ],
    "is_arn_in_a_text": [
        (
            "MISMATCHED_TYPE",
            condition(
                "ArnLike",
                "kms:EncryptionContext:aws:s3:arn",
                "arn:aws:s3:::b/*",
                Action="kms:Decrypt",
                Resource="arn:aws:kms:us-east-1:123456789012:key/*",
            ),
        )
    ],
    "is_of_another_type_too": [("MISMATCHED_TYPE", condition("NumericLessThan", "aws:EpochTime", "1700000000"))],
    "may_be_absent": [
        ("UNKNOWN_CONDITION_FOR_ACTION", condition(operator, "s3:prefix", "a"))
        for operator in ("StringEqualsIfExists", "StringNotEquals", "ForAllValues:StringEquals")
    ],
    "is_of_an_identity_provider": [
        ("UNKNOWN_CONDITION_FOR_ACTION", condition("StringEquals", "saml:sub", "a")),
        ("UNKNOWN_CONDITION_FOR_ACTION", condition("StringEquals", "accounts.google.com:sub", "a")),
    ],
    "fits_another_of_the_entry": [
        ("UNKNOWN_CONDITION_FOR_ACTION", condition("StringEquals", "s3:prefix", "a", Action="s3:*", Resource="*")),
    ],
    "has_variables": [
        (
            "OLD_VERSION",
            Policy({"Version": "2008-10-17", "Statement": statement(Resource="arn:aws:s3:::${aws:userid}")}),
        ),
    ],
    "is_beside_one_with_the_key": [
        (
            "UNKNOWN_CONDITION_FOR_ACTION",
            condition("StringEquals", "s3:prefix", "a", Action=["s3:ListBucket", "s3:GetObject"], Resource="*"),
        ),
    ],
    "is_on_some_of_the_service": [
        ("RESOURCE_MISMATCH", policy(statement(Action="iam:ListRoles", Resource="arn:aws:iam::*:role/a*"))),
        (
            "RESOURCE_MISMATCH",
            policy(statement(Action="logs:DescribeLogGroups", Resource="arn:aws:logs:*:*:log-group:/a/*")),
        ),
    ],
    "is_on_nothing": [("RESOURCE_MISMATCH", policy(statement(Resource=[])))],
    "is_partly_met": [
        (
            "RESOURCE_MISMATCH",
            policy(statement(Action="ec2:RunInstances", Resource="arn:aws:ec2:*:*:instance/*")),
        )
    ],
    "is_of_a_guide": [("UNKNOWN_ACTION", policy(statement(Action="glue:ShareResource", Resource="*")))],
    "is_documented_for_none": [
        (
            "UNKNOWN_CONDITION_FOR_ACTION",
            condition("Bool", "iot:Connection.Thing.IsAttached", "true", Action="iot:Connect", Resource="*"),
        ),
        (
            "UNKNOWN_CONDITION_FOR_ACTION",
            condition(
                "NumericEquals",
                "ec2-instance-connect:remotePort",
                "22",
                Action="ec2-instance-connect:OpenTunnel",
                Resource="*",
            ),
        ),
    ],
    "is_all_of_the_service": [
        ("RESOURCE_MISMATCH", policy(statement(Action="logs:DescribeLogGroups", Resource="arn:aws:logs:*:*:*"))),
    ],
    "is_of_either_balancer": [
        (
            "RESOURCE_MISMATCH",
            policy(
                statement(
                    Action="elasticloadbalancing:AddTags",
                    Resource="arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/a/b",
                )
            ),
        )
    ],
    "is_of_nobody": [
        (
            "RESOURCE_MISMATCH",
            policy(statement(Action="ssm:GetParameter", Resource="arn:aws:ssm:us-east-1::parameter/aws/service/*")),
        ),
        (
            "RESOURCE_MISMATCH",
            policy(statement(Action="quicksight:CreateReader", Resource="arn:aws:quicksight::111122223333:user/*")),
        ),
    ],
    "is_met_for_another": [("RESOURCE_MISMATCH", policy(statement(Action="s3:*")))],
    "has_object_access": [
        (
            "RESOURCE_POLICY_PRIVILEGE_ESCALATION",
            policy(
                statement(Action="s3:PutBucketAcl", Resource="arn:aws:s3:::b"),
                statement(Action="s3:*Object", Resource="arn:aws:s3:::*"),
            ),
        )
    ],
}


def name_of(doubt: Doubt) -> str:
    return doubt.holds.__name__


def test_every_doubt_has_an_example() -> None:
    """The table of doubts and the table of examples are of one length."""
    assert {name_of(doubt) for doubt in DOUBTS} == set(FALSE)


@pytest.mark.parametrize(("name", "index"), [(name, i) for name, rows in FALSE.items() for i in range(len(rows))])
def test_a_falsehood_is_dropped(name: str, index: int) -> None:
    """Parliament says it, the doubt holds for every name of it, and no opinion is left."""
    issue, subject = FALSE[name][index]
    scene = Scene(subject, Library(load()))
    said = [each for each in understand(scene.library.hear(subject.raw), scene) if each.issue == issue]
    doubts = [doubt for doubt in DOUBTS if name_of(doubt) == name and issue in doubt.issues]
    held = [any(doubt.holds(each, n, scene) for doubt in doubts) for each in said for n in each.names or ("",)]

    assert held
    assert all(held)
    assert issue not in {opinion.issue for opinion in opinions(subject, load())}


TRUE = ["aws:SourceOrgID", "aws:ResourceOrgID", "aws:PrincipalIsAWSService", "aws:VpceOrgID", "aws:userid"]


@pytest.mark.parametrize("key", TRUE)
def test_global_keys_are_those_of_the_catalogue(key: str) -> None:
    """Keys newer than parliament are known to it, as texts or whatever they are."""
    operator, value = ("Bool", "true") if key.endswith("Service") else ("StringEquals", "x")

    assert set() == told(condition(operator, key, value))


FINE = [
    "arn:aws:iam::${aws:PrincipalAccount}:role/x",
    "arn:aws-us-gov:iam::123456789012:role/x",
    "arn:aws-cn:iam::123456789012:role/${aws:username}",
    "arn:aws:iam::123456789012:r?le/x",
    "arn:aws:iam::123456789012:r*",
]


@pytest.mark.parametrize("text", FINE)
def test_fine_arns_are_left_alone(text: str) -> None:
    """Variables, partitions and wildcards make neither an invalid ARN nor a mismatch."""
    assert set() == told(policy(statement(Action="iam:GetRole", Resource=text)))


GITHUB = "token.actions.githubusercontent.com"
SILENT: dict[str, tuple[PolicyKind, dict[str, Any]]] = {
    "a service's role": (
        PolicyKind.TRUST,
        {"Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole", "Resource": ...},
    ),
    "a role for GitHub": (
        PolicyKind.TRUST,
        {
            "Principal": {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{GITHUB}"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Resource": ...,
            "Condition": {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}},
        },
    ),
    "a bucket's policy on TLS": (
        PolicyKind.RESOURCE,
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}, "NumericLessThan": {"s3:TlsVersion": 1.2}},
        },
    ),
    "KMS's default": (
        PolicyKind.RESOURCE,
        {
            "Sid": "Enable IAM User Permissions",
            "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
            "Action": "kms:*",
            "Resource": "*",
        },
    ),
    "an API's policy": (
        PolicyKind.RESOURCE,
        {"Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/prod/*"},
    ),
    "CloudFront's old identity": (
        PolicyKind.RESOURCE,
        {"Principal": {"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}},
    ),
    "an SCP on regions": (
        PolicyKind.SCP,
        {
            "Effect": "Deny",
            "Action": ...,
            "NotAction": ["iam:*", "sts:*"],
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1"]}},
        },
    ),
    "an RCP on the organization": (
        PolicyKind.RCP,
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": "*",
            "Condition": {
                "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            },
        },
    ),
    "an endpoint's default": (PolicyKind.VPC_ENDPOINT, {"Principal": "*", "Action": "*", "Resource": "*"}),
    "a user's own keys": (
        PolicyKind.IDENTITY,
        {"Action": ["iam:*AccessKey*", "iam:GetUser"], "Resource": "arn:aws:iam::*:user/${aws:username}"},
    ),
    "a home in a bucket": (
        PolicyKind.IDENTITY,
        {
            "Action": "s3:ListBucket",
            "Resource": "arn:aws:s3:::b",
            "Condition": {"StringLike": {"s3:prefix": ["", "home/${aws:username}/*"]}},
        },
    ),
    "some of the resources of RunInstances": (
        PolicyKind.IDENTITY,
        {"Action": "ec2:RunInstances", "Resource": ["arn:aws:ec2:*::image/ami-*", "arn:aws:ec2:*:*:subnet/*"]},
    ),
}


@pytest.mark.parametrize("name", SILENT)
def test_customary_policies_are_left_alone(name: str) -> None:
    """Of policies as AWS's guides have them, of every kind, nothing is said at all."""
    kind, elements = SILENT[name]
    expected: tuple[Opinion, ...] = ()

    assert expected == opinions(policy(statement(**elements), kind=kind), load())


ODD: list[object] = [None, 1, True, [], {}, [None], [1], {"a": 1}, [[]], {"a": {"b": {"c": []}}}]
ELEMENTS = ("Action", "NotAction", "Resource", "NotResource", "Condition", "Principal", "NotPrincipal", "Sid", "Effect")


@pytest.mark.parametrize("element", ELEMENTS)
@pytest.mark.parametrize("value", ODD)
def test_an_odd_statement_costs_no_other(element: str, value: object) -> None:
    """Whatever stands in a statement, nothing is raised and the next statement is judged."""
    subject = policy(statement(**{element: value}), statement(Action="s4:x"))

    assert ("UNKNOWN_PREFIX", "/Statement/1/Action", "s4") in told(subject)


@pytest.mark.parametrize("raw", [*ODD, {"Statement": None}, {"Statement": [1, None]}, {"Version": [], "Statement": []}])
def test_an_odd_policy_is_survived(raw: object) -> None:
    """Whatever stands in place of a policy, there are only opinions."""
    assert all(opinion.issue in TITLES for opinion in opinions(Policy(raw), load()))


def test_what_parliament_raises_is_seen() -> None:
    """An exception of parliament's is an opinion at its statement, which no rule passes on."""
    issues = [(o.issue, o.at) for o in opinions(policy(statement(), statement(Sid=[1])), load())]

    assert issues == [("EXCEPTION", Pointer("/Statement/1"))]


ENDLESS = {
    "stars in a resource": policy(statement(Resource="arn:aws:s3:::" + "*a" * 3000 + "/b")),
    "marks in a resource": policy(statement(Action="ec2:*", Resource="arn:aws:ec2:*:*:" + "?a" * 3000)),
    "stars in an action": policy(statement(Action="s3:" + "*e" * 2000 + "*")),
    "colons before a line end": condition("ArnLike", "aws:SourceArn", "arn:" + ":" * 5000 + "\nx\n"),
    "digits in an address": condition("IpAddress", "aws:SourceIp", "1" * 5000 + "x"),
    "lists in lists": policy(statement(Action=json.loads("[" * 900 + "]" * 900))),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_hostile_input_comes_to_an_end(name: str) -> None:
    """What takes parliament hours takes no time here."""
    assert len(opinions(ENDLESS[name], load())) < 3


def test_overlap_is_that_of_the_engine() -> None:
    """For all short globs the shortcut and the search agree."""
    words = ["".join(w) for size in range(5) for w in itertools.product("ab*", repeat=size)]
    faults = [
        (one, other)
        for one, other in itertools.product(words, words)
        if one != "*" and match._overlap(one, other) != glob.overlap(one, other)
    ]

    assert faults == []


def test_titles_are_parliaments() -> None:
    """Every issue of parliament's configuration is known, but for the one about text that is not JSON."""
    spec = importlib.util.find_spec("parliament")
    assert spec
    assert spec.origin
    config = yaml.safe_load(Path(spec.origin).with_name("config.yaml").read_text())
    titles = {issue: row["title"] for issue, row in config.items() if issue != "MALFORMED_JSON"}

    assert set(titles) == set(TITLES)
    assert [issue for issue, title in TITLES.items() if not titles[issue].startswith(title)] == []


def test_every_issue_has_its_rule() -> None:
    """One rule for each issue that can arrive."""
    rules = [each for each in rules_of(iamlint_rules) if each.category == "parliament"]

    assert sorted(set(TITLES) - {"EXCEPTION"}) == sorted(issue for each in rules for issue in each.parliament)
    assert [f"IAM{901 + index}" for index in range(len(rules))] == sorted(each.code for each in rules)


ALONE = """
import sys
seen = []
sys.addaudithook(lambda event, args: event == "open" and seen.append((str(args[0]), args[1])))
{before}
from iamlint.bridges.parliament import opinions
from iamlint.catalog import load
from iamlint.policy import Policy
said = opinions(Policy({{"Statement": {{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}}}), load())
assert [o.issue for o in said] == ["NO_VERSION", "RESOURCE_STAR"], said
{after}
"""
ALONE_CASES = {
    "imports nothing that it does not need": (
        "",
        "names = {'boto3', 'yaml', 'pkg_resources', 'setuptools', 'parliament'} & set(sys.modules)\n"
        "assert not names, names",
    ),
    "reads no definitions and writes nothing": (
        "",
        "assert not [p for p, m in seen if 'iam_definition' in p or 'config.yaml' in p or m in ('w', 'a', 'x')], seen",
    ),
    "leaves another parliament alone": (
        "import types\nmine = sys.modules['parliament'] = types.ModuleType('parliament')\n"
        "mine.policy = sys.modules['parliament.policy'] = types.ModuleType('parliament.policy')",
        "assert sys.modules['parliament'] is mine and sys.modules['parliament.policy'] is mine.policy\n"
        "assert not [name for name in sys.modules if name == 'parliament.statement']",
    ),
    "leaves another pkg_resources and yaml alone": (
        "import types\nmine = [types.ModuleType('pkg_resources'), types.ModuleType('yaml')]\n"
        "sys.modules.update({m.__name__: m for m in mine})",
        "assert [sys.modules['pkg_resources'], sys.modules['yaml']] == mine",
    ),
}


@pytest.mark.parametrize("name", ALONE_CASES)
def test_nobody_notices(name: str, tmp_path: Path) -> None:
    """The bridge works alone in a fresh interpreter, compiled or not, and leaves no trace."""
    before, after = ALONE_CASES[name]
    code = ALONE.format(before=before, after=after)
    command = [sys.executable, "-W", "error", "-X", f"pycache_prefix={tmp_path}", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    expected = ("", "", 0)

    assert expected == (done.stdout, done.stderr, done.returncode)


def test_awss_own_policies() -> None:
    """In AWS's managed policies parliament raises nothing, and finds only what AWS's catalogue bears out."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data  # noqa: PLC0415 - slow

    documents = [row["Document"] for row in json.loads(aws_managed_policies_data).values()]
    expected = {
        "MISMATCHED_TYPE",
        "MISMATCHED_TYPE_BUT_USABLE",
        "RESOURCE_EFFECTIVELY_STAR",
        "RESOURCE_MISMATCH",
        "RESOURCE_POLICY_PRIVILEGE_ESCALATION",
        "RESOURCE_STAR",
        "UNKNOWN_ACTION",
        "UNKNOWN_CONDITION_FOR_ACTION",
        "UNKNOWN_PREFIX",
    }

    assert expected == {o.issue for document in documents for o in opinions(Policy(document), load())}
