"""Scenarios of an EC2 instance that uses S3, held against requests by an evaluator that knows none of our code."""

import re
from typing import Any

import pytest

import iamlint.suggest.suggestion as line

B = "arn:aws:s3:::amzn-s3-demo-bucket"
OTHER = "arn:aws:s3:::not-amzn-s3-demo-bucket"
Request = tuple[str, str, str | None]


def _glob(pattern: str, text: str) -> bool:
    parts = re.split(r"(\$\{[*?$]\}|\*|\?)", pattern)
    meaning = {"*": ".*", "?": "."}
    literal = (meaning.get(part) or re.escape(part[2] if part[:2] == "${" else part) for part in parts)
    return re.fullmatch("".join(literal), text, re.DOTALL) is not None


def _compare(operator: str, value: str, text: str) -> bool:
    """StringEquals knows no wildcards, but it does know the escapes of them."""
    if operator == "StringEquals":
        return re.sub(r"\$\{([*?$])\}", r"\1", value) == text
    return _glob(value, text)


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _meets(condition: dict[str, Any], prefix: str | None) -> bool:
    for operator, keys in condition.items():
        for key, values in keys.items():
            assert key == "s3:prefix"
            assert operator in {"StringLike", "StringEquals"}
            if prefix is None or not any(_compare(operator, value, prefix) for value in _list(values)):
                return False
    return True


def allows(policy: dict[str, Any], request: Request) -> bool:
    action, resource, prefix = request
    return any(
        statement["Effect"] == "Allow"
        and action in _list(statement["Action"])
        and any(_glob(pattern, resource) for pattern in _list(statement["Resource"]))
        and _meets(statement.get("Condition", {}), prefix)
        for statement in policy["Statement"]
    )


SCENARIOS: dict[str, tuple[dict[str, Any], list[Request], list[Request]]] = {
    "read-one-object": (
        {"access": ["read"], "bucket": "amzn-s3-demo-bucket", "keys": ["config/app.json"]},
        [("s3:GetObject", f"{B}/config/app.json", None)],
        [
            ("s3:GetObject", f"{B}/config/other.json", None),
            ("s3:GetObjectVersion", f"{B}/config/app.json", None),
            ("s3:ListBucket", B, ""),
            ("s3:PutObject", f"{B}/config/app.json", None),
            ("s3:GetObjectAcl", f"{B}/config/app.json", None),
            ("s3:GetObject", f"{OTHER}/config/app.json", None),
        ],
    ),
    "read-prefix": (
        {"access": ["read"], "bucket": "amzn-s3-demo-bucket", "prefixes": ["reports/"]},
        [("s3:GetObject", f"{B}/reports/2026/a.csv", None)],
        [
            ("s3:GetObject", f"{B}/reports-private/x", None),
            ("s3:GetObject", f"{B}/secret", None),
            ("s3:ListBucket", B, "reports/"),
            ("s3:GetObject", f"{B}/reports-sibling/x", None),
            ("s3:GetObject", f"{OTHER}/reports/x", None),
        ],
    ),
    "list-and-read-prefix": (
        {"access": ["list", "read"], "bucket": "amzn-s3-demo-bucket", "prefixes": ["reports/"]},
        [
            ("s3:ListBucket", B, "reports/"),
            ("s3:ListBucket", B, "reports/2026/"),
            ("s3:GetObject", f"{B}/reports/a", None),
        ],
        [
            ("s3:ListBucket", B, None),
            ("s3:ListBucket", B, ""),
            ("s3:ListBucket", B, "other/"),
            ("s3:ListBucket", B, "reports-sibling/"),
            ("s3:GetObject", f"{B}/other/a", None),
            ("s3:ListBucketVersions", B, "reports/"),
            ("s3:PutObject", f"{B}/reports/a", None),
            ("s3:ListBucket", OTHER, "reports/"),
            ("s3:GetObject", f"{B}/reports-sibling/x", None),
            ("s3:GetObject", f"{OTHER}/reports/x", None),
        ],
    ),
    "list-whole-bucket": (
        {"access": ["list"], "bucket": "amzn-s3-demo-bucket"},
        [("s3:ListBucket", B, None), ("s3:ListBucket", B, "x/")],
        [
            ("s3:GetObject", f"{B}/x", None),
            ("s3:ListBucket", "arn:aws:s3:::other", None),
            ("s3:ListAllMyBuckets", "*", None),
            ("s3:ListBucket", OTHER, None),
        ],
    ),
    "upload-single": (
        {"access": ["write"], "bucket": "amzn-s3-demo-bucket", "prefixes": ["uploads/"], "multipart": False},
        [("s3:PutObject", f"{B}/uploads/x", None)],
        [
            ("s3:GetObject", f"{B}/uploads/x", None),
            ("s3:DeleteObject", f"{B}/uploads/x", None),
            ("s3:AbortMultipartUpload", f"{B}/uploads/x", None),
            ("s3:PutObjectAcl", f"{B}/uploads/x", None),
            ("s3:PutObject", f"{B}/reports/x", None),
            ("s3:ListBucket", B, None),
            ("s3:PutObject", f"{B}/uploads-sibling/x", None),
            ("s3:PutObject", f"{OTHER}/uploads/x", None),
        ],
    ),
    "upload-multipart": (
        {"access": ["write"], "bucket": "amzn-s3-demo-bucket", "prefixes": ["uploads/"]},
        [("s3:PutObject", f"{B}/uploads/x", None), ("s3:AbortMultipartUpload", f"{B}/uploads/x", None)],
        [
            ("s3:GetObject", f"{B}/uploads/x", None),
            ("s3:ListBucketMultipartUploads", B, None),
            ("s3:DeleteObject", f"{B}/uploads/x", None),
            ("s3:PutObject", f"{B}/uploads-sibling/x", None),
            ("s3:AbortMultipartUpload", f"{B}/uploads-sibling/x", None),
            ("s3:PutObject", f"{OTHER}/uploads/x", None),
        ],
    ),
    "sync-up": (
        {"access": ["write", "list"], "bucket": "amzn-s3-demo-bucket", "prefixes": ["reports/"]},
        [("s3:ListBucket", B, "reports/"), ("s3:PutObject", f"{B}/reports/a", None)],
        [
            ("s3:GetObject", f"{B}/reports/a", None),
            ("s3:DeleteObject", f"{B}/reports/a", None),
            ("s3:ListBucket", B, "zzz-outside/"),
            ("s3:ListBucket", OTHER, "reports/"),
            ("s3:PutObject", f"{B}/reports-sibling/x", None),
        ],
    ),
    "delete": (
        {"access": ["delete"], "bucket": "amzn-s3-demo-bucket", "prefixes": ["tmp/"]},
        [("s3:DeleteObject", f"{B}/tmp/x", None)],
        [
            ("s3:DeleteObjectVersion", f"{B}/tmp/x", None),
            ("s3:PutObject", f"{B}/tmp/x", None),
            ("s3:DeleteBucket", B, None),
            ("s3:DeleteObject", f"{B}/tmp-sibling/x", None),
            ("s3:DeleteObject", f"{OTHER}/tmp/x", None),
        ],
    ),
    "read-version": (
        {"actions": ["s3:GetObjectVersion"], "resources": [f"{B}/reports/*"]},
        [("s3:GetObjectVersion", f"{B}/reports/a", None)],
        [("s3:GetObject", f"{B}/reports/a", None), ("s3:GetObjectVersion", f"{B}/reports-sibling/x", None)],
    ),
    "list-all-buckets": (
        {"actions": ["s3:ListBuckets"]},
        [("s3:ListAllMyBuckets", "*", None)],
        [("s3:ListBucket", B, None)],
    ),
    "access-point-read": (
        {
            "actions": ["s3:GetObject"],
            "resources": ["arn:aws:s3:us-east-1:111122223333:accesspoint/reports-ap/object/reports/*"],
        },
        [("s3:GetObject", "arn:aws:s3:us-east-1:111122223333:accesspoint/reports-ap/object/reports/a", None)],
        [
            ("s3:GetObject", f"{B}/reports/a", None),
            ("s3:GetObject", "arn:aws:s3:us-east-1:111122223333:accesspoint/reports-ap/object/other", None),
        ],
    ),
    "literal-key": (
        {"access": ["list", "read"], "bucket": "amzn-s3-demo-bucket", "keys": ["100%*?/${home}"]},
        [("s3:GetObject", f"{B}/100%*?/${{home}}", None), ("s3:ListBucket", B, "100%*?/${home}")],
        [
            ("s3:GetObject", f"{B}/100%zz?/${{home}}", None),
            ("s3:GetObject", f"{B}/100%*z/${{home}}", None),
            ("s3:ListBucket", B, "100%"),
        ],
    ),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_allows_what_it_must_and_nothing_near_it(name: str) -> None:
    wish, must, must_not = SCENARIOS[name]

    policy = line.suggest(**wish).policy

    assert [request for request in must if not allows(policy, request)] == []
    assert [request for request in must_not if allows(policy, request)] == []


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_part_is_needed(name: str) -> None:
    """Without any one statement, something that must be allowed is not."""
    wish, must, _ = SCENARIOS[name]
    policy = line.suggest(**wish).policy
    statements = policy["Statement"]

    for statement in statements:
        rest = {"Statement": [each for each in statements if each is not statement]}

        assert any(not allows(rest, request) for request in must)


def test_the_documents_of_the_role() -> None:
    role = line.suggest(access=["read"], bucket="amzn-s3-demo-bucket", workload="ec2", account="111122223333").role

    assert role is not None
    assert role.trust_policy["Statement"] == [
        {
            "Sid": "Ec2AssumesThisRole",
            "Effect": "Allow",
            "Principal": {"Service": "ec2.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ]
    assert role.instance_profile == {"name": "app-role", "roles": ["app-role"]}
    assert role.deployer_policy is not None
    assert role.deployer_policy["Statement"] == [
        {
            "Sid": "PassOnlyThisRoleToEc2",
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": "arn:aws:iam::111122223333:role/app-role",
            "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
        }
    ]
