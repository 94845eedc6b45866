"""Resources of steps: whether an entry takes them in, and an example of them. Asks nobody."""

import re
from collections.abc import Iterable

from iamlint.policy import Arn, Pattern
from iamlint.reach.step import Ground, Scope, Step

ACCOUNT, EXAMPLE_ACCOUNT = "????????????", "123456789012"
"""Any account in a step's pattern, none of AWS's own (`aws`); and one for examples."""
_FIELDS = {"Partition": "aws", "Region": "us-east-1"}
_FIELD = re.compile(r"\$\{(\w+)\}")


def takes_all(entry: Pattern, text: str) -> bool:
    """Whether an entry takes in everything that a step's pattern means, in the one account that it names."""
    here, meant = Arn.parse(entry.text), Arn.parse(text)
    if here is None or meant is None or entry.has_variable or not here.account.isdigit():
        return False
    same = here.service == meant.service and here.region == meant.region and "*" not in here.partition
    return same and meant.account in (ACCOUNT, here.account) and Pattern(meant.resource) <= Pattern(here.resource)


def scope(grounds: Iterable[Ground], step: Step) -> Scope:
    """How much of what a step is about some statements take in, as their texts tell."""
    return max((_scope(ground, step) for ground in grounds), default=Scope.ONE)


def _scope(ground: Ground, step: Step) -> Scope:
    if ground.statement.has("NotResource"):
        return Scope.EVERY
    meant = [arn.resource if (arn := Arn.parse(text)) else text for text in step.resource]
    found = Scope.ONE
    for entry in ground.statement.resources:
        arn = Arn.parse(entry.text)
        here = Pattern(arn.resource if arn else entry.text)
        if any(Pattern(text) <= here for text in meant if "*" in text or entry.is_everything):
            return Scope.EVERY
        if here.has_wildcard and any(here & Pattern(text) for text in meant):
            found = Scope.SOME
    return found


def filled(pattern: str, account: str, partition: str = "aws") -> str:
    """A text that a step's pattern, or a documented template of an ARN, stands for.

    >>> filled("arn:*:iam::????????????:role/*", "111122223333")
    'arn:aws:iam::111122223333:role/example'
    >>> filled("arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}", "111122223333")
    'arn:aws:lambda:us-east-1:111122223333:function:example'
    """
    known = {**_FIELDS, "Account": account, "Partition": partition}
    text = _FIELD.sub(lambda field: known.get(field[1], "example"), pattern).replace(ACCOUNT, account)
    head = f"arn:{partition}:" if text.startswith("arn:*:") else ""
    return head + text.removeprefix("arn:*:" if head else "").replace("*", "example") if text != "*" else text
