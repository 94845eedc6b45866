"""Markdown that nothing a policy says can break out of."""

import pytest

from iamlint.report.markup import code, fenced, prose

PROSE = [
    ("`s3:*` is new", "`s3:*` is new"),
    ("<img src=x> & [a](b)", r"\<img src=x\> \& \[a\](b)"),
    ("# no heading", r"\# no heading"),
    ("1. no list, 2. either", r"1\. no list, 2. either"),
    ("@all", "@\u200ball"),
    ("one ` alone <b>", r"one \` alone \<b\>"),
    ("`a` <b> `c`", r"`a` \<b\> `c`"),
    ("line\nbreak", r"line\\nbreak"),
]


@pytest.mark.parametrize(("text", "shown"), PROSE)
def test_prose(text: str, shown: str) -> None:
    """What stands in backticks is code; nothing else has a meaning."""
    assert prose(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"), [("a", "`a`"), ("a`b", "``a`b``"), ("`a`", "`` `a` ``"), ("", "` `"), ("a\x1b", r"`a\x1b`")]
)
def test_code(text: str, shown: str) -> None:
    """The ticks around are more than those inside."""
    assert code(text) == shown


def test_fence() -> None:
    """The fence is longer than any inside, and what is very long is cut."""
    assert fenced("```\nx", "json") == "````json\n```\nx\n````"
    assert fenced("x\n" * 1000, "json").count("\n") < 100
