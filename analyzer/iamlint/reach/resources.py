"""Resources of steps: whether an entry takes them in, and an example of them. Asks nobody."""

import re
from collections.abc import Iterable

from iamlint.catalog import Catalog
from iamlint.policy import Arn, Pattern
from iamlint.reach.step import Ground, Scope, Step

ACCOUNT, EXAMPLE_ACCOUNT = "????????????", "123456789012"
"""Any account in a step's pattern, none of AWS's own (`aws`); and one for examples."""
OF_AWS = ("arn:*:iam::*:role/aws-service-role/*", "arn:*:iam::*:role/aws-reserved/*")
"""Roles that only AWS changes, passes and assumes: those of services, and those of permission sets.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
"""
_FIELD = re.compile(r"\$\{(\w+)\}")


def meant(step: Step, catalog: Catalog) -> Step:
    """A step with the resources that its action works on, where it names none; `*` for an action without any."""
    if step.resource != ("*",):
        return step
    templates = catalog.arns_of(step.action)
    return step._replace(resource=tuple(map(_pattern, templates))) if templates else step


def _pattern(template: str) -> str:
    """A documented template of an ARN as a pattern."""
    return _FIELD.sub(lambda field: ACCOUNT if field[1] == "Account" else "*", template)


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


def filled(pattern: str, account: str) -> str:
    """A text that fits a step's pattern.

    >>> filled("arn:*:iam::????????????:role/*", "111122223333")
    'arn:aws:iam::111122223333:role/example'
    >>> filled("arn:*:lambda:*:????????????:function:*", "111122223333")
    'arn:aws:lambda:us-east-1:111122223333:function:example'
    """
    arn = Arn.parse(pattern)
    if arn is None:
        return pattern
    plain = arn._replace(
        partition=arn.partition.replace("*", "aws"),
        region=arn.region.replace("*", "us-east-1"),
        account=arn.account.replace(ACCOUNT, account).replace("*", account),
        resource=arn.resource.replace("*", "example").replace("?", "x"),
    )
    return str(plain)
