"""One policy's successive shapes: what a change does to its access, and the request that shows it to a person."""

from typing import Any

import pytest

from iamlint.catalog import load
from iamlint.engine import write_request
from iamlint.engine.access import Access
from iamlint.engine.compare import compare
from iamlint.policy import Policy, PolicyKind

Json = dict[str, Any]
GET, PUT, LIST = "s3:GetObject", "s3:PutObject", "s3:ListBucket"
BUCKET, OBJECTS = "arn:aws:s3:::reports", "arn:aws:s3:::reports/*"
READER = "arn:aws:iam::111122223333:role/reader"
ACCOUNT = "111122223333"
TAG = "aws:PrincipalTag/team"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:orders"


def allow(action: Any = GET, resource: Any = OBJECTS, **rest: Any) -> Json:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **rest}


def deny(action: Any = GET, resource: Any = OBJECTS, **rest: Any) -> Json:
    return {**allow(action, resource, **rest), "Effect": "Deny"}


def when(operator: str, key: str, value: Any, **rest: Any) -> Json:
    return allow(Condition={operator: {key: value}}, **rest)


def given(principal: Any, **rest: Any) -> Json:
    return allow(Principal=principal, **rest)


# A table is read by its columns: a row is a line, however long.
# ruff: noqa: E501
# fmt: off
E, N, B, X = "EQUIVALENT", "NARROWER", "BROADER", "INCOMPARABLE"

IDENTITY: list[tuple[str, Json | list[Json], Json | list[Json], str, Json, Json]] = [
    # name, old, new, relation, what the gained request shows, what the lost one shows
    ("an action is added", allow(GET), allow([GET, PUT]), B, {"action": PUT}, {}),
    ("an action is removed", allow([GET, PUT]), allow(GET), N, {}, {"action": PUT}),
    ("an action is swapped", allow(GET), allow(PUT), X, {"action": PUT}, {"action": GET}),
    ("an action becomes a pattern", allow(GET), allow("s3:GetObject*"), B, {"action": "s3:GetObjectAcl"}, {}),
    ("a pattern is spelled out", allow("sqs:*Message"), allow(["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"]), E, {}, {}),
    ("the letter case changes", allow(GET), allow("S3:getobject"), E, {}, {}),
    ("everything in the service", allow(GET), allow("s3:*"), B, {"resource": "arn:aws:s3:::reports/example"}, {}),
    ("all but one action", allow("s3:*"), {"Effect": "Allow", "NotAction": "iam:*", "Resource": OBJECTS}, B, {}, {}),
    ("NotAction takes one more out", {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, {"Effect": "Allow", "NotAction": ["iam:*", "s3:*"], "Resource": "*"}, N, {}, {"action": "s3:AbortMultipartUpload"}),
    ("a resource is added", allow(), allow(resource=[OBJECTS, "arn:aws:s3:::logs/*"]), B, {"resource": "arn:aws:s3:::logs/example"}, {}),
    ("a resource is widened to its bucket's namesakes", allow(), allow(resource="arn:aws:s3:::reports*"), B, {"action": GET}, {}),
    ("a resource is widened to all", allow(), allow(resource="*"), B, {"resource": "arn:aws:s3:::example/example"}, {}),
    ("a resource is narrowed to a prefix", allow(), allow(resource=f"{BUCKET}/2026/*"), N, {}, {"resource": "arn:aws:s3:::reports/example"}),
    ("a question mark becomes a star", allow(resource=f"{BUCKET}/?"), allow(resource=f"{BUCKET}/*"), B, {}, {}),
    ("a star in the Region becomes a Region", allow("sqs:SendMessage", "arn:aws:sqs:*:111122223333:orders"), allow("sqs:SendMessage", QUEUE), N, {}, {"resource": "arn:aws:sqs:us-east-1:111122223333:orders"}),
    ("a resource is negated", allow(), {"Effect": "Allow", "Action": GET, "NotResource": OBJECTS}, X, {}, {"resource": "arn:aws:s3:::reports/example"}),
    ("lists are split into statements", allow([GET, LIST], [BUCKET, OBJECTS]), [allow(GET, BUCKET), allow(GET, OBJECTS), allow(LIST, BUCKET), allow(LIST, OBJECTS)], E, {}, {}),
    ("statements are joined too far", [allow(GET, OBJECTS), allow(LIST, BUCKET)], allow([GET, LIST], [OBJECTS, BUCKET]), B, {}, {}),
    ("a superfluous statement goes", [allow("s3:*"), allow(GET)], allow("s3:*"), E, {}, {}),
    ("a Deny is added", allow("s3:*"), [allow("s3:*"), deny("s3:Delete*")], N, {}, {"resource": "arn:aws:s3:::reports/example"}),
    ("a Deny is dropped", [allow("s3:*"), deny("s3:DeleteObject")], allow("s3:*"), B, {"action": "s3:DeleteObject"}, {}),
    ("a Deny that never bit is dropped", [allow(GET), deny("s3:DeleteObject")], allow(GET), E, {}, {}),
    ("a Deny gets a condition", [allow(), deny()], [allow(), deny(Condition={"StringEquals": {TAG: "red"}})], B, {"context": {}}, {}),
    ("Deny and Allow are one NotAction", [allow("s3:*"), deny("s3:DeleteObject")], [{"Effect": "Allow", "NotAction": ["s3:DeleteObject"], "Resource": OBJECTS}], B, {}, {}),
    ("a condition is dropped", when("StringEquals", TAG, "red"), allow(), B, {"context": {}}, {}),
    ("a condition is added", allow(), when("Bool", "aws:SecureTransport", "true"), N, {}, {"context": {}}),
    ("a value is added", when("StringEquals", TAG, "red"), when("StringEquals", TAG, ["red", "blue"]), B, {"context": {"aws:principaltag/team": "blue"}}, {}),
    ("a value is loosened", when("StringEquals", TAG, "red"), when("StringLike", TAG, "red*"), B, {"context": {"aws:principaltag/team": "redexample"}}, {}),
    ("an operator is negated", when("StringEquals", TAG, "red"), when("StringNotEquals", TAG, "red"), X, {"context": {}}, {"context": {"aws:principaltag/team": "red"}}),
    ("IfExists lets a missing key pass", when("StringEquals", TAG, "red"), when("StringEqualsIfExists", TAG, "red"), B, {"context": {}}, {}),
    ("letter case is passed over", when("StringEquals", TAG, "red"), when("StringEqualsIgnoreCase", TAG, "red"), B, {}, {}),
    ("ForAnyValue becomes ForAllValues", when("ForAnyValue:StringEquals", "aws:TagKeys", "red"), when("ForAllValues:StringEquals", "aws:TagKeys", "red"), X, {"context": {}}, {}),
    ("a range of addresses is halved", when("IpAddress", "aws:SourceIp", "10.0.0.0/8"), when("IpAddress", "aws:SourceIp", "10.0.0.0/9"), N, {}, {"context": {"aws:sourceip": "10.128.0.0"}}),
    ("a range of addresses is written as two", when("IpAddress", "aws:SourceIp", "10.0.0.0/8"), when("IpAddress", "aws:SourceIp", ["10.0.0.0/9", "10.128.0.0/9"]), E, {}, {}),
    ("an end becomes included", when("NumericLessThan", "s3:max-keys", "10"), when("NumericLessThanEquals", "s3:max-keys", "10"), B, {"context": {"s3:max-keys": "10"}}, {}),
    ("a date is put off", when("DateLessThan", "aws:CurrentTime", "2026-01-01T00:00:00Z"), when("DateLessThan", "aws:CurrentTime", "2027-01-01T00:00:00Z"), B, {"context": {"aws:currenttime": "2026-01-01T00:00:00Z"}}, {}),
    ("a date is written in seconds", when("DateLessThan", "aws:CurrentTime", "2026-01-01T00:00:00Z"), when("DateLessThan", "aws:EpochTime", "1767225600"), E, {}, {}),
    ("an ARN's account is opened", when("ArnLike", "aws:SourceArn", "arn:aws:sns:*:111122223333:*"), when("ArnLike", "aws:SourceArn", "arn:aws:sns:*:*:*"), B, {}, {}),
    ("two conditions become one with two values", when("StringEquals", TAG, "red"), {**allow(), "Condition": {"StringEquals": {TAG: ["red"]}, "StringLike": {TAG: "r*"}}}, E, {}, {}),
    ("a variable becomes a star", allow(resource=f"{BUCKET}/${{aws:username}}/*"), allow(resource=f"{BUCKET}/*"), B, {"resource": "arn:aws:s3:::reports/example"}, {}),
    ("somebody's own account's queue", deny("sqs:*", "*"), [deny("sqs:*", "arn:aws:sqs:*:*:other"), when("StringEquals", "aws:ResourceAccount", "${aws:PrincipalAccount}", action="sqs:SendMessage", resource=QUEUE)], B, {"resource": QUEUE}, {}),
    ("no longer only one's own account's", when("StringEquals", "aws:ResourceAccount", "${aws:PrincipalAccount}", action="sqs:SendMessage", resource=QUEUE), allow("sqs:SendMessage", QUEUE), B, {"resource": QUEUE}, {}),
    ("a name becomes a variable", allow(resource=f"{BUCKET}/alice/*"), allow(resource=f"{BUCKET}/${{aws:username}}/*"), X, {}, {"resource": "arn:aws:s3:::reports/alice/example"}),
    ("an escaped star becomes a star", allow(resource=f"{BUCKET}/${{*}}"), allow(resource=f"{BUCKET}/*"), B, {"resource": "arn:aws:s3:::reports/example"}, {}),
]

RESOURCE: list[tuple[str, Json | list[Json], Json | list[Json], str, Json, Json]] = [
    ("a role is added", given({"AWS": READER}), given({"AWS": [READER, f"arn:aws:iam::{ACCOUNT}:role/writer"]}), B, {"principal": f"arn:aws:iam::{ACCOUNT}:role/writer"}, {}),
    ("a role becomes its account", given({"AWS": READER}), given({"AWS": ACCOUNT}), B, {}, {}),
    ("an account is written in two ways", given({"AWS": ACCOUNT}), given({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), E, {}, {}),
    ("a role becomes everyone", given({"AWS": READER}), given("*"), B, {}, {}),
    ("everyone is fenced in by the account", given({"AWS": ACCOUNT}), given("*", Condition={"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}), E, {}, {}),
    ("everyone is fenced in by the ARN", given({"AWS": READER}), given("*", Condition={"ArnEquals": {"aws:PrincipalArn": READER}}), E, {}, {}),
    ("everyone is written in two ways", given("*"), given({"AWS": "*"}), E, {}, {}),
    ("a role becomes one of its sessions", given({"AWS": READER}), given({"AWS": f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/alice"}), N, {}, {"principal": READER}),
    ("a service loses its source", given({"Service": "sns.amazonaws.com"}, Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}}), given({"Service": "sns.amazonaws.com"}), B, {"principal": "sns.amazonaws.com", "context": {}}, {}),
    ("a service is swapped", given({"Service": "sns.amazonaws.com"}), given({"Service": "events.amazonaws.com"}), X, {"principal": "events.amazonaws.com"}, {"principal": "sns.amazonaws.com"}),
    ("an organization is named", given("*"), given("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}), N, {}, {"context": {}}),
    ("a Deny fences the network", given("*"), [given("*"), {**given("*"), "Effect": "Deny", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}}], N, {}, {"context": {}}),
    ("NotPrincipal with Deny lets one go", [given("*"), {**deny(), "Principal": "*"}], [given("*"), {**deny(), "NotPrincipal": {"AWS": [f"arn:aws:iam::{ACCOUNT}:user/alice", ACCOUNT]}}], B, {"principal": f"arn:aws:iam::{ACCOUNT}:user/alice"}, {}),
]
# fmt: on


def _policy(statements: Json | list[Json], kind: PolicyKind) -> Access:
    return Access.of(Policy({"Version": "2012-10-17", "Statement": statements}, kind))


@pytest.mark.parametrize(
    ("kind", "old", "new", "relation", "gained", "lost"),
    [
        pytest.param(kind, *row[1:], id=row[0])
        for kind, table in ((PolicyKind.IDENTITY, IDENTITY), (PolicyKind.RESOURCE, RESOURCE))
        for row in table
    ],
)
def test_change(
    kind: PolicyKind, old: Json | list[Json], new: Json | list[Json], relation: str, gained: Json, lost: Json
) -> None:
    """A change has the expected effect, and its witness shows what a reviewer would look for."""
    found = compare(_policy(old, kind), _policy(new, kind), load())

    assert (relation, "") == (found.relation.value, found.unknown)
    for expected, witness in ((gained, found.gained), (lost, found.lost)):
        shown = {} if witness is None else write_request(witness.request)
        assert expected == {key: shown.get(key) for key in expected}


def test_reverse_is_mirrored() -> None:
    """What is gained one way is lost the other way."""
    mirror = {"BROADER": "NARROWER", "NARROWER": "BROADER"}
    for _, old, new, relation, *_ in IDENTITY:
        kind = PolicyKind.IDENTITY
        found = compare(_policy(new, kind), _policy(old, kind), load())

        assert mirror.get(relation, relation) == found.relation.value
