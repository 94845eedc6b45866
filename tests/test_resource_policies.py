"""Policies of resources as AWS's guides have them, written anew: no rule may find fault with them.

Those for CloudTrail, load balancers, CloudFront, Config and inventories; for events of S3 to topics and queues; keys
with their default policy; functions, repositories, file systems, domains, private APIs, vaults; whole organizations,
single networks, other accounts.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from iamlint.catalog import load
from iamlint.pipeline import lint
from iamlint.policy import PolicyKind
from iamlint.registry import load_rules
from iamlint.rule import Severity
from iamlint.source import read

CASES = [json.loads(line) for line in (Path(__file__).parent / "resource_policies.jsonl").read_text().splitlines()]
RULES = [rule for rule in load_rules() if rule.category != "parliament" and not rule.pedantic]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
@pytest.mark.parametrize("is_attached", [True, False])
def test_no_fault_is_found(case: dict[str, Any], is_attached: bool) -> None:
    """Whether it is known what a policy is attached to or not, nothing weighs more than low."""
    reading = read("policy.json", json.dumps(case["policy"]).encode(), kind=PolicyKind.RESOURCE)
    if is_attached:
        found = tuple(each._replace(service=case["service"], is_attached=True) for each in reading.found)
        reading = reading._replace(found=found)
    report = lint([reading], RULES, load())

    assert report.crashes == ()
    assert [] == [
        f"{each.code} {each.message}" for each in report.diagnostics if each.severity.at_least(Severity.MEDIUM)
    ]
