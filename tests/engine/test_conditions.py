"""Conditions: each operator on a value it takes, one it does not take, several values, and none."""

import pytest

from iamlint.engine.conditions import OPERATORS, holds
from iamlint.policy import Condition, Policy
from iamlint.policy.condition import OPERATORS as NAMES

KEY = "aws:Key"


def condition_of(operator: str, values: object) -> Condition:
    """A condition as a policy has it."""
    (statement,) = Policy({"Statement": {"Condition": {operator: {KEY: values}}}}).statements
    return statement.conditions[0]


def check(operator: str, values: object, *given: str, variables: bool = True, **context: str) -> bool:
    """Whether a condition holds where the key has the values given; further keys have an underscore for the colon."""
    others = {key.replace("_", ":").lower(): (value,) for key, value in context.items()}
    return holds(condition_of(operator, values), {KEY.lower(): given} | others, variables=variables)


POSITIVE = [
    ("StringEquals", "a*", "a*", "ab"),
    ("StringEqualsIgnoreCase", "Straße*", "sTRAßE*", "straßen"),
    ("StringLike", "a?c*", "abcd", "ac"),
    ("NumericEquals", "1.50", "1.5", "1.51"),
    ("NumericLessThan", 10, "9.99", "10"),
    ("NumericLessThanEquals", "10", "10.0", "10.01"),
    ("NumericGreaterThan", "-1", "0", "-1"),
    ("NumericGreaterThanEquals", "1e3", "1000", "999.9"),
    ("DateEquals", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "2026-01-01T00:00:01Z"),
    ("DateLessThan", "2026-01-01", "2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z"),
    ("DateLessThanEquals", "2026-01-01", "1767225600", "1767225601"),
    ("DateGreaterThan", 1767225600, "2026-01-01T00:00:01Z", "2026-01-01"),
    ("DateGreaterThanEquals", "2026-01", "2026-01-01", "2025-12-31"),
    ("Bool", True, "TRUE", "false"),
    ("BinaryEquals", "aGk=", "aGk=", "AGk="),
    ("IpAddress", "10.1.2.3/8", "10.255.0.1", "11.0.0.0"),
    ("IpAddress", "2001:db8::/32", "2001:0db8::1", "10.0.0.1"),
    ("ArnEquals", "arn:aws:s3:::b*", "arn:aws:s3:::b/k", "arn:aws:s3:::c"),
    ("ArnLike", "arn:aws:sns:*:1:t", "arn:aws:sns:eu-west-1:1:t", "arn:aws:sns:eu-west-1:1:1:t"),
]
NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}


def test_every_operator_has_its_row() -> None:
    """The table knows what the model knows; Null is no comparison."""
    assert set(NAMES.values()) == {*OPERATORS, "Null"}
    assert set(OPERATORS) == {row[0] for row in POSITIVE} | set(NEGATED)


@pytest.mark.parametrize(("operator", "wanted", "inside", "outside"), POSITIVE)
def test_positive(operator: str, wanted: object, inside: str, outside: str) -> None:
    """A value is taken or not; no value is not; with IfExists it is; one of several is enough."""
    assert check(operator, wanted, inside)
    assert not check(operator, wanted, outside)
    assert not check(operator, wanted)
    assert check(f"{operator}IfExists", wanted)
    assert not check(f"{operator}IfExists", wanted, outside)
    assert check(operator, wanted, outside, inside)
    assert check(operator, ["@", wanted], inside)


@pytest.mark.parametrize(("operator", "wanted", "inside", "outside"), POSITIVE)
def test_sets(operator: str, wanted: object, inside: str, outside: str) -> None:
    """ForAllValues holds without a value and fails at the first other one; ForAnyValue needs one."""
    assert check(f"ForAllValues:{operator}", wanted)
    assert check(f"ForAllValues:{operator}", wanted, inside, inside)
    assert not check(f"ForAllValues:{operator}", wanted, inside, outside)
    assert not check(f"ForAnyValue:{operator}", wanted)
    assert check(f"ForAnyValue:{operator}IfExists", wanted)
    assert check(f"forAnyValue:{operator}", wanted, inside, outside)
    assert not check(f"ForAnyValue:{operator}", wanted, outside)


@pytest.mark.parametrize(("negated", "positive"), NEGATED.items())
def test_negated(negated: str, positive: str) -> None:
    """The opposite for a key that is there, and true for one that is not, unless some value is asked for."""
    _, wanted, inside, outside = next(row for row in POSITIVE if row[0] == positive)

    assert not check(negated, wanted, inside)
    assert check(negated, wanted, outside)
    assert check(negated, wanted)
    assert not check(negated, wanted, outside, inside)
    assert not check(negated, ["@", wanted], inside)
    assert check(f"ForAnyValue:{negated}", wanted, inside, outside)
    assert not check(f"ForAnyValue:{negated}", wanted)
    assert not check(f"ForAllValues:{negated}", wanted, inside, outside)
    assert check(f"ForAllValues:{negated}", wanted)


@pytest.mark.parametrize(
    ("operator", "values", "given", "expected"),
    [
        ("Null", "true", (), True),
        ("Null", "TRUE", ("a",), False),
        ("Null", False, ("a",), True),
        ("Null", ["true", "false"], (), True),
        ("Null", "maybe", (), False),
        ("NullIfExists", "true", (), False),
        ("ForAllValues:Null", "true", ("a",), True),
        ("ForAnyValue:Null", "true", (), False),
        ("StringEqual", "a", ("a",), False),
        ("ForSomeValues:StringEquals", "a", ("a",), False),
        ("StringNotEqual", "a", (), False),
        ("StringEquals", [], ("a",), False),
        ("StringNotEquals", [], ("a",), True),
    ],
)
def test_null_and_nonsense(operator: str, values: object, given: tuple[str, ...], expected: bool) -> None:
    """Null asks whether the key is there; what is no operator never holds."""
    assert expected is check(operator, values, *given)


@pytest.mark.parametrize(
    ("operator", "wanted", "given"),
    [
        ("NumericEquals", "ten", "ten"),
        ("NumericLessThan", "10", "few"),
        ("DateEquals", "today", "today"),
        ("Bool", "yes", "yes"),
        ("BinaryEquals", "?", "?"),
        ("IpAddress", "10.0.0.0/33", "10.0.0.0"),
        ("ArnLike", "arn:aws:s3", "arn:aws:s3"),
    ],
)
def test_values_of_another_type_match_nothing(operator: str, wanted: str, given: str) -> None:
    """Not even themselves."""
    assert not check(operator, wanted, given)


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "expected"),
    [
        ("StringEquals", "${aws:username}", "*", True),
        ("StringLike", "${aws:username}/?", "*/a", True),
        ("StringLike", "${aws:username}/?", "b/a", False),
        ("StringEqualsIgnoreCase", "${AWS:Other}", "MIXED", True),
        ("ArnLike", "arn:aws:s3:::${aws:other}", "arn:aws:s3:::Mixed", True),
        ("StringEquals", "${aws:absent}", "${aws:absent}", False),
        ("StringNotEquals", "${aws:absent}", "a", True),
        ("StringEquals", "${aws:absent, 'none'}", "none", True),
        ("StringEquals", "a${*}${?}${$}", "a*?$", True),
        ("NumericEquals", "${aws:number}", "1", False),
    ],
)
def test_variables(operator: str, wanted: str, given: str, expected: bool) -> None:
    """A variable is its value, as literal text, in operators for texts and ARNs; without a value it matches nothing."""
    assert expected is check(operator, wanted, given, aws_username="*", aws_other="Mixed", aws_number="1")


def test_variables_of_old_policies_are_text() -> None:
    """Before 2012-10-17 there were none, so a wildcard within is a wildcard."""
    assert check("StringEquals", "${aws:username}", "${aws:username}", variables=False, aws_username="a")
    assert check("StringLike", "${*}", "${abc}", variables=False)


def test_a_key_with_several_values_is_no_variable() -> None:
    """It has no single value to put in."""
    context = {KEY.lower(): ("a",), "aws:tagkeys": ("a", "b")}

    assert not holds(condition_of("StringEquals", "${aws:TagKeys}"), context, variables=True)
