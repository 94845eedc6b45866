"""Whatever is asked for: all of it is in the policy, and `*` only where AWS knows no resource type."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from iamlint import catalog as catalogue
from iamlint.suggest import suggest

CATALOG = catalogue.load()
PREFIXES = (
    "s3",
    "ec2",
    "iam",
    "dynamodb",
    "lambda",
    "apigateway",
    "backup",
    "logs",
    "kms",
    "ssm",
    "dms",
    "sts",
    "cloudfront",
)
NAMES = sorted(name for prefix in PREFIXES for name in CATALOG.expand(f"{prefix}:*"))


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=8))
def test_a_template_keeps_every_action_and_has_no_needless_star(names: list[str]) -> None:
    policy = suggest(names, template=True).policy

    granted = {action for statement in policy["Statement"] for action in _list(statement["Action"])}
    assert granted == {*names}
    for statement in policy["Statement"]:
        for name in _list(statement["Action"]):
            action = CATALOG.action(name)
            assert action is not None
            assert ("*" in _list(statement["Resource"])) == (not action.resources)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4))
def test_an_arn_of_a_type_fits_every_action_on_that_type(names: list[str]) -> None:
    """What `--template` proposes, filled in, is accepted as `--resource`, and nothing else comes of it."""
    template = suggest(names, template=True).policy
    arns = [arn for each in template["Statement"] for arn in _list(each["Resource"]) if arn != "*"]
    filled = [_fill(arn) for arn in arns]

    policy = suggest(names, filled).policy

    granted = {action for statement in policy["Statement"] for action in _list(statement["Action"])}
    assert granted == {*names}
    assert {arn for each in policy["Statement"] for arn in _list(each["Resource"])} - {"*"} == {*filled}


def _fill(template: str) -> str:
    known = {"${Partition}": "aws", "${Region}": "us-east-1", "${Account}": "111122223333", "${Vendor}": "ec2"}
    for name, value in known.items():
        template = template.replace(name, value)
    while "${" in template:
        start = template.index("${")
        template = f"{template[:start]}x1{template[template.index('}', start) + 1 :]}"
    return template
