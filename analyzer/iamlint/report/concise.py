"""One line a finding, in the form that editors and grep understand."""

from collections.abc import Iterator

from iamlint.diagnostic import Report
from iamlint.report import Style
from iamlint.report.full import location, statistics, summary
from iamlint.report.paint import BOLD, SEVERITY, paint, safe


def render(report: Report, style: Style) -> Iterator[str]:
    """The report as lines of text, each with its line end."""
    for each in report.diagnostics:
        head = paint(f"{each.severity}[{each.code}]", SEVERITY[each.severity], style.color)
        yield f"{paint(location(each), BOLD, style.color)}: {head} {each.name}: {safe(each.message)}\n"
    if style.statistics:
        yield from statistics(report)
    if not style.quiet and (report.policies or report.diagnostics):
        yield f"{summary(report)}\n"
