"""Where all principals of an account are known, only roles that trust who would act as them count."""

import pytest

from iamlint.catalog import load
from iamlint.policy import Account, Attachment, Policy, PolicyKind, Principal
from iamlint.registry import find, load_rules
from iamlint.rule import Context, Finding, Severity

ACCOUNT = "111122223333"


def arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:{name}"


def policy(*statements: dict[str, object], kind: PolicyKind = PolicyKind.IDENTITY) -> Policy:
    return Policy({"Version": "2012-10-17", "Statement": list(statements)}, kind)


def role(name: str, principal: object) -> Principal:
    trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return Principal(f"role/{name}", (), policy(trust, kind=PolicyKind.TRUST), arn=arn(f"role/{name}"))


def findings(rule: str, principal: Principal, *others: Principal) -> list[Finding]:
    account = Account((principal, *others), principal.policies)
    context = Context(load(), principal.policies[0], account=account)
    return list(find(load_rules(), rule).check(principal, context))


def holding(name: str, *actions: str, resource: object = "*") -> Principal:
    granted = policy({"Effect": "Allow", "Action": list(actions), "Resource": resource})
    return Principal(name, (granted,), arn=arn(name))


@pytest.mark.parametrize(
    ("principal", "is_open"),
    [
        ({"Service": "lambda.amazonaws.com"}, True),
        ({"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]}, True),
        ({"Service": "ec2.amazonaws.com"}, False),
        ({"AWS": ACCOUNT}, False),
        ("*", True),
    ],
)
def test_roles_that_trust_the_service(principal: object, *, is_open: bool) -> None:
    deployer = holding("user/deployer", "iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction")
    found = findings("pass-role-with-compute", deployer, role("app", principal))

    assert [finding.message.startswith("`iam:PassRole` with") for finding in found] == [True] * is_open
    assert all(arn("role/app") in finding.why for finding in found)


@pytest.mark.parametrize(
    ("principal", "is_open"),
    [
        ({"AWS": ACCOUNT}, True),
        ({"AWS": arn("root")}, True),
        ({"AWS": arn("user/alice")}, True),
        ({"AWS": arn("user/bob")}, False),
        ({"Service": "ec2.amazonaws.com"}, False),
    ],
)
def test_roles_that_trust_the_caller(principal: object, *, is_open: bool) -> None:
    """By way of a role that is given more and then assumed; one that would let nobody in is tried in vain."""
    alice = holding("user/alice", "iam:PutRolePolicy", "sts:AssumeRole")
    found = findings("policy-takeover", alice, role("shut", {"Service": "ec2.amazonaws.com"}), role("app", principal))

    assert [finding.why.startswith("iam-017") for finding in found] == [True] * is_open


def test_own_role_and_own_keys_are_no_gain() -> None:
    own = holding("user/alice", "iam:CreateAccessKey", "iam:UpdateLoginProfile", resource=arn("user/alice"))

    assert findings("credential-takeover", own) == []


def test_own_policy_is_the_attached_one() -> None:
    """Another policy than those attached is not the holder's own."""
    mine, theirs = arn("policy/mine"), arn("policy/theirs")
    alice = holding("user/alice", "iam:CreatePolicyVersion", resource=theirs)
    assert findings("policy-takeover", alice) == []

    alice = holding("user/alice", "iam:CreatePolicyVersion", resource=mine)
    found = findings("policy-takeover", alice._replace(attached=(Attachment("mine", mine),)))
    assert [finding.severity for finding in found] == [Severity.HIGH]
