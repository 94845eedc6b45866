"""What a statement lets strangers do, in words."""

import pytest

from iamlint.catalog import load
from iamlint.exposure import exposure
from iamlint.policy import Policy, PolicyKind

ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*"}
OF_A_NETWORK = {"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}
DENY = {"Effect": "Deny", "Principal": "*", "Action": "s3:Get*", "Resource": "*", "Condition": OF_A_NETWORK}
API = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
ORDERS = "arn:aws:sqs:us-east-1:111122223333:orders"
QUEUE = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:*", "Resource": ORDERS}


def asked(*statements: object, actions: tuple[str, ...] = (), services: bool = True) -> str | None:
    policy = Policy({"Version": "2012-10-17", "Statement": list(statements)}, PolicyKind.RESOURCE)
    return exposure(policy, policy.statements[0], actions, load(), services=services)


@pytest.mark.parametrize(
    ("statements", "actions", "words"),
    [
        ((ALLOW,), ("s3:GetObject",), "an anonymous caller may call `s3:GetObject` on `arn:aws:s3:::b/example`"),
        ((ALLOW, DENY), ("s3:GetObject",), None),
        ((ALLOW, DENY), ("s3:PutObject",), "an anonymous caller may call `s3:PutObject` on `arn:aws:s3:::b/example`"),
        (({**ALLOW, "Principal": {"AWS": "111122223333"}},), (), None),
        (({**ALLOW, "Resource": "${bucket}/*"},), ("s3:GetObject",), "an anonymous caller may call `s3:GetObject`"),
        (({**ALLOW, "Resource": "${bucket}/*"}, DENY), ("s3:GetObject",), None),
        ((QUEUE,), (), None),
    ],
)
def test_a_request_of_a_stranger(statements: tuple[object, ...], actions: tuple[str, ...], words: str | None) -> None:
    """The request is told; there is none where the policy denies it or names who it is for."""
    assert words == asked(*statements, actions=actions)


def test_the_short_form_of_api_gateway() -> None:
    """`execute-api:/*` is as good as an ARN."""
    words = asked(API) or ""

    assert words.startswith("an anonymous caller may call `execute-api:Invoke` on `arn:aws:execute-api:")


def test_services_that_are_not_trusted() -> None:
    """A service acts for all customers, if one asks."""
    words = asked(QUEUE, actions=("sqs:SendMessage",), services=False)

    assert words == f"the service `sns.amazonaws.com` may call `sqs:SendMessage` on `{ORDERS}`"
