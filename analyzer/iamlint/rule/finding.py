"""Findings: what a rule says, how much it weighs, and the edits that would mend it. Pure values."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from iamlint.policy import Policy
from iamlint.text import Pointer


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
