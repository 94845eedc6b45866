"""Every path to more permissions: open when all its steps are granted, closed by whatever closes one of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from iamlint.catalog import load
from iamlint.policy import Policy, PolicyKind, Principal
from iamlint.registry import load_rules
from iamlint.rule import Context

PATHS: Mapping[str, Sequence[str]] = json.loads(Path(__file__).with_name("paths.json").read_text())
"""Paths by the names of pathfinding.cloud, Rhino Security Labs and Prowler, and the permissions that they need."""
RULES = [each for each in load_rules() if each.category == "escalation" and each.on is Principal]
NEVER = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}, "StringNotEquals": {"aws:RequestedRegion": "eu-*"}}
NEVER["StringNotLike"] = NEVER.pop("StringNotEquals")


def policy(*statements: Mapping[str, object], kind: PolicyKind = PolicyKind.IDENTITY) -> Policy:
    return Policy({"Version": "2012-10-17", "Statement": list(statements)}, kind)


def granting(actions: Iterable[str], **more: object) -> Policy:
    return policy({"Effect": "Allow", "Action": list(actions), "Resource": "*", **more})


def found(*policies: Policy, name: str = "") -> set[str]:
    """The names of the paths that are reported."""
    principal = Principal(name, policies)
    context = Context(load(), policies[0])
    causes = [finding.why for rule in RULES for finding in rule.check(principal, context)]
    return {word.strip(":;,") for why in causes for word in why.split()} & set(PATHS)


def is_open(path: str, *policies: Policy) -> bool:
    return path in found(*policies)


@pytest.mark.parametrize("path", PATHS)
def test_open(path: str) -> None:
    """Granted in several policies, or in one; and under a condition that a request can meet."""
    assert is_open(path, *(granting([action]) for action in PATHS[path]))
    assert is_open(path, granting(PATHS[path], Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}))


@pytest.mark.parametrize("path", PATHS)
def test_closed(path: str) -> None:
    """By a missing permission, a Deny, a boundary, or a condition that no request meets; whichever step it is about."""
    every = PATHS[path]
    for action in every:
        others = [each for each in every if each != action]
        denied = policy({"Effect": "Deny", "Action": action, "Resource": "*"})
        boundary = policy({"Effect": "Allow", "NotAction": action, "Resource": "*"}, kind=PolicyKind.BOUNDARY)
        assert not others or not is_open(path, granting(others))
        assert not is_open(path, granting(every), denied)
        assert not is_open(path, granting(every), boundary)
        assert not is_open(path, granting(others), granting([action], Condition=NEVER))


@pytest.mark.parametrize("kind", ["role", "user", "group"])
def test_own(kind: str) -> None:
    """A user cannot give itself a role's policy, nor a role a user's."""
    actions = ("iam:Put*", "iam:Attach*", "iam:AddUserToGroup")
    every = set().union(*(found(granting([action]), name=f"{kind}/somebody") for action in actions))

    assert ("iam-005" in every) == (kind == "role")
    assert ("iam-007" in every) == (kind != "role")
    assert ("iam-013" in every) == (kind != "role")


EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        ([EVERYTHING], False),
        ([EVERYTHING | {"Action": "*:*"}], False),
        ([EVERYTHING | {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}], False),
        ([EVERYTHING, {"Effect": "Deny", "Action": "cloudtrail:StopLogging", "Resource": "*"}], False),
        (
            [EVERYTHING, {"Effect": "Deny", "NotAction": "iam:EnableMFADevice", "Resource": "*", "Condition": MFA}],
            False,
        ),
        ([EVERYTHING, {"Effect": "Deny", "Action": "iam:AttachRolePolicy", "Resource": "*"}], True),
        ([EVERYTHING, {"Effect": "Deny", "NotAction": ["s3:*", "iam:Put*"], "Resource": "*"}], True),
    ],
)
def test_administrators(statements: Sequence[Mapping[str, object]], *, told: bool) -> None:
    """Who may do everything gains nothing, if only with a second factor; who is kept from IAM gains it back."""
    assert told == bool(found(policy(*statements)))


def test_who_has_iam() -> None:
    """All of IAM leads to everything, so nothing is said of the credentials and roles that it leads to as well."""
    every = found(granting(["iam:*", "lambda:*"]))

    assert "iam-005" in every
    assert not {"iam-002", "lambda-001", "lambda-003"} & every


def test_own_user_of_a_group() -> None:
    """Whoever is in a group and manages the keys of his own user takes over nobody."""
    own = policy(
        {"Effect": "Allow", "Action": "iam:CreateAccessKey", "Resource": "arn:aws:iam::*:user/${aws:username}"}
    )
    principal = Principal("group/all", (own,), arn="arn:aws:iam::111122223333:group/all")

    assert [] == [each for rule in RULES for each in rule.check(principal, Context(load(), own))]


def test_odd_arn() -> None:
    """What is listed under an ARN that is none is judged all the same."""
    keys = policy(
        {"Effect": "Allow", "Action": "iam:CreateAccessKey", "Resource": "arn:aws:iam::111122223333:user/app"}
    )
    principal = Principal("user/gina", (keys,), arn="gina:x")

    assert ["IAM306"] == [rule.code for rule in RULES for _ in rule.check(principal, Context(load(), keys))]


def test_scope_decides_severity() -> None:
    """The more roles may be passed, the more it weighs."""
    resources = ("*", "arn:aws:iam::111122223333:role/app-*", "arn:aws:iam::111122223333:role/app")
    launch = {"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*"}
    said = []
    for resource in resources:
        one = policy({"Effect": "Allow", "Action": "iam:PassRole", "Resource": resource}, launch)
        rule = next(each for each in RULES if each.name == "pass-role-with-compute")
        said += [finding.severity for finding in rule.check(Principal("", (one,)), Context(load(), one))]

    assert said == ["high", "medium", "low"]
