"""AWS's IAM, as moto plays it, takes every document that is suggested."""

import json
from typing import Any

import pytest

from iamlint.suggest import suggest

boto3 = pytest.importorskip("boto3")
moto = pytest.importorskip("moto")

WISHES: list[dict[str, Any]] = [
    {"access": ["list", "read"], "bucket": "amzn-s3-demo-bucket", "prefixes": ["reports/"]},
    {"access": ["list", "read", "write", "delete", "tag"], "bucket": "amzn-s3-demo-bucket"},
    {"access": ["list", "read"], "bucket": "amzn-s3-demo-bucket", "keys": ["a*b/${c}"]},
    {"actions": ["s3:Get*", "ec2:DescribeInstances"], "resources": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]},
    {"actions": ["s3:ListBuckets"]},
]


@pytest.fixture
def iam(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with moto.mock_aws():
        yield boto3.client("iam", region_name="us-east-1")


@pytest.mark.parametrize("wish", WISHES)
def test_a_role_is_made_of_what_is_suggested(iam: Any, wish: dict[str, Any]) -> None:
    suggestion = suggest(**wish, workload="ec2", account="111122223333")
    role = suggestion.role
    assert role is not None

    created = iam.create_policy(PolicyName="permissions", PolicyDocument=json.dumps(suggestion.policy))
    iam.create_policy(PolicyName="deployer", PolicyDocument=json.dumps(role.deployer_policy))
    iam.create_role(RoleName=role.name, AssumeRolePolicyDocument=json.dumps(role.trust_policy))
    iam.attach_role_policy(RoleName=role.name, PolicyArn=created["Policy"]["Arn"])
    iam.create_instance_profile(InstanceProfileName=role.instance_profile["name"])
    for name in role.instance_profile["roles"]:
        iam.add_role_to_instance_profile(InstanceProfileName=role.instance_profile["name"], RoleName=name)

    profile = iam.get_instance_profile(InstanceProfileName=role.name)["InstanceProfile"]
    assert [each["RoleName"] for each in profile["Roles"]] == [role.name]
    assert iam.get_role(RoleName=role.name)["Role"]["AssumeRolePolicyDocument"] == role.trust_policy
