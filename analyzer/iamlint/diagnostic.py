"""Diagnostic and Report: all that reporters see. Knows nothing of how they were found."""

from dataclasses import dataclass, field

from iamlint.rule import Confidence, Fix, Severity
from iamlint.source.file import File
from iamlint.text import Pointer, Position, Span


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a file, and words about it."""

    file: File
    pointer: Pointer
    span: Span
    message: str = ""

    @property
    def start(self) -> Position:
        """The first character."""
        return self.file.position(self.span.start)

    @property
    def end(self) -> Position:
        """The character after the last one."""
        return self.file.position(self.span.end)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding with its rule and its place in a file."""

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    message: str
    place: Place
    """Where; its message is the label under the carets, often empty."""
    policy_type: str | None
    address: str | None
    why: str = ""
    help: str = ""
    related: tuple[Place, ...] = ()
    access_analyzer: tuple[str, ...] = ()
    parliament: tuple[str, ...] = ()
    fingerprint: str = ""
    fix: Fix | None = None

    @property
    def sort_key(self) -> tuple[str, int, int, str]:
        """By file and place, then by code."""
        return self.place.file.name, self.place.span.start, self.place.span.end, self.code


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not looked at, and why."""

    file: str
    why: str


@dataclass(frozen=True, slots=True)
class Crash:
    """A rule that failed on a document: our fault, shown beside the findings."""

    rule: str
    file: str
    error: str
    traceback: str


@dataclass(frozen=True, slots=True)
class Report:
    """What one run found. Counts are of files that hold policies, and of policies."""

    diagnostics: tuple[Diagnostic, ...] = ()
    files: int = 0
    policies: int = 0
    skipped: tuple[Skipped, ...] = ()
    crashes: tuple[Crash, ...] = ()
    catalogue: str = ""
    principals: tuple[str, ...] = field(default=())
    """The roles, users and groups whose policies were judged together."""

    def worst(self) -> Severity | None:
        """The weightiest severity found, or None when there is none."""
        return min((d.severity for d in self.diagnostics), key=lambda s: s.rank, default=None)
