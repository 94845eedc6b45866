"""What parliament said, placed in the policy and in our words. Judges nothing."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from iamlint.bridges.parliament_library import Heard, Library
from iamlint.policy import Operator, Pattern, Policy, Statement
from iamlint.text import ROOT, Pointer

_MISMATCH = re.compile(r"Type mismatch: (.+) requires a value of type (\w+) but given (.+)", re.DOTALL)
_NO_CONDITION = re.compile(r"Unknown condition .+ for action (\S+)", re.DOTALL)
_ESCALATION = re.compile(r".* on (.+) due to (s3:\w+) not being allowed, but does allow (s3:\w+)", re.DOTALL)

KINDS_OF_VALUE: Mapping[str, str] = {
    "Arn": "an ARN",
    "Binary": "base64",
    "Bool": "`true` or `false`",
    "Date": "a date",
    "Ip": "an IP address",
    "Number": "a number",
    "Numeric": "a number",
    "String": "a text",
}


@dataclass(frozen=True)
class Said:
    """One finding in one place: `names` are the actions or texts it is about; of a RESOURCE_MISMATCH also what is needed."""

    issue: str
    at: Pointer
    names: tuple[str, ...] = ()
    statement: Statement | None = None
    detail: str = ""
    """A phrase, where names alone would not do."""

    @cached_property
    def operator(self) -> Operator:
        """The condition operator at its place."""
        return Operator.parse(self._steps[1] if len(self._steps) > 1 else "")

    @cached_property
    def key(self) -> str:
        """The condition key at its place."""
        return self._steps[2] if len(self._steps) > 2 else ""

    @property
    def _steps(self) -> tuple[str, ...]:
        return Pointer(self.at.removeprefix(self.statement.at)).tokens if self.statement else ()


def understand(heard: Iterable[Heard], policy: Policy, library: Library) -> list[Said]:
    """What was heard, one for every issue and place, names brought together."""
    said: dict[tuple[str, Pointer, str], Said] = {}
    for each in heard:
        for one in _READERS.get(each.issue, _as_it_is)(each, policy, library):
            key = (one.issue, one.at, one.detail)
            before = said.get(key)
            names = one.names if before is None else tuple(dict.fromkeys((*before.names, *one.names)))
            said[key] = Said(one.issue, one.at, names, one.statement, one.detail)
    return list(said.values())


def at(policy: Policy, place: Pointer) -> str:
    """The text at a place; empty if there is none."""
    value: object = policy.raw
    for token in place.tokens:
        value = value[int(token)] if isinstance(value, list) else value.get(token) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def statement_of(policy: Policy, place: Pointer) -> Statement | None:
    """The statement a place lies in."""
    return next((each for each in policy.statements if place.within(each.at)), None)


def entries(statement: Statement, action: str, library: Library) -> Iterator[tuple[Pattern, frozenset[str]]]:
    """The entries of Action that mean an action, each with all the actions it means."""
    for entry in statement.actions:
        if entry.matches(action) and not entry.is_everything:
            yield entry, frozenset(library.facts.catalog.expand(entry.text))


def _as_it_is(heard: Heard, policy: Policy, _: Library) -> Iterator[Said]:
    words = () if heard.detail is None else (str(heard.detail),)
    yield Said(heard.issue, heard.at, words, statement_of(policy, heard.at))


def _text(heard: Heard, policy: Policy, _: Library) -> Iterator[Said]:
    """The issue names a text of the policy."""
    why = heard.detail if heard.issue == "INVALID_ARN" else ""
    text = at(policy, heard.at)
    yield Said(heard.issue, heard.at, (text,) if text else (), statement_of(policy, heard.at), why)


def _prefix(heard: Heard, policy: Policy, _: Library) -> Iterator[Said]:
    yield Said(heard.issue, heard.at, (at(policy, heard.at).partition(":")[0],), statement_of(policy, heard.at))


def _operator(heard: Heard, policy: Policy, _: Library) -> Iterator[Said]:
    yield Said(heard.issue, heard.at.parent, (str(heard.detail),), statement_of(policy, heard.at))


def _duplicate(heard: Heard, policy: Policy, _: Library) -> Iterator[Said]:
    sids: set[object] = set()
    for statement in policy.statements:
        sid = statement.raw.get("Sid")
        if sid in sids and f"'{sid}'" in str(heard.detail):
            yield Said(heard.issue, statement.at / "Sid", (str(sid),), statement)
            return
        sids.add(sid)


def _escalation(heard: Heard, policy: Policy, _: Library) -> Iterator[Said]:
    """parliament names the resource and the actions, not the statement."""
    match = _ESCALATION.fullmatch(heard.detail)
    if match is None:
        return
    resource, missing, allowed = match.groups()
    for statement in policy.statements:
        place = next((each.at for each in statement.resources if each.text == resource), ROOT)
        if statement.allows and place and any(action.matches(allowed) for action in statement.actions):
            yield Said(heard.issue, place, (missing,), statement, allowed)
            return


def _mismatch(heard: Heard, policy: Policy, library: Library) -> Iterator[Said]:
    """parliament names all the actions of a statement whose needs are not met: each is the finding of its entry."""
    statement = statement_of(policy, heard.at)
    for row in heard.detail if statement else ():
        shape = row["required_format"] if isinstance(row["required_format"], str) else row["required_format"][0]
        for entry, _ in entries(statement, row["action"], library):
            yield Said(heard.issue, entry.at, (f"{row['action']} {shape}",), statement)


def _star(heard: Heard, policy: Policy, _: Library) -> Iterator[Said]:
    statement = statement_of(policy, heard.at)
    place = next((each.at for each in statement.resources if each.text == "*"), heard.at) if statement else heard.at
    yield Said(heard.issue, place, tuple(heard.detail), statement)


def _effectively_star(heard: Heard, policy: Policy, _: Library) -> Iterator[Said]:
    yield Said(heard.issue, heard.at / "Resource", (), statement_of(policy, heard.at))


def _condition(heard: Heard, policy: Policy, _: Library) -> Iterator[Said]:
    match = _NO_CONDITION.fullmatch(heard.detail)
    yield Said(heard.issue, heard.at, (match[1],) if match else (), statement_of(policy, heard.at))


def _type(heard: Heard, policy: Policy, library: Library) -> Iterator[Said]:
    """Either the operator is of another type than the key, or some values are."""
    statement, match = statement_of(policy, heard.at), _MISMATCH.fullmatch(heard.detail)
    if statement is None or match is None:
        return
    said = Said(heard.issue, heard.at, (), statement)
    name, wanted, given = match.groups()
    if given in KINDS_OF_VALUE:
        detail = f"`{name}` compares {KINDS_OF_VALUE[wanted]}, and `{said.key}` is {KINDS_OF_VALUE[given]}"
        yield Said(heard.issue, heard.at, (given,), statement, detail)
        return
    for condition in statement.conditions:
        for value in condition.values if heard.at.within(condition.at) else ():
            if value.at.within(heard.at) and not library.has_type(wanted, [value.text]):
                detail = f"`{name}` is {KINDS_OF_VALUE[wanted]}, and `{value.text}` is none"
                yield Said(heard.issue, value.at, (wanted,), statement, detail)


_READERS: Mapping[str, Callable[[Heard, Policy, Library], Iterator[Said]]] = {
    "DUPLICATE_SID": _duplicate,
    "INVALID_ARN": _text,
    "INVALID_SID": _text,
    "INVALID_VERSION": _text,
    "MISMATCHED_TYPE": _type,
    "MISMATCHED_TYPE_BUT_USABLE": _type,
    "RESOURCE_EFFECTIVELY_STAR": _effectively_star,
    "RESOURCE_MISMATCH": _mismatch,
    "RESOURCE_POLICY_PRIVILEGE_ESCALATION": _escalation,
    "RESOURCE_STAR": _star,
    "UNKNOWN_ACTION": _text,
    "UNKNOWN_CONDITION_FOR_ACTION": _condition,
    "UNKNOWN_OPERATOR": _operator,
    "UNKNOWN_PREFIX": _prefix,
    "UNKNOWN_PRINCIPAL": _text,
    "UNKNOWN_FEDERATION_SOURCE": _text,
}
