"""Context: what a rule may look at besides its subject. The engine is asked by way of it, and only when needed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from iamlint.bridges.opinion import Opinion
from iamlint.catalog import Catalog
from iamlint.policy import Account, Policy, Principal, Statement
from iamlint.reach.paths import Opened, Paths
from iamlint.source.file import Problem
from iamlint.text import Pointer


def _no_opinions() -> Iterable[Opinion]:
    return ()


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may look at besides its subject."""

    catalog: Catalog
    policy: Policy
    """The policy that the subject belongs to."""
    options: Any = None
    """The rule's own options, an instance of the model given to `@rule(options=…)`."""
    problems: tuple[Problem, ...] = ()
    """What is wrong with the text of the document itself."""
    ask: Callable[[], Iterable[Opinion]] = field(default=_no_opinions)
    account: Account | None = None
    """For rules on a Principal: all principals of its account, where they are known."""

    @property
    def is_repaired(self) -> bool:
        """Whether the text broke off or was mended to be read, so that what is missing may only be unread."""
        return any(problem.kind in ("syntax", "depth") for problem in self.problems)

    def opinions(self, issue: str) -> Iterator[Opinion]:
        """What parliament says of the policy under one of its issue names; asked once for all rules."""
        return (opinion for opinion in self.ask() if opinion.issue == issue)

    def opened(self, principal: Principal, paths: Paths) -> Iterator[Opened]:
        """Which paths to more permissions are open to a principal, by all its policies within its boundary.

        What is plainly granted is seen at once, the rest is asked of the engine; a step that takes long to know is not
        open. None is open to an administrator, who has everything already.
        """
        from iamlint import reach  # noqa: PLC0415 - only rules on principals ask

        return reach.opened(reach.holder(principal, self.catalog, self.account), paths)

    def adds_nothing(self, statement: Statement, beside: Iterable[Statement]) -> bool:
        """Whether other statements of the same effect apply to every request that a statement applies to.

        This and the next two are answered by the engine, exactly; False where it would take long to know. Ask only
        what a look at the patterns leaves open: an answer takes about a millisecond.
        """
        from iamlint import meaning  # noqa: PLC0415 - the engine is slow to import, and few policies need it

        return meaning.adds_nothing(self.policy, statement, tuple(beside), self.catalog)

    def never_applies(self, statement: Statement) -> bool:
        """Whether no request can be made that a statement applies to."""
        from iamlint import meaning  # noqa: PLC0415

        return meaning.never_applies(self.policy, statement, self.catalog)

    def cancelled(self, statement: Statement, by: Iterable[Statement]) -> bool:
        """Whether the Deny statements among `by` deny every request that an Allow statement lets through."""
        from iamlint import meaning  # noqa: PLC0415

        return meaning.cancelled(self.policy, statement, tuple(by), self.catalog)

    def same_without(self, statement: Statement, *at: Pointer) -> bool:
        """Whether a statement applies to the same requests without what stands at some places in it."""
        from iamlint import meaning  # noqa: PLC0415

        return meaning.same_without(self.policy, statement, at, self.catalog)

    def exposure(self, statement: Statement, actions: Sequence[str] = (), *, services: bool = True) -> str | None:
        """What an Allow statement lets strangers do for all that its policy denies, in words; None if nothing.

        Strangers are those whom the policy does not name, as AWS defines *public*. No words: there may be something.

        Args:
            statement: The statement.
            actions: Actions of the statement that the question is about; all of them if none is given.
            services: Whether AWS's services are trusted, whomever they act for.
        """
        from iamlint.exposure import exposure  # noqa: PLC0415

        return exposure(self.policy, statement, actions, self.catalog, services=services)
