"""The harness that executes rule documentation, for any pack: each fence of a manual is a test case.

A fence opens with its language, a verdict and, where it is no identity policy, what it is: ` ```json bad trust `,
` ```json good resource:sqs `, ` ```yaml bad scp `, ` ```json bad role ` (as get-account-authorization-details prints
one). In a `bad` fence a line of carets under a line asserts a finding: its start, end and message; a line of dashes
asserts a related place. `fixed` is what the fixes make of the `bad` fence before it. In `good`, the rule is silent.

What a fix promises is proved, in every `bad` fence and fix by fix: the engine must find no request to which a safe fix
makes a difference, and none that a tightening fix lets through anew. Of a risky fix nothing is to be proved.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from iamlint import fix as fixing
from iamlint.bridges.opinion import Opinion
from iamlint.catalog import Catalog, load
from iamlint.diagnostic import Diagnostic, Place, Report
from iamlint.engine.compare import Answer
from iamlint.meaning import gain
from iamlint.pipeline import lint
from iamlint.policy import Policy, PolicyKind
from iamlint.registry import AnyRule
from iamlint.rule import Applicability, Fix
from iamlint.source import Reading, read
from iamlint.source.placed import Placed, placed
from iamlint.words import what, when, who

_FENCE = re.compile(r"^```(json|yaml) (bad|fixed|good)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"^( *)(\^+|(?<= )--+)(?: (.*))?$")
_ROLE = "role"
_WORDS = {"bad": "Reported", "fixed": "Fixed", "good": "Fine"}


@dataclass(frozen=True, slots=True)
class Mark:
    """What a line of carets or dashes asserts: a line, columns from 0 with the end excluded, and a message."""

    line: int
    start: int
    end: int
    sign: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}, columns {self.start + 1}-{self.end}: {self.sign} {self.message}"


@dataclass(frozen=True, slots=True)
class Example:
    """One fence: its text without the marks, and the marks."""

    language: str
    verdict: str
    subject: str
    text: str
    line: int
    marks: tuple[Mark, ...] = field(default=())

    def reading(self, *, of_text: bool = False) -> Reading:
        """The example, read as the kind of policy it says it is; `of_text`: as a file that may be anything."""
        kind, _, service = self.subject.partition(":")
        forced = None if of_text or kind == _ROLE else PolicyKind(kind or "identity")
        reading = read(f"example.{self.language}", self.text.encode(), kind=forced)
        if not service:
            return reading
        return reading._replace(
            found=tuple(found._replace(service=service, is_attached=True) for found in reading.found)
        )


def examples(manual: str) -> tuple[Example, ...]:
    """The examples of a manual, in order; `fixed` takes its subject from the `bad` one before it."""
    found: list[Example] = []
    for match in _FENCE.finditer(manual):
        language, verdict, subject, body = match.groups()
        text, marks = _unmark(body.splitlines())
        if verdict == "fixed" and not subject and found:
            subject = found[-1].subject
        line = manual.count("\n", 0, match.start()) + 1
        found.append(Example(language, verdict, subject or "", text, line, marks))
    return tuple(found)


def _unmark(lines: Sequence[str]) -> tuple[str, tuple[Mark, ...]]:
    kept: list[str] = []
    marks = []
    for line in lines:
        match = _MARK.match(line)
        if match and kept:
            start, end = match.span(2)
            marks.append(Mark(len(kept), start, end, match[2][0], match[3] or ""))
        else:
            kept.append(line)
    return "\n".join(kept) + "\n", tuple(marks)


def reading_form(manual: str) -> str:
    """A manual for people: what the harness reads off a fence's first line stands in words above it."""
    return re.sub(
        r"^```(json|yaml) (bad|fixed|good)(?: (\S+))?$",
        lambda fence: f"{_WORDS[fence[2]]}{f' ({fence[3]})' if fence[3] else ''}:\n\n```{fence[1]}",
        manual,
        flags=re.MULTILINE,
    )


def run(rule: AnyRule, reading: Reading) -> Report:
    """What one rule says of a document; parliament is asked only by the rules that pass its findings on."""
    return lint([reading], [rule], load(), _ask)


def _ask(policy: Policy, catalog: Catalog) -> Sequence[Opinion]:
    from iamlint.bridges.parliament import opinions  # noqa: PLC0415 - few rules ask, and it is slow to import

    return opinions(policy, catalog)


def faults(rule: AnyRule, manual: str | None = None) -> Iterator[str]:
    """What is wrong with a rule according to its manual, a sentence each; nothing when all its examples hold.

    Args:
        rule: The rule.
        manual: Other examples than its own manual's, in the same form.
    """
    cases = examples(rule.manual if manual is None else manual)
    if manual is None:
        yield from _missing(rule, cases)
    for index, example in enumerate(cases):
        here = f"{rule.code} {rule.name}, {example.verdict} example at line {example.line} of the manual"
        if example.verdict == "fixed":
            yield from (f"{here}: {fault}" for fault in _fixed_faults(rule, cases[index - 1], example))
        else:
            yield from (f"{here}: {fault}" for fault in _faults(rule, example))


def _is_of_text(rule: AnyRule) -> bool:
    return rule.on.__name__ == "Problem"


def _missing(rule: AnyRule, cases: Sequence[Example]) -> Iterator[str]:
    if "TODO" in rule.manual:
        yield f"{rule.code} {rule.name}: the manual has a TODO"
    for heading in ("## Why it matters", "## Examples", "## References"):
        if heading not in rule.manual:
            yield f"{rule.code} {rule.name}: the manual has no `{heading}`"
    for verdict in ("bad", "good"):
        if not any(case.verdict == verdict or (verdict == "good" and case.verdict == "fixed") for case in cases):
            yield f"{rule.code} {rule.name}: the manual has no {verdict} example"


def _faults(rule: AnyRule, example: Example) -> Iterator[str]:
    report = run(rule, example.reading(of_text=_is_of_text(rule)))
    for crash in report.crashes:
        yield f"the rule crashed: {crash.traceback}"
    if not report.policies and not _is_of_text(rule):
        yield "it holds no policy"
    told = {mark for diagnostic in report.diagnostics for mark in _marks(diagnostic)}
    asserted = set(example.marks)
    for mark in sorted(asserted - told, key=str):
        yield f"not reported: {mark}"
    for mark in sorted(told - asserted, key=str):
        if mark.sign == "^":
            yield f"reported, but not marked: {mark}"
    if example.verdict == "bad" and not asserted:
        yield "it marks no finding"
    yield from _broken(example, report)


def _marks(diagnostic: Diagnostic) -> Iterator[Mark]:
    yield _mark(diagnostic.place, "^", diagnostic.message)
    for place in diagnostic.related:
        yield _mark(place, "-", place.message)


def _mark(place: Place, sign: str, message: str) -> Mark:
    """A place as one would underline it: of several lines, the first."""
    start, end = place.start, place.end
    last = end.column - 1 if end.line == start.line else len(place.file.line(start.line))
    return Mark(start.line, start.column - 1, max(last, start.column), sign, message)


def _fixed_faults(rule: AnyRule, bad: Example, fixed: Example) -> Iterator[str]:
    text = bad.text
    for _ in range(10):
        reading = replace(bad, text=text).reading(of_text=_is_of_text(rule))
        fixes = [d.fix for d in run(rule, reading).diagnostics if d.fix is not None]
        if not fixes:
            break
        text = fixing.apply(reading.found[0].document, fixes)
    if text != fixed.text:
        yield f"the fixes make this instead:\n{text}"
    yield from _faults(rule, fixed)


def broken_promises(rules: Sequence[AnyRule], example: Example) -> Iterator[str]:
    """What the engine says against the fixes that some rules offer for an example, a sentence each."""
    yield from _broken(example, lint([example.reading()], rules, load(), _ask))


def _broken(example: Example, report: Report) -> Iterator[str]:
    for diagnostic in report.diagnostics:
        if diagnostic.fix is not None and diagnostic.fix.applicability is not Applicability.RISKY:
            yield from _disproved(example, diagnostic.fix, diagnostic.address)


def _disproved(example: Example, fix: Fix, address: str | None) -> Iterator[str]:
    """What the engine says against one fix of the policy at an address, taken alone."""
    if example.language != "json":
        value = example.reading().found[0].document.value
        example = replace(example, language="json", text=json.dumps(value, indent=2))
    old = _policies(example)[address]
    text = fixing.apply(old.found.document, [fix])
    new = _policies(replace(example, text=text)).get(address)
    if new is None or new.found.document.problems:
        yield f"the fix `{fix.title}` leaves no policy:\n{text}"
        return
    yield from _told(fix, gain(old.policy, new.policy, load()), "only afterwards")
    if fix.applicability is Applicability.SAFE:
        yield from _told(fix, gain(new.policy, old.policy, load()), "only before")


def _policies(example: Example) -> dict[str | None, Placed]:
    return {found.address: placed(found) for found in example.reading().found}


def _told(fix: Fix, answer: Answer, became: str) -> Iterator[str]:
    """A sentence against a fix, with the request that shows it."""
    if answer.witness is not None:
        request = answer.witness.request
        where = when(request)
        case = f" where {where}" if where else ""
        tale = f"{who(request.caller)} may call {what(request)}{case}"
        yield f"the fix `{fix.title}` is not {fix.applicability}: {became}, {tale}"
    elif answer.unknown:
        yield f"that the fix `{fix.title}` is {fix.applicability} is not proved: {answer.unknown}"
