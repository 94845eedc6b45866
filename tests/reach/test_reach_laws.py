"""What is seen at once is what the engine proves, and every request that is told is one the definition allows."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from iamlint.catalog import load
from iamlint.engine.authorize import authorize
from iamlint.engine.caller import caller_of
from iamlint.engine.decision import Outcome
from iamlint.engine.request import Policies, Request
from iamlint.policy import Policy, Principal
from iamlint.reach import Holder, Step
from iamlint.reach.plain import Answer, look
from iamlint.reach.proof import prove

ROLES, USERS = ("arn:*:iam::????????????:role/*",), ("arn:*:iam::????????????:user/*",)
PASSED = ("StringEquals", "iam:PassedToService", ("ec2.amazonaws.com",))
ATTACHED = ("ArnEquals", "iam:PolicyARN", ("arn:aws:iam::aws:policy/AdministratorAccess",))
UNBOUND = ("Null", "iam:PermissionsBoundary", ("true",))

STEPS = st.sampled_from(
    [
        Step("iam:PassRole", ROLES, (PASSED,)),
        Step("iam:AttachRolePolicy", ROLES, (ATTACHED, UNBOUND)),
        Step("iam:CreateAccessKey", USERS, others=True),
        Step("sts:AssumeRole", ROLES, others=True),
        Step("ec2:RunInstances"),
        Step("lambda:UpdateFunctionCode"),
        Step("cloudformation:CreateStack"),
        Step("ssm:StartSession"),
    ]
)
RESOURCES = st.sampled_from(
    [
        "*",
        "arn:aws:iam::*:role/*",
        "arn:aws:iam::111122223333:role/app-*",
        "arn:aws:iam::111122223333:role/app",
        "arn:aws:iam::*:role/aws-service-role/*",
        "arn:aws:iam::aws:policy/*",
        "arn:aws:iam::*:user/${aws:username}",
        "arn:aws:iam::111122223333:user/*",
        "arn:*:iam::*:*",
        "arn:aws:ec2:*:*:instance/*",
        "arn:aws:ec2:eu-*:111122223333:*/*",
        "arn:aws:lambda:*:*:function:app-*",
        "arn:aws:lambda:eu-west-1:111122223333:function:?",
        "arn:aws:cloudformation:*:*:stack/app-*",
        "arn:aws:cloudformation:*:*:stack/app-*/*",
        "arn:aws:ssm:*::document/AWS-*",
        "arn:aws:s3:::b/*",
    ]
)
ACTIONS = st.sampled_from(
    [
        "*",
        "iam:*",
        "iam:PassRole",
        "iam:Attach*",
        "iam:CreateAccessKey",
        "sts:*",
        "ec2:Run*",
        "lambda:Update*",
        "cloudformation:*",
        "ssm:StartSession",
    ]
)
KEYS = {
    "iam:PassedToService": ["ec2.amazonaws.com", "lambda.amazonaws.com", "ec2.*", "*"],
    "iam:PolicyARN": ["arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/*Read*", "*"],
    "iam:PermissionsBoundary": ["arn:aws:iam::111122223333:policy/b", "*"],
    "aws:RequestedRegion": ["eu-west-1", "eu-*"],
    "aws:ResourceTag/team": ["a", "${aws:PrincipalTag/team}"],
    "aws:ResourceAccount": ["${aws:PrincipalAccount}", "111122223333"],
    "aws:PrincipalType": ["User", "Service"],
    "aws:CalledVia": ["cloudformation.amazonaws.com"],
}
OPERATORS = [
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "StringEqualsIfExists",
    "ArnLike",
    "ArnEquals",
    "ForAnyValue:StringEquals",
    "ForAllValues:StringLike",
]
NULLS = st.dictionaries(st.sampled_from(list(KEYS)), st.sampled_from(["true", "false"]), min_size=1, max_size=2)
TESTS = st.sampled_from(list(KEYS)).flatmap(
    lambda key: st.fixed_dictionaries({key: st.lists(st.sampled_from(KEYS[key]), min_size=1, max_size=2)})
)
CONDITIONS = st.one_of(
    st.none(),
    st.dictionaries(st.sampled_from(OPERATORS), TESTS, min_size=1, max_size=2),
    st.fixed_dictionaries({"Null": NULLS}),
)
STATEMENTS = st.builds(
    lambda actions, resources, condition: {
        "Effect": "Allow",
        "Action": actions,
        "Resource": resources,
        **({"Condition": condition} if condition else {}),
    },
    st.lists(ACTIONS, min_size=1, max_size=2),
    st.lists(RESOURCES, min_size=1, max_size=2),
    CONDITIONS,
)


def policy(*statements: Mapping[str, object]) -> Policy:
    return Policy({"Version": "2012-10-17", "Statement": list(statements)})


@settings(max_examples=300, deadline=None)
@given(STATEMENTS, STEPS)
def test_a_look_is_a_proof(statement: Mapping[str, object], step: Step) -> None:
    """Open is open and closed is closed; what a look leaves undecided is nobody's claim, an administrator no step."""
    one = policy(statement)
    holder = Holder(Principal("", (one,)), load())
    meant = holder.meant(step)
    if not one.statements[0].applies_to_action(step.action) or holder.whole:
        assert holder.way(step) is None
        return
    answer = look(one.statements[0], meant, "")
    if answer is not Answer.UNDECIDED:
        assert (answer is Answer.CLOSED) == (prove(holder, meant) is None), (answer, prove(holder, meant))


@settings(max_examples=150, deadline=None)
@given(st.lists(STATEMENTS, min_size=1, max_size=2), STEPS)
def test_what_is_told_is_allowed(statements: list[Mapping[str, object]], step: Step) -> None:
    """The request of a way is allowed by the definition, for some role or user; circumstances apart, if limited."""
    every = policy(*statements)
    way = Holder(Principal("", (every,)), load()).way(step)
    if way is None or way.is_limited:
        return
    account = way.resource.split(":")[4] if way.resource.count(":") > 4 else "123456789012"
    context = {key.lower(): values for operator, key, values in step.where if operator != "Null"}
    callers = (
        caller_of(f"arn:aws:iam::{account or '123456789012'}:{name}") for name in ("role/someone", "user/someone")
    )
    requests = (Request(way.action, way.resource, caller, context) for caller in callers)
    assert Outcome.ALLOW in {authorize(each, Policies((every,))).outcome for each in requests}, way
