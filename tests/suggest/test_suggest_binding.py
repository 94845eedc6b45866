"""Which action goes on which resource, and what is said where they do not go together."""

from typing import Any

import pytest

import iamlint.suggest
from iamlint.errors import IamlintError
from iamlint.suggest import Suggestion, suggest
from iamlint.suggest.grant import Grant, check, policy_of

B = "arn:aws:s3:::b"
EC2 = "arn:aws:ec2:us-east-1:111122223333"
TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/t"
LOGS = "arn:aws:logs:us-east-1:111122223333:log-group:app"


def pairs(suggestion: Suggestion) -> set[tuple[str, str]]:
    found = set()
    for statement in suggestion.policy["Statement"]:
        actions, resources = statement["Action"], statement["Resource"]
        for action in [actions] if isinstance(actions, str) else actions:
            for resource in [resources] if isinstance(resources, str) else resources:
                found.add((action, resource))
    return found


BINDINGS: list[tuple[list[str], list[str], set[tuple[str, str]]]] = [
    (["s3:GetObject"], [f"{B}/*"], {("s3:GetObject", f"{B}/*")}),
    (["s3:getobject", "S3:GETOBJECT"], [f"{B}/*", f"{B}/*"], {("s3:GetObject", f"{B}/*")}),
    (["s3:GetObject", "s3:ListBucket"], [B, f"{B}/*"], {("s3:GetObject", f"{B}/*"), ("s3:ListBucket", B)}),
    (["s3api head-object"], [f"{B}/k"], {("s3:GetObject", f"{B}/k")}),
    (["s3:ListObjectsV2", "s3:HeadBucket"], [B], {("s3:ListBucket", B)}),
    (["s3:ListAllMyBuckets"], [], {("s3:ListAllMyBuckets", "*")}),
    (["s3:ListAllMyBuckets"], ["*"], {("s3:ListAllMyBuckets", "*")}),
    (
        ["ec2:DescribeInstances", "s3:GetObject"],
        [f"{B}/*"],
        {("ec2:DescribeInstances", "*"), ("s3:GetObject", f"{B}/*")},
    ),
    (["s3:CopyObject"], [f"{B}/*"], {("s3:GetObject", f"{B}/*"), ("s3:PutObject", f"{B}/*")}),
    (
        ["dynamodb:Query"],
        [TABLE, f"{TABLE}/index/*"],
        {("dynamodb:Query", TABLE), ("dynamodb:Query", f"{TABLE}/index/*")},
    ),
    (["logs:PutLogEvents"], [f"{LOGS}:*"], {("logs:PutLogEvents", f"{LOGS}:*")}),
    (["s3:GetObject"], ["arn:aws-cn:s3:::b/*"], {("s3:GetObject", "arn:aws-cn:s3:::b/*")}),
    (["s3:GetObject"], [f"{B}/${{aws:username}}/*"], {("s3:GetObject", f"{B}/${{aws:username}}/*")}),
    (["s3:*ObjectTorrent"], [f"{B}/*"], {("s3:GetObjectTorrent", f"{B}/*")}),
]


@pytest.mark.parametrize(("actions", "resources", "expected"), BINDINGS)
def test_each_action_is_on_what_it_works_on(
    actions: list[str], resources: list[str], expected: set[tuple[str, str]]
) -> None:
    assert pairs(suggest(actions, resources)) == expected


REFUSALS: list[tuple[dict[str, Any], str, str]] = [
    ({"actions": ["s3:GetObject"]}, "`--resource` is missing", "arn:aws:s3:::${BucketName}/${ObjectName}"),
    ({"actions": ["s3:GetObject"], "resources": [B]}, f"`s3:GetObject` works on objects: `{B}/*`", f"'{B}/*'"),
    ({"actions": ["s3:ListBucket"], "resources": [f"{B}/*"]}, f"`s3:ListBucket` works on buckets: `{B}`", f"'{B}'"),
    ({"actions": ["s3:ListBucket"], "resources": [f"{B}/"]}, f"`s3:ListBucket` works on buckets: `{B}`", f"'{B}'"),
    ({"actions": ["s3:GetObject"], "resources": ["*"]}, "`*` is no resource to give for `s3:GetObject`", "name the"),
    ({"actions": ["s3:GetObject"], "resources": ["**"]}, "`*` is no resource to give for `s3:GetObject`", "name the"),
    ({"actions": ["s3:GetObject"], "resources": [f"{B}/*", B]}, f"no asked action works on `{B}`", "leave it out"),
    ({"actions": ["s3:ListAllMyBuckets"], "resources": [B]}, "AWS allows nothing narrower", "leave `--resource` out"),
    ({"actions": ["s3:GetObjct"], "resources": [f"{B}/*"]}, "no action `s3:GetObjct`", "did you mean `s3:GetObject`"),
    ({"actions": ["s33:GetObject"], "resources": [f"{B}/*"]}, "no service `s33`", "did you mean `s3:GetObject`"),
    ({"actions": ["GetObject"], "resources": [f"{B}/*"]}, "`GetObject` names no service", "s3:GetObject"),
    (
        {"actions": ["s3api head-objct"], "resources": [f"{B}/*"]},
        "no command or operation `s3api head-objct`",
        "GetObject",
    ),
    ({"actions": ["*"], "resources": [f"{B}/*"]}, "`*` names no single service", "s3:Get*"),
    ({"actions": ["s3:Nope*"], "resources": [f"{B}/*"]}, "no action matches `s3:Nope*`", "s3:*"),
    ({"actions": ["s3:Get*"]}, "`--resource` is missing", "add `--resource ARN`"),
    ({"actions": ["dynamodb:*"], "resources": [f"{B}/*"]}, "no action that `dynamodb:*` matches", "the first"),
    ({"actions": ["s3:PutObject*Acl"], "resources": [f"{B}/*"]}, "changes permissions", "name the ones"),
    (
        {"actions": ["s3:CopyObject"], "resources": [f"{B}/*", f"{B}2/*"]},
        "works on two places",
        "`s3:GetObject` on the source",
    ),
    ({"actions": ["s3:GetObject"], "resources": ["b/*"]}, "`b/*` is no ARN", "six fields"),
    ({"actions": ["s3:GetObject"], "resources": [f"{B}/a\n"]}, "is no ARN", "six fields"),
    ({"actions": ["s3:GetObject"], "resources": [f"{B}/${{x"]}, "a variable that does not end", "close it"),
    ({"actions": ["iam:GetRole"], "resources": ["arn:aws:iam::123:role/x"]}, "`123` is no account", "12 digits"),
    ({"actions": ["s3:GetObject"], "resources": ["arn:aws:*:::b/*"]}, "names no service", "third field"),
    ({"actions": ["s3:GetObject"], "resources": ["arn:asw:s3:::b/*"]}, "no partition `asw`", "aws"),
    ({}, "`--actions` is missing", "--resource"),
    ({"access": ["read"]}, "`--bucket` is missing", "--template"),
    ({"bucket": "bbb"}, "`--access` is missing", "list, read, write"),
    ({"access": ["reed"], "bucket": "bbb"}, "no access `reed`", "read"),
    ({"access": ["read"], "bucket": "Bad_Name"}, "is no bucket's name", "lower-case"),
    ({"access": ["read"], "bucket": "a..b"}, "is no bucket's name", "two dots"),
    ({"access": ["read"], "bucket": "192.168.0.1"}, "is no bucket's name", "IP address"),
    ({"access": ["read"], "bucket": "s3://bbb/x"}, "it is a URL", "--bucket bbb --prefix x"),
    ({"access": ["read"], "bucket": "bbb--use1-az4--x-s3"}, "directory bucket", "s3express:CreateSession"),
    ({"access": ["read"], "bucket": "bbb", "prefixes": ["a/"], "keys": ["b"]}, "exclude each other", "each by itself"),
    ({"access": ["read"], "bucket": "bbb", "prefixes": [""]}, "names no folder", "leave `--prefix` out"),
    ({"access": ["read"], "bucket": "bbb", "keys": ["a/"]}, "names no single object", "--prefix"),
    ({"access": ["read"], "bucket": "bbb", "workload": "vax"}, "`--for` cannot be `vax`", "ec2"),
    ({"access": ["read"], "bucket": "bbb", "account": "123"}, "`123` is no account", "12 digits"),
    ({"access": ["read"], "bucket": "bbb", "partition": "asw"}, "no partition `asw`", "aws-cn"),
    ({"access": ["read"], "bucket": "bbb", "role_name": "a/b"}, "no role's name", "without a path"),
    ({"actions": ["s3:GetObject"], "resources": [f"{B}/*"], "prefixes": ["x"]}, "`--prefix` needs `--access`", "read"),
]


@pytest.mark.parametrize(("wish", "message", "help_"), REFUSALS)
def test_what_cannot_be_done_is_said_with_the_remedy(wish: dict[str, Any], message: str, help_: str) -> None:
    with pytest.raises(IamlintError) as caught:
        suggest(**wish)

    assert message in caught.value.message
    assert help_ in caught.value.help


def test_a_pattern_brings_no_permissions_management_in() -> None:
    suggestion = suggest(["s3:Put*"], [B])

    named = {action for action, _ in pairs(suggestion)}
    assert "s3:PutBucketTagging" in named
    assert "s3:PutBucketPolicy" not in named
    assert any("left out" in line and "s3:PutBucketPolicy" in line for line in suggestion.explanation)
    assert any("s3:PutBucketPolicy" in line for line in suggestion.questions)


def test_permissions_management_comes_in_by_name() -> None:
    suggestion = suggest(["s3:Put*", "s3:PutBucketPolicy"], [B])

    assert ("s3:PutBucketPolicy", B) in pairs(suggestion)


def test_a_pattern_on_star_takes_only_what_aws_allows_nothing_narrower_for() -> None:
    suggestion = suggest(["s3:List*"], ["*"])

    assert ("s3:ListAllMyBuckets", "*") in pairs(suggestion)
    assert "s3:ListBucket" not in {action for action, _ in pairs(suggestion)}


def test_dependent_actions_are_asked_about_and_not_granted() -> None:
    suggestion = suggest(["ec2:RunInstances"], [f"{EC2}:instance/*"])

    assert pairs(suggestion) == {("ec2:RunInstances", f"{EC2}:instance/*")}
    assert any("`iam:PassRole`" in question for question in suggestion.questions)
    assert any("subnets" in question for question in suggestion.questions)
    assert any("draft had" in line and "iam:PassRole" in line for line in suggestion.explanation)


def test_a_template_marks_its_placeholders() -> None:
    suggestion = suggest(["iam:PassRole"], template=True, account="111122223333")

    assert pairs(suggestion) == {("iam:PassRole", "arn:${Partition}:iam::111122223333:role/${RoleNameWithPath}")}
    assert suggestion.placeholders == ("${Partition}", "${RoleNameWithPath}")


def test_a_prefix_ends_with_a_slash_and_that_is_said() -> None:
    suggestion = suggest(access=["read"], bucket="bbb", prefixes=["reports"])

    assert pairs(suggestion) == {("s3:GetObject", "arn:aws:s3:::bbb/reports/*")}
    assert any("`reports` is taken as `reports/`" in line for line in suggestion.explanation)


def test_without_an_account_the_deployer_passes_the_role_of_their_own() -> None:
    suggestion = suggest(access=["read"], bucket="bbb", workload="ec2")

    assert suggestion.role is not None
    assert suggestion.role.deployer_policy["Statement"][0]["Resource"] == "arn:aws:iam::*:role/app-role"
    assert any("`--account`" in line for line in suggestion.explanation)


def test_what_names_everything_is_asked_about() -> None:
    assert any(
        "names every resource" in question for question in suggest(["s3:ListBucket"], ["arn:aws:s3:::*"]).questions
    )


def test_an_option_without_effect_is_told() -> None:
    suggestion = suggest(["s3:ListAllMyBuckets"], account="111122223333")

    assert any("`--account` changes nothing" in line for line in suggestion.explanation)


def test_the_order_of_what_is_asked_changes_no_set_and_the_same_wish_gives_the_same_text() -> None:
    wish = ["s3:PutObject", "s3:GetObject", "s3:Get*"]

    assert suggest(wish, [f"{B}/b", f"{B}/a"]).policy == suggest(wish, [f"{B}/a", f"{B}/b"]).policy
    assert pairs(suggest(wish, [f"{B}/*"])) == pairs(suggest(wish[::-1], [f"{B}/*"]))


def test_the_package_can_be_called() -> None:
    assert iamlint.suggest(actions=["s3:ListAllMyBuckets"]).policy["Version"] == "2012-10-17"


GRANT = Grant("s3:GetObject", f"{B}/*", (), "Read")


@pytest.mark.parametrize(
    "wrong",
    [
        Grant("s3:Get*", f"{B}/*"),
        Grant("s3:GetObject", "*"),
        Grant("s3:PutObject", f"{B}/*"),
        Grant("s3:GetObject", f"{B}/*", (("StringLike", "s3:prefix", ("x/*",)),)),
    ],
)
def test_reading_back_refuses_what_differs(wrong: Grant) -> None:
    check(policy_of([GRANT]), [GRANT])

    with pytest.raises(AssertionError):
        check(policy_of([wrong]), [GRANT])
    with pytest.raises(AssertionError):
        check(policy_of([GRANT, wrong._replace(label="Other")]), [GRANT])
