"""Misses: the element that fails, its place, and on what value, in words."""

import json
from pathlib import Path
from typing import Any

import pytest

from iamlint.engine import authorize, caller_of, read_case
from iamlint.engine.context import complete
from iamlint.engine.match import allows, applies
from iamlint.engine.misses import misses
from iamlint.engine.request import Policies, Request
from iamlint.policy import Policy, PolicyKind

ALICE = "arn:aws:iam::123456789012:user/alice"
KEY = "arn:aws:s3:::reports/2026/a.pdf"


def said(
    statement: dict[str, Any],
    *,
    action: str = "s3:GetObject",
    resource: str = KEY,
    kind: PolicyKind = PolicyKind.IDENTITY,
    **context: str,
) -> list[tuple[str, str, str]]:
    """What is said of a statement, with the rest of it filled in."""
    rest = {"Action": "s3:Get*", "Resource": "*"}
    made = {"Effect": "Allow"} | {key: v for key, v in rest.items() if f"Not{key}" not in statement} | statement
    policy = Policy({"Version": "2012-10-17", "Statement": made}, kind)
    given = {key.replace("_", ":").lower(): (value,) for key, value in context.items()}
    request = Request(action, resource, caller_of(ALICE), given)
    return [
        (miss.element, miss.at, miss.message)
        for miss in misses(policy.statements[0], policy, request, complete(request))
    ]


def condition(operator: str, key: str, values: object) -> dict[str, Any]:
    """A statement with one condition."""
    return {"Condition": {operator: {key: values}}}


def test_a_statement_that_applies_misses_nothing() -> None:
    """There is nothing to say."""
    assert [] == said({})


@pytest.mark.parametrize(
    ("statement", "element", "pointer", "message"),
    [
        ({"Action": "s3:Put*"}, "Action", "/Statement/Action", "`s3:GetObject` is not `s3:Put*`"),
        ({"Action": ["a:*", "b:*"]}, "Action", "/Statement/Action", "`s3:GetObject` is none of `a:*`, `b:*`"),
        (
            {"Action": ["a:*", "b:*", "c:*", "d:*", "e:*"]},
            "Action",
            "/Statement/Action",
            "`s3:GetObject` is none of `a:*`, `b:*`, `c:*`, 2 more",
        ),
        ({"Action": 5}, "Action", "/Statement/Action", "`s3:GetObject` is not named"),
        (
            {"NotAction": ["ec2:*", "S3:get*"]},
            "NotAction",
            "/Statement/NotAction/1",
            "`s3:GetObject` is excepted by `S3:get*`",
        ),
        ({"NotAction": 5}, "NotAction", "/Statement/NotAction", "holds no text"),
        (
            {"Resource": "arn:aws:s3:::other/*"},
            "Resource",
            "/Statement/Resource",
            f"`{KEY}` is not `arn:aws:s3:::other/*`",
        ),
        (
            {"NotResource": ["arn:aws:s3:::reports/*"]},
            "NotResource",
            "/Statement/NotResource/0",
            f"`{KEY}` is excepted by `arn:aws:s3:::reports/*`",
        ),
        (
            {"Resource": ["arn:aws:s3:::${aws:PrincipalTag/team}/*"]},
            "Resource",
            "/Statement/Resource/0",
            "`arn:aws:s3:::${aws:PrincipalTag/team}/*` needs a value of `aws:principaltag/team`, the request has none",
        ),
        ({"Condition": "none"}, "Condition", "/Statement/Condition", "cannot be read"),
    ],
)
def test_elements(statement: dict[str, Any], element: str, pointer: str, message: str) -> None:
    """One element misses, and says on what."""
    assert [(element, pointer, message)] == said(statement)


@pytest.mark.parametrize(
    ("operator", "key", "values", "message"),
    [
        ("Bool", "aws:SecureTransport", True, "needs `aws:SecureTransport` `true`, the request has none"),
        ("StringEquals", "aws:Who", ["a", "b"], "needs `aws:Who` `a` or `b`, the request has `me`"),
        ("StringNotEquals", "aws:Who", "me", "needs `aws:Who` other than `me`, the request has `me`"),
        ("StringLike", "aws:Who", "a*", "needs `aws:Who` like `a*`, the request has `me`"),
        ("StringEquals", "aws:Who", [], "needs `aws:Who` nothing, the request has `me`"),
        ("NumericLessThan", "s3:max-keys", 10, "needs `s3:max-keys` below `10`, the request has none"),
        ("DateGreaterThan", "aws:Day", "2026-01-01", "needs `aws:Day` after `2026-01-01`, the request has none"),
        ("NotIpAddress", "aws:Ip", "10.0.0.0/8", "needs `aws:Ip` outside `10.0.0.0/8`, the request has `10.1.2.3`"),
        ("Null", "aws:Who", "true", "needs `aws:Who` to be absent, the request has `me`"),
        ("Null", "aws:None", "false", "needs `aws:None` to be present, the request has none"),
        ("ForAllValues:StringEquals", "aws:Who", "a", "needs every `aws:Who` `a`, the request has `me`"),
        ("ForAnyValue:StringLike", "aws:Who", "a*", "needs some `aws:Who` like `a*`, the request has `me`"),
        ("StringEqual", "aws:Who", "me", "`StringEqual` is no operator"),
        ("NullIfExists", "aws:Who", "false", "`NullIfExists` never holds"),
    ],
)
def test_conditions(operator: str, key: str, values: object, message: str) -> None:
    """A condition says what it needs, and what the request has."""
    expected = [("Condition", f"/Statement/Condition/{operator}/{key}", message)]

    assert expected == said(condition(operator, key, values), aws_who="me", aws_ip="10.1.2.3")


def test_actions_without_resources() -> None:
    """They need the star, and are told so."""
    expected = [("Resource", "/Statement/Resource", "`s3:GetAll` works on no resource of its own and needs `*`")]

    assert expected == said({"Resource": "arn:aws:s3:::*"}, action="s3:GetAll", resource="*")


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            {"Principal": {"AWS": "999999999999"}},
            ("Principal", "/Statement/Principal", f"`{ALICE}` is not `999999999999`"),
        ),
        ({}, ("Principal", "/Statement", f"`{ALICE}` is not named")),
        ({"NotPrincipal": {"AWS": ALICE}}, ("NotPrincipal", "/Statement/NotPrincipal", f"`{ALICE}` is excepted")),
    ],
)
def test_principals(statement: dict[str, Any], expected: tuple[str, str, str]) -> None:
    """Only policies of resources have them."""
    assert [expected] == said(statement, kind=PolicyKind.RESOURCE)
    assert [] == said({key: value for key, value in statement.items() if key == "Principal"})


def test_the_order_is_the_grammar_s() -> None:
    """Principal, Action, Resource, Condition."""
    statement = condition("Bool", "aws:MultiFactorAuthPresent", "true") | {
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::other",
    }

    assert ["Principal", "Action", "Resource", "Condition"] == [
        element for element, _, _ in said(statement, kind=PolicyKind.RESOURCE)
    ]


def test_nearest_statements() -> None:
    """An implicit deny shows the statements that name the action before those that name another."""
    statements = [
        {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"},
        {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::other/*"},
        {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::third/*"},
    ]
    policy = Policy({"Version": "2012-10-17", "Statement": statements})
    decision = authorize(Request("s3:GetObject", KEY, caller_of(ALICE), {}), Policies((policy,)))

    assert [
        (f"no identity policy allows `s3:GetObject` on `{KEY}`", None, ()),
        ("nearly allows `s3:GetObject`", 1, (f"`{KEY}` is not `arn:aws:s3:::other/*`",)),
    ] == [
        (each.message, each.statement and each.statement.index, tuple(miss.message for miss in each.misses))
        for each in decision.because
    ]


def _cases() -> list[dict[str, Any]]:
    files = sorted(Path(__file__).parent.glob("*.json"))
    return [case for file in files for case in json.loads(file.read_text("utf-8"))]


def test_what_misses_nothing_applies() -> None:
    """Over all cases: a statement applies exactly where no element misses, and `allows` says the same."""
    seen = 0
    for case in _cases():
        request, policies = read_case(case)
        context = complete(request)
        for policy in (*policies.identity, *([policies.resource] if policies.resource else [])):
            applying = set()
            for statement in policy.statements:
                found = misses(statement, policy, request, context)
                assert applies(statement, policy, request, context) is not bool(found), case["name"]
                assert all(miss.message and miss.at.within(statement.at) for miss in found)
                seen += 1
                if not found:
                    applying.add(statement.effect)
            assert (applying == {"Allow"}) is allows([policy], request, context), case["name"]

    assert seen > 400
