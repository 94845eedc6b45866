"""Did you mean: plausible names, the likeliest first, and none at all where nothing is close."""

import pytest

from iamlint.catalog import Catalog, load


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("s3:GetObjekt", ("s3:GetObject",)),
        ("s3:getobjekt", ("s3:GetObject",)),
        ("iam:PasRole", ("iam:PassRole",)),
        ("ec2:ListInstances", ("ec2:DescribeInstances",)),
        ("s3:GetBucketPolicies", ("s3:GetBucketPolicy",)),
        ("dynamodb:ReadItem", ("dynamodb:GetItem",)),
        ("sts:AssumeRoles", ("sts:AssumeRole",)),
        ("s3:HeadObject", ("s3:GetObject",)),
        ("s3:get_object", ("s3:GetObject",)),
        ("lambda:Invoke", ("lambda:InvokeFunction",)),
        ("s3:RunInstances", ("ec2:RunInstances",)),
        ("RunInstances", ("ec2:RunInstances",)),
        ("s4:GetObject", ("s3:GetObject",)),
        ("cloudwatchlogs:PutLogEvent", ("logs:PutLogEvents",)),
        ("stepfunctions:StartExecution", ("states:StartExecution",)),
    ],
)
def test_nearest_actions(catalog: Catalog, name: str, expected: tuple[str, ...]) -> None:
    assert expected == catalog.nearest_actions(name)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("ec2:DescribeInstance", "ec2:DescribeInstances"),
        ("lambda:UpdateFunctionConfig", "lambda:UpdateFunctionConfiguration"),
        ("s3:ListObjects", "s3:ListBucket"),
        ("dynamodb:TransactWriteItems", "dynamodb:PutItem"),
    ],
)
def test_likeliest_action_comes_first(catalog: Catalog, name: str, first: str) -> None:
    assert first == catalog.nearest_actions(name)[0]


@pytest.mark.parametrize(
    "name",
    [
        "s3:Frobnicate",
        "s3:GetBucketFoo",
        "zzz:TagResource",
        "payments:Get",
        "s3:ListControls",
        "s3:",
        "x:y",
        ":",
        "",
        "*",
    ],
)
def test_nothing_close_gives_nothing(catalog: Catalog, name: str) -> None:
    assert catalog.nearest_actions(name) == ()


def test_limit_is_kept(catalog: Catalog) -> None:
    assert len(catalog.nearest_actions("dynamodb:TransactWriteItems", limit=2)) == 2


@pytest.mark.parametrize(
    ("prefix", "first"),
    [
        ("cloudwatchlogs", "logs"),
        ("stepfunctions", "states"),
        ("eventbridge", "events"),
        ("ses-v2", "ses"),
        ("apigatewayv2", "apigateway"),
        ("elb", "elasticloadbalancing"),
        ("efs", "elasticfilesystem"),
        ("ddb", "dynamodb"),
        ("opensearchservice", "es"),
        ("msk", "kafka"),
        ("AWS Step Functions", "states"),
        ("dynamdb", "dynamodb"),
        ("lamda", "lambda"),
        ("s33", "s3"),
        ("secretmanger", "secretsmanager"),
    ],
)
def test_nearest_services(catalog: Catalog, prefix: str, first: str) -> None:
    assert first == catalog.nearest_services(prefix)[0]


@pytest.mark.parametrize("prefix", ["zzz", "", "q9"])
def test_no_service_is_close(catalog: Catalog, prefix: str) -> None:
    assert catalog.nearest_services(prefix) == ()


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("aws:SourceIP2", "aws:SourceIp"),
        ("SourceIp", "aws:SourceIp"),
        ("s3:SourceIp", "aws:SourceIp"),
        ("aws:PrincipleArn", "aws:PrincipalArn"),
        ("aws:RequestTags/team", "aws:RequestTag/team"),
        ("s3:prefx", "s3:prefix"),
        ("token.actions.githubusercontent.com:repositry", "token.actions.githubusercontent.com:repository"),
        ("oidc.example.com:subj", "oidc.example.com:sub"),
    ],
)
def test_nearest_condition_keys(catalog: Catalog, name: str, first: str) -> None:
    assert first == catalog.nearest_condition_keys(name)[0]


def test_no_condition_key_is_close(catalog: Catalog) -> None:
    assert catalog.nearest_condition_keys("foo:bar") == ()
