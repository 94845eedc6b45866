"""What a condition says of a request that has not its key."""

import pytest

from iamlint.policy import Operator, Policy
from iamlint.policy.condition import conditions
from iamlint.text import ROOT


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("StringEquals", "a", False),
        ("StringNotEquals", "a", True),
        ("NotIpAddress", "203.0.113.0/24", True),
        ("StringEqualsIfExists", "a", True),
        ("ForAllValues:StringEquals", "a", True),
        ("ForAnyValue:StringEquals", "a", False),
        ("ForAnyValue:StringNotEquals", "a", False),
        ("ForAnyValue:StringEqualsIfExists", "a", True),
        ("Null", "true", True),
        ("Null", True, True),
        ("Null", "false", False),
        ("Null", ["true", "false"], True),
        ("ForAllValues:Null", "false", True),
        ("ForAnyValue:Null", "true", False),
        ("Bool", "false", False),
    ],
)
def test_holds_when_absent(operator: str, value: object, expected: bool) -> None:
    """A missing key passes negated operators, IfExists, ForAllValues and a Null that asks for it."""
    (condition,) = conditions({operator: {"aws:SourceArn": value}}, ROOT)

    assert condition.holds_when_absent is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Bool", "Bool"), ("ForAnyValue:StringLike", "StringLike"), ("forallvalues:arnlikeifexists", "arnlikeifexists")],
)
def test_unqualified(text: str, expected: str) -> None:
    """What stands after the qualifier, as it was written."""
    assert Operator.parse(text).unqualified == expected


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"StringLike": {"aws:SourceArn": "a"}}, True),
        ({"StringLike": {"aws:SourceArn": "a"}, "Bool": {"aws:SecureTransport": "true"}}, True),
        ({"StringLike": {"aws:SourceArn": "a", "aws:SourceAccount": "b"}}, False),
        ({"StringLike": {"aws:SourceArn": "a"}, "ArnLike": {"aws:PrincipalArn": "b"}}, False),
    ],
)
def test_can_rename(block: object, expected: bool) -> None:
    """An operator that holds other keys, or whose new name is taken, keeps its name."""
    (statement,) = Policy({"Statement": {"Condition": block}}).statements

    assert statement.can_rename(statement.conditions[0], "ArnLike") is expected
