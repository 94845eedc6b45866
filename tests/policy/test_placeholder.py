"""What a tool or IAM replaces, and what only looks odd."""

import pytest

from iamlint.policy import is_computed, is_placeholder

PLACEHOLDERS = """
${var.bucket} ${AWS::AccountId} ${self:custom.stage} ${unclosed $BUCKET $(bucket) $[bucket] {{bucket}} {%if {bucket} {}
<ACCOUNT> arn:aws:s3:::<bucket>/* #{bucket} #bucket# %{bucket} %(bucket)s logs-%s %BUCKET% @@BUCKET@@ @BUCKET@ Fn::Sub
${aws:username}/${var.bucket}
"""
VARIABLES = "${aws:username} ${aws:PrincipalTag/team,'none'} ${saml:sub} ${graph.facebook.com:id} ${*} ${?} ${$}"
PLAIN = [
    "",
    "*",
    "arn:aws:s3:::reports/*",
    "fe80::1%eth0",
    "100%",
    "a#b",
    "me@example.com",
    "Sids{",
    "a > b",
    "5$",
    "é",
]


@pytest.mark.parametrize("text", PLACEHOLDERS.split())
def test_a_tool_fills_placeholders_in(text: str) -> None:
    assert is_placeholder(text)
    assert is_computed(text)


@pytest.mark.parametrize("text", VARIABLES.split())
def test_iam_fills_its_variables_in(text: str) -> None:
    assert not is_placeholder(text)
    assert is_computed(text)


@pytest.mark.parametrize("text", PLAIN)
def test_nobody_replaces_plain_texts(text: str) -> None:
    assert not is_placeholder(text)
    assert not is_computed(text)
