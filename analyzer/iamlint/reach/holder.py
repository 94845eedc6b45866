"""Holder: a principal with all its policies, asked whether it may take a step. Plain grants are seen at once."""

import re
from collections.abc import Iterator
from functools import cached_property
from operator import is_
from typing import Final

from iamlint.catalog import Catalog
from iamlint.policy import Account, Pattern, PolicyKind, Principal
from iamlint.reach.index import Index
from iamlint.reach.plain import Answer, look
from iamlint.reach.resources import meant, scope
from iamlint.reach.step import Ground, Step, Way
from iamlint.reach.trust import trusts
from iamlint.reach.whole import has_iam, of_everything

_WILD = re.compile(r" ([^ :]+):[^ *]*\*")


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
        self._known: dict[Step, Way | None] = {}
        self._usable: dict[frozenset[str], bool] = {}

    @cached_property
    def whole(self) -> frozenset[Ground]:
        """The statements that make an administrator, if only under a condition: where they hold, all paths end."""
        is_likely = " *" in self._entries and not self.boundary
        return of_everything(tuple(self._grounds())) if is_likely else frozenset()

    @property
    def is_administrator(self) -> bool:
        """Whether everything is plainly allowed, so that there is nothing more to be had."""
        return any(not ground.statement.conditions for ground in self.whole)

    @cached_property
    def has_iam(self) -> bool:
        """Whether all of IAM is plainly allowed, so that what it can give, the principal can have."""
        is_likely = " iam:*" in self._entries and not self.boundary
        return is_likely and has_iam(tuple(self._grounds()))

    def may(self, action: str) -> bool:
        """Whether any statement allows an action, on whatever resource and under whatever condition."""
        key = action.lower()
        if f" {key} " in self._entries:
            return True
        return (self._is_wide or key.partition(":")[0] in self._wild) and bool(self._allows.of(action))

    def may_use(self, services: frozenset[str]) -> bool:
        """Whether statements may allow actions of all of some services, as the texts of their entries tell."""
        known = self._usable.get(services)
        if known is None:
            named = all(f" {service}:" in self._entries for service in services)
            known = self._usable[services] = named or self._is_wide
        return known

    @cached_property
    def _entries(self) -> str:
        """What is allowed, in lower case, with blanks around every entry; `*` stands for all but some actions."""
        words: list[object] = [""]
        for policy in self.identity:
            for statement in policy.statements:
                if statement.allows:
                    listed = statement.raw.get("Action", "*")
                    words += listed if isinstance(listed, list) else [listed]
        return " ".join([word for word in words if isinstance(word, str)]).lower() + " "

    @cached_property
    def _is_wide(self) -> bool:
        """Whether an entry may be about several services."""
        return " *" in self._entries or "*:" in self._entries or "?" in self._entries

    @cached_property
    def _wild(self) -> frozenset[str]:
        """The services that an entry with a wildcard is about."""
        return frozenset(_WILD.findall(self._entries))

    def _grounds(self) -> Iterator[Ground]:
        return (Ground(policy, statement) for policy in self.identity for statement in policy.statements)

    @cached_property
    def _allows(self) -> Index:
        return Index(ground for ground in self._grounds() if ground.statement.allows and ground not in self.whole)

    @cached_property
    def _denies(self) -> Index:
        return Index(ground for ground in self._grounds() if ground.statement.denies)

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
