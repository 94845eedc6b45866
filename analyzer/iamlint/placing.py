"""Findings → diagnostics: pointers become spans, fingerprints are made, parliament's echoes merged. Runs no rule."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from iamlint.diagnostic import Diagnostic, Place
from iamlint.policy import Policy
from iamlint.registry import AnyRule
from iamlint.rule import Finding, Related
from iamlint.source.document import Found
from iamlint.source.file import File, Problem
from iamlint.source.placed import Homes
from iamlint.text import ROOT, Pointer

NOWHERE: Homes = {}
SECOND_OPINION = "parliament"
"""The category of the rules that pass parliament's findings on."""


def of_finding(each: AnyRule, finding: Finding, policy: Policy, found: Found, places: Homes = NOWHERE) -> Diagnostic:
    """A finding in a policy, placed in its file; `places` are those of other policies that it may tell of."""
    document = found.document
    span = document.key_span(finding.at) if finding.on_key else document.span(finding.at, finding.part)
    related = tuple(_related(each, found, places) for each in finding.related)
    return _diagnostic(
        each,
        finding,
        Place(document.file, finding.at, span, finding.label),
        policy_type=policy.kind.value,
        address=found.address,
        related=related,
        fingerprint=fingerprint(each.code, found.address or document.file.name, policy, finding),
    )


def _related(related: Related, found: Found, places: Homes) -> Place:
    home = places[id(related.policy)].found if id(related.policy) in places else found
    return Place(home.document.file, related.at, home.document.span(related.at), related.message)


def of_problem(each: AnyRule, finding: Finding, problem: Problem, file: File) -> Diagnostic:
    """A finding about the text itself, placed where the reader stumbled."""
    related = tuple(Place(file, ROOT, span, words) for span, words in problem.related)
    return _diagnostic(
        each,
        finding,
        Place(file, ROOT, problem.span, finding.label or problem.label),
        policy_type=None,
        address=None,
        related=related,
        fingerprint=_digest(each.code, file.name, problem.kind, file.text[problem.span.start : problem.span.end]),
    )


def _diagnostic(
    each: AnyRule,
    finding: Finding,
    place: Place,
    *,
    policy_type: str | None,
    address: str | None,
    related: tuple[Place, ...],
    fingerprint: str,
) -> Diagnostic:
    return Diagnostic(
        code=each.code,
        name=each.name,
        severity=finding.severity or each.severity,
        confidence=finding.confidence or each.confidence,
        message=finding.message,
        place=place,
        policy_type=policy_type,
        address=address,
        why=finding.why,
        help=finding.help,
        related=related,
        access_analyzer=each.aws if finding.aws is None else finding.aws,
        parliament=(),
        fingerprint=fingerprint,
        fix=finding.fix,
    )


def fingerprint(code: str, home: str, policy: Policy, finding: Finding) -> str:
    """What stays the same when lines move: rule, file or address, Sid or statement, and the text pointed at."""
    statement, subject = "", _at(policy.raw, finding.at)
    if finding.at.startswith("/Statement"):
        statement_at = next((s.at for s in policy.statements if finding.at.within(s.at)), Pointer("/Statement"))
        raw = _at(policy.raw, statement_at)
        sid = raw.get("Sid") if isinstance(raw, dict) else None
        statement = sid if isinstance(sid, str) else _stable(raw)
    return _digest(code, home, statement, _stable(subject))


def _at(value: object, at: Pointer) -> object:
    for token in at.tokens:
        if isinstance(value, dict):
            value = value.get(token)
        elif isinstance(value, list) and token.isdigit() and int(token) < len(value):
            value = value[int(token)]
        else:
            return None
    return value


def _stable(value: object) -> str:
    import json  # noqa: PLC0415 - only when something was found

    return json.dumps(value, sort_keys=True, default=str)


def _digest(*parts: str) -> str:
    from hashlib import sha256  # noqa: PLC0415 - only when something was found

    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def settle(diagnostics: Iterable[Diagnostic], rules: Mapping[str, AnyRule]) -> list[Diagnostic]:
    """One policy's diagnostics in order; parliament's are kept only where no rule of ours speaks for the place.

    Ours speaks for it, in the same statement, if its rule declares to say the issue better, which is then noted; or
    if it is about the very same element.
    """
    own: list[Diagnostic] = []
    opinions: list[Diagnostic] = []
    for diagnostic in diagnostics:
        (opinions if rules[diagnostic.code].category == SECOND_OPINION else own).append(diagnostic)
    by_statement: dict[Pointer, list[int]] = {}
    for index, diagnostic in enumerate(own if opinions else ()):
        by_statement.setdefault(_statement(diagnostic.place.pointer), []).append(index)
    kept = []
    echoed: set[tuple[Pointer, str]] = set()  # a statement may hold thousands of both
    for opinion in opinions:
        issues, statement = rules[opinion.code].parliament, _statement(opinion.place.pointer)
        if (statement, opinion.code) in echoed:
            continue
        near = by_statement.get(statement, [])
        echoes = [index for index in near if set(issues) & set(rules[own[index].code].parliament)]
        if echoes:
            echoed.add((statement, opinion.code))
        for index in echoes:
            own[index] = replace(own[index], parliament=tuple(dict.fromkeys((*own[index].parliament, *issues))))
        if not echoes and not any(_same_element(own[index], opinion, statement) for index in near):
            kept.append(replace(opinion, parliament=issues))
    return sorted([*own, *kept], key=lambda diagnostic: diagnostic.sort_key)


def _same_element(own: Diagnostic, opinion: Diagnostic, statement: Pointer) -> bool:
    """Whether two places are one element of a statement, or an entry of it."""
    there, here = opinion.place.pointer, own.place.pointer
    return statement not in (there, here) and (here.within(there) or there.within(here))


def _statement(at: Pointer) -> Pointer:
    """The statement that a place lies in; the root for a place outside of all."""
    tokens = at.tokens
    if not tokens or tokens[0] != "Statement":
        return ROOT
    return Pointer("/Statement") / tokens[1] if len(tokens) > 1 and tokens[1].isdigit() else Pointer("/Statement")
