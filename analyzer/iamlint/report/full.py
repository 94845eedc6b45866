"""The format for people: what, where with a code frame, why, what to do; then one line that sums up."""

from collections import Counter
from collections.abc import Iterator

from iamlint.diagnostic import Diagnostic, Place, Report
from iamlint.report import Style
from iamlint.report.frame import frame
from iamlint.report.paint import BLUE, BOLD, SEVERITY, paint, safe
from iamlint.rule import Severity


def render(report: Report, style: Style) -> Iterator[str]:
    """The report as lines of text, each with its line end."""
    for diagnostic in report.diagnostics:
        for line in _diagnostic(diagnostic, style):
            yield f"{line}\n"
        yield "\n"
    if style.statistics:
        yield from statistics(report)
    if not style.quiet and (report.policies or report.diagnostics or report.principals):
        yield f"{summary(report)}\n"


def _diagnostic(diagnostic: Diagnostic, style: Style) -> Iterator[str]:
    color = SEVERITY[diagnostic.severity] if style.color else ""
    head = paint(f"{diagnostic.severity}[{diagnostic.code}]", color, style.color)
    yield f"{head} {paint(diagnostic.name, BOLD, style.color)}: {safe(diagnostic.message)}"
    margin = " " * len(str(max(place.start.line for place in (diagnostic.place, *_beside(diagnostic)))))
    yield f"{margin}{paint('-->', BLUE, style.color)} {location(diagnostic)}"
    yield from frame(diagnostic.place, diagnostic.related, color, style.width)
    for word, text in _notes(diagnostic):
        yield f"{margin} {paint('=', BLUE, style.color)} {paint(f'{word}:', BOLD, style.color):<5} {safe(text)}"


def _beside(diagnostic: Diagnostic) -> Iterator[Place]:
    yield from (place for place in diagnostic.related if place.file is diagnostic.place.file)


def location(diagnostic: Diagnostic) -> str:
    """File, line and column as editors understand them, and the policy's address where the file holds several."""
    start = diagnostic.place.start
    address = f" ({safe(diagnostic.address)})" if diagnostic.address else ""
    return f"{safe(diagnostic.place.file.name)}:{start.line}:{start.column}{address}"


def _notes(diagnostic: Diagnostic) -> Iterator[tuple[str, str]]:
    for place in diagnostic.related:
        if place.file is not diagnostic.place.file:
            yield "see", f"{place.file.name}:{place.start.line}:{place.start.column}: {place.message}"
    if diagnostic.why:
        yield "why", diagnostic.why
    if diagnostic.help:
        yield "help", diagnostic.help
    if diagnostic.fix:
        yield "fix", f"{diagnostic.fix.title} ({diagnostic.fix.applicability})"
    if diagnostic.parliament:
        yield "also", f"parliament: {', '.join(diagnostic.parliament)}"
    yield "docs", f"`iamlint rule {diagnostic.code}`"


def summary(report: Report) -> str:
    """One line: how many problems of what weight, in how many policies, and how old AWS's data is."""
    catalogue = f"Catalogue of {report.catalogue}."
    policies = _count(report.policies, "policy", "policies")
    if not report.diagnostics:
        return f"No problems in {policies}. {catalogue}"
    severities = Counter(diagnostic.severity for diagnostic in report.diagnostics)
    weights = ", ".join(f"{severities[each]} {each}" for each in Severity if severities[each])
    touched = len({(d.place.file.name, d.address) for d in report.diagnostics})
    fixable = sum(diagnostic.fix is not None for diagnostic in report.diagnostics)
    problems = _count(len(report.diagnostics), "problem", "problems")
    touched = min(touched, report.policies) or touched  # a principal may have none of its own
    where = f"{touched} of {policies}" if report.policies else _count(touched, "file", "files")
    mendable = f", {fixable} fixable" if fixable else ""
    return f"Found {problems} ({weights}) in {where}{mendable}. {catalogue}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def statistics(report: Report) -> Iterator[str]:
    """How often each rule spoke, the most frequent first."""
    counts = Counter((d.code, d.name) for d in report.diagnostics)
    for (code, name), number in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"{number:>6}  {code}  {name}\n"
    if counts:
        yield "\n"
