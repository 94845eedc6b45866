"""Holder: a principal with all its policies, asked whether it may take a step. Plain grants are seen at once."""

from collections.abc import Sequence
from operator import is_
from typing import Final

from iamlint.catalog import Catalog
from iamlint.policy import Account, Pattern, PolicyKind, Principal
from iamlint.reach.index import Index
from iamlint.reach.plain import Answer, look
from iamlint.reach.resources import meant, scope
from iamlint.reach.step import Ground, Step, Way
from iamlint.reach.trust import trusts


class Holder:
    """What a principal may effectively do: by its policies and its groups', within its boundary, minus what they deny.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
    """

    def __init__(self, principal: Principal, catalog: Catalog, account: Account | None = None) -> None:
        self.principal: Final = principal
        self.catalog: Final = catalog
        self._account: Final = account
        self.identity: Final = tuple(policy for policy in principal.policies if policy.kind is PolicyKind.IDENTITY)
        self.boundary: Final = tuple(policy for policy in principal.policies if policy.kind is PolicyKind.BOUNDARY)
        grounds = [Ground(policy, statement) for policy in self.identity for statement in policy.statements]
        self._allows = Index(ground for ground in grounds if ground.statement.allows)
        self._denies = Index(ground for ground in grounds if ground.statement.denies)
        self.is_administrator: Final = not self.boundary and _is_administrator(grounds)
        """Whether everything is plainly allowed, so that there is nothing more to be had."""
        self._known: dict[Step, Way | None] = {}

    def may(self, action: str) -> bool:
        """Whether any statement allows an action, on whatever resource and under whatever condition."""
        return bool(self._allows.of(action))

    def may_use(self, services: frozenset[str]) -> bool:
        """Whether a statement may allow actions of each of some services: a quick look."""
        return self._allows.is_wide or services <= self._allows.services

    def way(self, step: Step) -> Way | None:
        """A request by which the principal takes a step; None if there is none, or if that would take long to know."""
        if step not in self._known:
            self._known[step] = self._way(step)
        return self._known[step]

    def meant(self, step: Step) -> Step:
        """A step with the resources that are meant: what its action works on; of roles, those that trust who acts."""
        step = meant(step, self.catalog)
        if not step.trusting or self._account is None:
            return step
        roles = trusts(self._account).of(step.trusting, self.principal)
        return step._replace(
            resource=tuple(r for r in roles if any(Pattern(text).matches(r) for text in step.resource))
        )

    def _way(self, step: Step) -> Way | None:
        allowing = self._allows.of(step.action)
        if not allowing:
            return None
        step = self.meant(step)
        if not step.resource:
            return None
        if not self.boundary and not self._denies.of(step.action):
            looks = [look(ground.statement, step, self.principal.arn) for ground in allowing]
            for ground, found in zip(allowing, looks, strict=True):
                if not isinstance(found, Answer):
                    limited = bool(ground.statement.conditions)
                    return Way(step.action, *found, (ground,), scope((ground,), step), limited)
            if Answer.UNDECIDED not in looks:
                return None
        from iamlint.reach.proof import prove  # noqa: PLC0415 - the engine is slow to import, and few steps need it

        return prove(self, step)


def _is_administrator(grounds: Sequence[Ground]) -> bool:
    if any(statement.denies for _, statement in grounds):
        return False
    plain = [statement for _, statement in grounds if statement.allows and not statement.conditions]
    return any(any(a.is_everything for a in s.actions) and any(r.is_everything for r in s.resources) for s in plain)


class _Latest:
    """The holder that was asked for last: every rule in turn asks for the same one."""

    made: Holder | None = None
    of: tuple[object, ...] = ()


def holder(principal: Principal, catalog: Catalog, account: Account | None = None) -> Holder:
    """The holder that a principal is; what one rule found out about it, the next one knows.

    Args:
        principal: The principal.
        catalog: AWS's actions, resource types and condition keys.
        account: All principals of its account, where they are known.
    """
    wanted = (principal, catalog, account)
    if _Latest.made is None or not all(map(is_, _Latest.of, wanted)):
        _Latest.made, _Latest.of = Holder(*wanted), wanted
    return _Latest.made
