"""The authoring API: everything a rule file imports. Knows no rule, no file and no output format."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from iamlint.bridges.opinion import Opinion
from iamlint.catalog import REGIONS, Action, Catalog, ConditionKey, Operation, ResourceType, Service
from iamlint.policy import (
    Account,
    Arn,
    Condition,
    ConditionValue,
    Operator,
    Pattern,
    Policy,
    PolicyKind,
    Principal,
    PrincipalEntry,
    Statement,
    arn_fields,
    covered,
    is_computed,
    is_placeholder,
    maybe_covered,
)
from iamlint.reach.paths import Opened, Path
from iamlint.reach.step import Ground, Scope, Step, Way
from iamlint.source.file import Problem
from iamlint.text import ROOT, Pointer

__all__ = [
    "REGIONS",
    "ROOT",
    "Account",
    "Action",
    "Applicability",
    "Arn",
    "Catalog",
    "Condition",
    "ConditionKey",
    "ConditionValue",
    "Confidence",
    "Context",
    "Edit",
    "Finding",
    "Fix",
    "Ground",
    "Opened",
    "Operation",
    "Operator",
    "Opinion",
    "Path",
    "Pattern",
    "Pointer",
    "Policy",
    "PolicyKind",
    "Principal",
    "PrincipalEntry",
    "Problem",
    "Related",
    "ResourceType",
    "Rule",
    "Scope",
    "Service",
    "Severity",
    "Statement",
    "Step",
    "Way",
    "arn_fields",
    "covered",
    "insert",
    "is_computed",
    "is_placeholder",
    "maybe_covered",
    "remove",
    "rename",
    "replace",
    "rule",
]


class _Ranked(StrEnum):
    """Words in order, the weightiest first."""

    @property
    def rank(self) -> int:
        """0 for the weightiest."""
        return list(type(self)).index(self)

    def at_least(self, other: "_Ranked") -> bool:
        """Whether this weighs as much as `other` or more."""
        return self.rank <= other.rank


class Severity(_Ranked):
    """How much harm a finding means if it is true."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Confidence(_Ranked):
    """How sure it is that a finding is true."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Applicability(StrEnum):
    """What a fix does to the meaning: nothing; grants less; or more than can be proved."""

    SAFE = "safe"
    TIGHTENING = "tightening"
    RISKY = "risky"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a document: `verb` is remove, replace, rename or insert. Made by the functions of those names."""

    verb: str
    at: Pointer
    value: Any = None


def remove(at: Pointer) -> Edit:
    """Remove a list entry or a member, with its comma."""
    return Edit("remove", at)


def replace(at: Pointer, value: object) -> Edit:
    """Put another JSON value in a place."""
    return Edit("replace", at, value)


def rename(at: Pointer, key: str) -> Edit:
    """Give a member another key."""
    return Edit("rename", at, key)


def insert(at: Pointer, value: object) -> Edit:
    """Insert a JSON value as a member or list entry: the last token of `at` is its key, or the index to come before.

    A member goes where the grammar's customary order has it (Version first), else last.
    """
    return Edit("insert", at, value)


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that mend a finding, and what they do to the meaning."""

    title: str
    applicability: Applicability
    edits: tuple[Edit, ...]

    @classmethod
    def safely(cls, title: str, *edits: Edit) -> "Fix":
        """A fix after which the policy grants and denies exactly the same."""
        return cls(title, Applicability.SAFE, edits)

    @classmethod
    def tightening(cls, title: str, *edits: Edit) -> "Fix":
        """A fix after which the policy grants the same or less."""
        return cls(title, Applicability.TIGHTENING, edits)

    @classmethod
    def risky(cls, title: str, *edits: Edit) -> "Fix":
        """A fix that is likely what was meant, but may grant something new; shown, and applied only when asked."""
        return cls(title, Applicability.RISKY, edits)


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a finding is about, with a few words."""

    at: Pointer
    message: str
    policy: Policy | None = None
    """The policy that `at` points into, where it is not the finding's."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: a place and a message. All texts start in lower case and have no final period.

    Attributes:
        at: The place, in the policy.
        message: What is; user input in backticks.
        label: Words under the carets, where they say more than the message.
        why: The cause or the consequence, when the message cannot hold it.
        help: What to do.
        on_key: Point at the key of the member at `at`, not at its value.
        part: Point at this range of code points within the text at `at`.
        related: Other places that belong to it.
        fix: Edits that mend it.
        severity: Other than the rule's, where this case weighs differently.
        confidence: Other than the rule's, where this case is less sure.
        aws: Access Analyzer's codes for this case, where the rule has several.
        policy: For rules on a Principal or Account: the policy that `at` points into.
    """

    at: Pointer
    message: str
    label: str = ""
    why: str = ""
    help: str = ""
    on_key: bool = False
    part: tuple[int, int] | None = None
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    severity: Severity | None = None
    confidence: Confidence | None = None
    aws: tuple[str, ...] | None = None
    policy: Policy | None = None


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

    def opened(self, principal: Principal, paths: Sequence[Path]) -> Iterator[Opened]:
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
    """What a statement must have for the rule to have anything to say: names of elements, `Allow`, `Deny`, `ARN`."""
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
            `NotAction`, …), `Allow` or `Deny` for its effect, `ARN` for a resource other than `*`. A rule on policies
            is shown those of which a statement has it. Most statements have no Condition: what is about conditions is
            then never asked about them.
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
