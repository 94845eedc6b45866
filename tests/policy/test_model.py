"""The model: patterns as sets, ARNs, operators, and policies with wrong parts."""

import pytest

from iamlint.policy import Arn, Operator, Pattern, Policy, arn_fields, covered
from iamlint.text import Pointer


def test_patterns_are_sets() -> None:
    """Comparisons of patterns are comparisons of what they match."""
    get, all_s3 = Pattern("s3:Get*", fold=True), Pattern("S3:*", fold=True)

    assert get < all_s3
    assert get <= get
    assert not get < get
    assert all_s3 >= get
    assert all_s3 > get
    assert Pattern("*?") == Pattern("?*")
    assert hash(Pattern("*?")) == hash(Pattern("?*"))
    assert Pattern("a*") & Pattern("*b")
    assert not Pattern("a") & Pattern("A")


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], []),
        (["a", "b"], []),
        (["a*", "ab"], [("ab", "a*")]),
        (["ab", "a*", "*"], [("ab", "*"), ("a*", "*")]),
        (["a", "a", "a"], [("a", "a"), ("a", "a")]),
        (["*?", "?*"], [("?*", "*?")]),
        (["a*", "a**"], [("a**", "a*")]),
    ],
)
def test_covered(entries: list[str], expected: list[tuple[str, str]]) -> None:
    """Each superfluous entry is named with the broadest that covers it; of equals the first stays."""
    patterns = [Pattern(text, Pointer(f"/Action/{index}")) for index, text in enumerate(entries)]

    assert [(str(one), str(other)) for one, other in covered(patterns)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arn:aws:s3:::b/k", Arn("aws", "s3", "", "", "b/k")),
        ("arn:aws:logs:*:*:log-group:a:b", Arn("aws", "logs", "*", "*", "log-group:a:b")),
        ("arn:aws:iam::${aws:PrincipalAccount}:role/x", Arn("aws", "iam", "", "${aws:PrincipalAccount}", "role/x")),
        ("arn:aws:s3", None),
        ("*", None),
        ("ARN:aws:s3:::b", None),
    ],
)
def test_arn(text: str, expected: Arn | None) -> None:
    """An ARN has six fields; colons of variables and of the last field separate nothing."""
    assert Arn.parse(text) == expected
    assert expected is None or str(expected) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arn:aws:s3:::b/k", ["aws", "s3", "", "", "b/k"]),
        ("arn:aws:logs:*:*:log-group:a:b", ["aws", "logs", "*", "*", "log-group:a:b"]),
        ("arn:aws:iam::${aws:PrincipalAccount}:role/x", ["aws", "iam", "", "${aws:PrincipalAccount}", "role/x"]),
        ("arn:aws:sqs:eu west:111122223333:orders", None),
        ("arn:aws:s3", None),
        ("*", None),
    ],
)
def test_arn_fields(text: str, expected: list[str] | None) -> None:
    """The fields have names and places, and together they are the text."""
    fields = arn_fields(text)

    assert (list(fields.groups()) if fields else None) == expected
    if fields:
        spans = [fields.span(name) for name in fields.groupdict()]
        assert [text[start:end] for start, end in spans] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("StringEquals", ("StringEquals", None, False, True)),
        ("stringlikeifexists", ("StringLike", None, True, True)),
        ("ForAllValues:StringLike", ("StringLike", "ForAllValues", False, True)),
        ("foranyvalue:ArnEqualsIfExists", ("ArnEquals", "ForAnyValue", True, True)),
        ("ForSomeValues:StringLike", ("StringLike", "ForSomeValues", False, False)),
        ("StringEqual", ("StringEqual", None, False, False)),
    ],
)
def test_operator(text: str, expected: tuple[str, str | None, bool, bool]) -> None:
    """An operator is taken apart whatever its case; what AWS does not know is kept and marked."""
    operator = Operator.parse(text)

    assert (operator.name, operator.qualifier, operator.if_exists, operator.known) == expected


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        "x",
        {},
        {"Statement": "x"},
        {"Statement": [1, None, "x", []]},
        {"Statement": {"Action": 5, "Resource": {"a": 1}, "Principal": [1], "Condition": [1], "Sid": 3, "Effect": {}}},
        {"Statement": {"Condition": {"StringEquals": 1, "Bool": {"a": {"b": 1}}}}},
    ],
)
def test_wrong_parts_are_passed_over(raw: object) -> None:
    """Whatever stands in a document, every view of it answers."""
    policy = Policy(raw)
    for statement in policy.statements:
        elements = (statement.actions, statement.resources, statement.principals, statement.sid)
        assert elements == ((), (), (), None)
        assert all(condition.values == () for condition in statement.conditions)


def test_right_parts_beside_wrong_ones() -> None:
    """A wrong entry hides none of the others, and their places are those of the document."""
    policy = Policy({"Statement": [7, {"Action": ["s3:GetObject", 7, "s3:Put*"], "NotResource": "*"}]})
    (statement,) = policy.statements

    assert [(str(a), str(a.at)) for a in statement.actions] == [
        ("s3:GetObject", "/Statement/1/Action/0"),
        ("s3:Put*", "/Statement/1/Action/2"),
    ]
    assert statement.applies_to_action("S3:putobject")
    assert not statement.applies_to_action("s3:DeleteObject")


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        (["*", "iam:Pass*", "IAM:PassRole"], "IAM:PassRole"),
        (["s3:*", "iam:Pass*", "*"], "iam:Pass*"),
        ("iam:*", "iam:*"),
        (["s3:*"], None),
    ],
)
def test_entry_for(actions: object, expected: str | None) -> None:
    """An entry that names the action goes before one that only matches it."""
    (statement,) = Policy({"Statement": {"Effect": "Allow", "Action": actions}}).statements
    entry = statement.entry_for("iam:PassRole")

    assert (entry.text if entry else None) == expected
