"""Whole: statements that allow all there is, or all of IAM, so that no path leads further. Asks nobody."""

from collections.abc import Sequence

from iamlint.policy import Pattern, Statement
from iamlint.reach.step import Ground

_GIVING = tuple(
    f"iam:{name}"
    for name in ("AttachRolePolicy", "AttachUserPolicy", "CreatePolicyVersion", "PutRolePolicy", "PutUserPolicy")
)
"""Actions by which permissions are given."""


def of_everything(grounds: Sequence[Ground]) -> frozenset[Ground]:
    """The statements that make an administrator, if only under a condition; none where a Deny takes from IAM."""
    whole = [ground for ground in grounds if _allows_all(ground.statement)]
    return frozenset(whole) if whole and not _is_limited(grounds) else frozenset()


def has_iam(grounds: Sequence[Ground]) -> bool:
    """Whether all of IAM is plainly allowed."""
    plain = (each for _, each in grounds if not each.conditions)
    return any(_allows_all(each, of="iam:") for each in plain) and not _is_limited(grounds)


def _allows_all(statement: Statement, of: str = "") -> bool:
    """Whether a statement allows every action, or every one of a service, on every resource."""
    if not statement.allows or statement.any_resource is None:
        return False
    names = (action.key.removeprefix(of) for action in statement.actions if of and action.key.startswith(of))
    return statement.any_action is not None or any(name and not name.strip("*") for name in names)


def _is_limited(grounds: Sequence[Ground]) -> bool:
    return any(_takes_from_iam(statement) for _, statement in grounds if statement.denies)


def _takes_from_iam(statement: Statement) -> bool:
    """Whether a Deny may be there to leave less than an administrator: not one for want of a second factor, say."""
    if statement.conditions and not any(action.key.startswith("iam:") for action in statement.actions):
        return False
    everywhere = statement.has("NotResource") or any(map(_may_be_of_iam, statement.resources))
    return everywhere and any(map(statement.applies_to_action, _GIVING))


def _may_be_of_iam(resource: Pattern) -> bool:
    return resource.is_everything or ":iam:" in resource.text
