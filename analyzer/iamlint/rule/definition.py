"""Rule: a check and what is known of it. Knows nothing of where rules are found."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from iamlint.policy import Account, Policy, PolicyKind, Principal, Statement
from iamlint.rule.context import Context
from iamlint.rule.finding import Confidence, Finding, Severity
from iamlint.source.file import Problem

Subject = TypeVar("Subject", Policy, Statement, Principal, Account, Problem)
Check = Callable[[Subject, Context], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule(Generic[Subject]):
    """A check and what is known of it. A value: importing a rule's module registers nothing."""

    code: str
    on: type[Subject]
    severity: Severity
    check: Check[Subject]
    confidence: Confidence = Confidence.HIGH
    kinds: frozenset[PolicyKind] | None = None
    """The policy kinds it applies to; None for all."""
    needs: frozenset[str] = frozenset()
    """What a statement must have for the rule to have anything to say: names of elements, `Allow`, `ARN` …"""
    aws: tuple[str, ...] = ()
    """The issue codes of Access Analyzer's ValidatePolicy that it reports."""
    parliament: tuple[str, ...] = ()
    """parliament's issues that it says better: they are not repeated in a statement where it speaks."""
    pedantic: bool = False
    """Only with `--pedantic`: true, but of interest to few."""
    options: type[Any] | None = None

    @property
    def name(self) -> str:
        """The rule's name: its function's, in kebab case."""
        return self.check.__name__.replace("_", "-")

    @property
    def category(self) -> str:
        """The rule's category: the folder of its file."""
        return self.check.__module__.rpartition(".")[0].rpartition(".")[2]

    @property
    def manual(self) -> str:
        """The rule's manual: its function's docstring, in Markdown."""
        from inspect import cleandoc  # noqa: PLC0415 - heavy, and only manuals need it

        return cleandoc(self.check.__doc__ or "")

    @property
    def title(self) -> str:
        """The first line of the manual, without its period."""
        return (self.check.__doc__ or "").strip().partition("\n")[0].rstrip(".")

    @property
    def fixable(self) -> bool:
        """Whether it offers fixes: its manual shows one."""
        return "json fixed" in (self.check.__doc__ or "")

    def applies_to(self, kind: PolicyKind) -> bool:
        """Whether it has anything to say of policies of a kind."""
        return self.kinds is None or kind in self.kinds


def rule(
    code: str,
    *,
    on: type[Subject],
    severity: Severity,
    confidence: Confidence = Confidence.HIGH,
    kinds: Iterable[PolicyKind] | None = None,
    needs: str | tuple[str, ...] = (),
    aws: str | tuple[str, ...] = (),
    parliament: str | tuple[str, ...] = (),
    pedantic: bool = False,
    options: type[Any] | None = None,
) -> Callable[[Check[Subject]], Rule[Subject]]:
    """Make a rule of a generator function; its name, category and manual come from the function.

    Args:
        code: Three capital letters or more and three digits, such as `IAM201`; never used twice.
        on: The subject: Policy, Statement, Principal, Account, or Problem (of the text itself).
        severity: How bad it is if true.
        confidence: How sure it is.
        kinds: The policy kinds it applies to; all of them if not given.
        needs: What a statement must have, all of it, to be shown to the rule: names of elements (`Condition`,
            `NotAction`, …), `Allow` or `Deny` for its effect, `ARN` for a resource other than `*`, `variable` for a
            text that may hold a `${`. A rule on policies is shown those of which a statement has it. Most statements
            have no Condition: what is about conditions is then never asked about them.
        aws: The code or codes of Access Analyzer's ValidatePolicy for the same thing.
        parliament: The issue or issues of parliament that it replaces.
        pedantic: Report only with `--pedantic`.
        options: A pydantic model of the rule's options.
    """

    def make(check: Check[Subject]) -> Rule[Subject]:
        return Rule(
            code=code,
            on=on,
            severity=severity,
            check=check,
            confidence=confidence,
            kinds=None if kinds is None else frozenset(kinds),
            needs=frozenset((needs,) if isinstance(needs, str) else needs),
            aws=(aws,) if isinstance(aws, str) else aws,
            parliament=(parliament,) if isinstance(parliament, str) else parliament,
            pedantic=pedantic,
            options=options,
        )

    return make
