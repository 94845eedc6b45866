"""Holder: a principal with all its policies, asked whether it may take a step. Plain grants are seen at once."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from iamlint.catalog import Catalog
from iamlint.policy import Arn, PolicyKind, Principal
from iamlint.reach.index import Index
from iamlint.reach.resources import EXAMPLE_ACCOUNT, filled, scope, takes_all
from iamlint.reach.step import Ground, Step, Way


class Holder:
    """What a principal may effectively do: by its policies and its groups', within its boundary, minus what they deny.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
    """

    def __init__(self, principal: Principal, catalog: Catalog) -> None:
        self.principal: Final = principal
        self.catalog: Final = catalog
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

    def way(self, step: Step) -> Way | None:
        """A request by which the principal takes a step; None if there is none, or if that would take long to know."""
        if step not in self._known:
            self._known[step] = self._way(step)
        return self._known[step]

    def _way(self, step: Step) -> Way | None:
        allowing = self._allows.of(step.action)
        if not allowing:
            return None
        if not self.boundary and not self._denies.of(step.action):
            for ground in allowing:
                resource = self._plainly(ground, step)
                if resource:
                    demands = [(key, values) for operator, key, values in step.where if operator != "Null"]
                    where = ", ".join(f"`{key}` is `{values[0]}`" for key, values in demands)
                    return Way(step.action, resource, where, (ground,), scope((ground,), step))
        from iamlint.reach.proof import prove  # noqa: PLC0415 - the engine is slow to import, and few steps need it

        return prove(self, step)

    def _plainly(self, ground: Ground, step: Step) -> str:
        """A resource on which a statement allows a step whatever the circumstances, as one sees at once; or nothing."""
        own = self.principal.account
        for entry in () if ground.statement.conditions else ground.statement.resources:
            if entry.is_everything:
                return self._example(step)
            for text in step.resource:
                arn = Arn.parse(entry.text)
                if arn is not None and takes_all(entry, text) and own in ("", arn.account):
                    return filled(text, arn.account, arn.partition)
        return ""

    def _example(self, step: Step) -> str:
        """A resource that fits a step."""
        templates: Sequence[str] = step.resource
        if step.resource == ("*",):
            templates = self.catalog.arns_of(step.action) or templates
        return filled(templates[0], self.principal.account or EXAMPLE_ACCOUNT)


def _is_administrator(grounds: Sequence[Ground]) -> bool:
    if any(statement.denies for _, statement in grounds):
        return False
    plain = [statement for _, statement in grounds if statement.allows and not statement.conditions]
    return any(any(a.is_everything for a in s.actions) and any(r.is_everything for r in s.resources) for s in plain)


@lru_cache(maxsize=2)
def holder(principal: Principal, catalog: Catalog) -> Holder:
    """The holder that a principal is; what one rule found out about it, the next one knows."""
    return Holder(principal, catalog)
