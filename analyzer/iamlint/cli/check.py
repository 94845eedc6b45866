"""`iamlint check`: reads what the user named, runs the line, writes the report. Parses no options."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from iamlint import source
from iamlint.catalog import load
from iamlint.cli.console import columns, note, read_stdin, use_color, write
from iamlint.cli.main import OUR_FAULT
from iamlint.cli.options import CheckOptions
from iamlint.diagnostic import Report
from iamlint.errors import IamlintError
from iamlint.pipeline import Ask, lint
from iamlint.policy import PolicyKind
from iamlint.registry import AnyRule, load_rules, select
from iamlint.report import Style, renderer
from iamlint.rule import Confidence, Severity
from iamlint.source.document import Reading
from iamlint.source.roles import as_role, join_folders

FINDINGS = 1
STDIN = "-"


def run(options: CheckOptions) -> int:
    """Check what the options name and write the report.

    Returns:
        0 clean, 1 findings at or above `--fail-on`, 2 something could not be read, 3 a rule crashed.

    Raises:
        IamlintError: An option or a path cannot be used.
    """
    rules = chosen_rules(options)
    if options.batch is not None:
        from iamlint.cli.batch import run_batch  # noqa: PLC0415 - only for this option

        return run_batch(options, rules)
    readings = list(_readings(options))
    report = narrowed(lint(join_folders(readings), rules, load(), asker(rules)), options)
    style = Style(use_color(options.color), columns(), options.quiet, options.statistics)
    write(renderer(options.format)(report, style), options.output_file)
    return max(_say_what_went_wrong(report, readings, options), outcome(report, options))


def chosen_rules(options: CheckOptions) -> tuple[AnyRule, ...]:
    """The rules that the options select."""
    rules = select(load_rules(), options.select, options.ignore, options.extend_select)
    return tuple(
        rule
        for rule in rules
        if (options.pedantic or not rule.pedantic or rule.code in options.select or rule.name in options.select)
        and not (options.no_parliament and rule.category == "parliament")
    )


def asker(rules: Iterable[AnyRule]) -> Ask | None:
    """The way to parliament, if some rule will ask."""
    if not any(rule.category == "parliament" for rule in rules):
        return None
    from iamlint.bridges.parliament import opinions  # noqa: PLC0415 - slow to import

    return opinions


def _readings(options: CheckOptions) -> Iterator[Reading]:
    kind = PolicyKind(options.policy_type) if options.policy_type else None
    if options.trust or options.permissions:
        trust = [_file(path, PolicyKind.TRUST) for path in options.trust]
        permissions = [_file(path, PolicyKind.IDENTITY) for path in options.permissions]
        yield from as_role([*trust, *permissions])
        if not options.paths:
            return
    for path in source.expand(options.paths or (".",), options.exclude):
        if path == STDIN:
            name = options.stdin_filename or "<stdin>"
            yield source.read(name, read_stdin(), kind=kind, explicit=True)
        else:
            yield source.read_file(path, kind=kind)


def _file(path: str, kind: PolicyKind) -> Reading:
    if path == STDIN:
        reading = source.read("<stdin>", read_stdin(), kind=kind, explicit=True)
    else:
        reading = source.read_file(path, kind=kind)
    reason = reading.unread or reading.skipped
    if reason:
        raise IamlintError(f"`{path}` cannot be read: {reason}", help="name a file that holds the role's policy")
    return reading


def narrowed(report: Report, options: CheckOptions) -> Report:
    """The report without what `--min-severity` and `--min-confidence` leave out."""
    severity, confidence = Severity(options.min_severity), Confidence(options.min_confidence)
    kept = (d for d in report.diagnostics if d.severity.at_least(severity) and d.confidence.at_least(confidence))
    return replace(report, diagnostics=tuple(kept))


def outcome(report: Report, options: CheckOptions) -> int:
    """The exit code that the findings alone call for."""
    worst = report.worst()
    failed = worst is not None and worst.at_least(Severity(options.fail_on))
    return FINDINGS if failed and not options.exit_zero else 0


def _say_what_went_wrong(report: Report, readings: Iterable[Reading], options: CheckOptions) -> int:
    """Notes on stderr for what was not looked at, and the exit code that this calls for."""
    code = 0
    for crash in report.crashes:
        note(f"crash: rule {crash.rule} failed on {crash.file}: {crash.error}")
        note(crash.traceback if options.verbose else " help: this is a bug in the rule; `-v` shows the traceback")
        code = OUR_FAULT
    for reading in readings:
        if reading.unread:
            note(f"error: `{reading.file.name}` cannot be read: {reading.unread}")
            code = max(code, 2)
        elif reading.skipped and options.verbose:
            note(f"passed over: {reading.file.name}: {reading.skipped}")
    if not report.policies and not report.principals and not report.diagnostics and not code and not options.quiet:
        note(f"note: {_nothing(readings)}")
    return code


def _nothing(readings: Iterable[Reading]) -> str:
    passed = [reading for reading in readings if reading.skipped]
    if len(passed) == 1:
        return f"{passed[0].file.name}: {passed[0].skipped}"
    if not passed:
        return "no file to check: no JSON or YAML here that is not excluded or in .gitignore"
    return f"no policy found in {len(passed)} files; `-v` says why each was passed over"
