"""API operations and CLI commands are told apart from actions."""

import pytest

from iamlint.catalog import Catalog, load


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        ("s3:HeadObject", ("s3:GetObject",)),
        ("S3:headobject", ("s3:GetObject",)),
        ("s3:ListObjectsV2", ("s3:ListBucket",)),
        ("s3:ListBuckets", ("s3:ListAllMyBuckets",)),
        ("s3:CopyObject", ("s3:GetObject", "s3:PutObject")),
        ("s3:PutPublicAccessBlock", ("s3:PutBucketPublicAccessBlock",)),
        ("s3control:PutPublicAccessBlock", ("s3:PutAccountPublicAccessBlock",)),
        ("s3api head-object", ("s3:GetObject",)),
        ("aws s3api head-object", ("s3:GetObject",)),
        ("head-object", ("s3:GetObject",)),
        ("head_object", ("s3:GetObject",)),
        ("ec2 describe-instances", ("ec2:DescribeInstances",)),
        ("ec2:describe-instances", ("ec2:DescribeInstances",)),
        ("stepfunctions start-execution", ("states:StartExecution",)),
        ("kms:ReEncrypt", ("kms:ReEncryptFrom", "kms:ReEncryptTo")),
        ("lambda:Invoke", ("lambda:InvokeFunction",)),
        ("apigateway:CreateRestApi", ("apigateway:POST",)),
        ("apigatewayv2 get-apis", ("apigateway:GET",)),
        ("sqs:SendMessageBatch", ("sqs:SendMessage",)),
        ("dynamodb:TransactGetItems", ("dynamodb:GetItem",)),
        ("bedrock-runtime converse", ("bedrock:InvokeModel",)),
    ],
)
def test_operation_needs_actions(catalog: Catalog, name: str, actions: tuple[str, ...]) -> None:
    operation = catalog.operation(name)

    assert operation is not None
    assert actions == operation.actions


@pytest.mark.parametrize("name", ["s3:GetObject", "s3:PutObject", "s3:Nope", "nope:HeadObject", "s3:", "s3", ":", ""])
def test_action_or_unknown_name_is_no_operation(catalog: Catalog, name: str) -> None:
    assert catalog.operation(name) is None


def test_operation_tells_cases_and_places(catalog: Catalog) -> None:
    operation = catalog.operation("s3:CopyObject")

    assert operation is not None
    assert operation.conditional["kms:Decrypt"] == "the source is encrypted with SSE-KMS"
    assert operation.where["s3:GetObject"] == "source"


def test_requirements_cover_actions_too(catalog: Catalog) -> None:
    put, get = catalog.requirements("s3:PutObject"), catalog.requirements("sqs:SendMessage")

    assert put is not None
    assert get is not None
    assert put.actions == ("s3:PutObject",)
    assert "kms:GenerateDataKey" in put.conditional
    assert get.actions == ("sqs:SendMessage",)


def test_every_operation_names_existing_actions(catalog: Catalog) -> None:
    named = [
        action
        for _, actions, *cases in catalog.section("operations")
        for action in (*actions, *(name for case in cases for name in case))
    ]

    assert [name for name in named if catalog.action(name) is None] == []
