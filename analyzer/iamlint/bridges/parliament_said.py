"""What parliament said, placed in the policy and in our words. Judges nothing."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from iamlint.bridges.parliament_library import Heard, Library
from iamlint.bridges.parliament_match import fits
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
    """One finding in one place: `names` are the actions or texts it is about; a RESOURCE_MISMATCH adds their needs."""

    issue: str
    at: Pointer
    names: tuple[str, ...] = ()
    statement: Statement | None = None
    detail: str = ""
    """A phrase, where names alone would not do."""
    partly: frozenset[str] = frozenset()
    """The actions of a RESOURCE_MISMATCH that find some resource they work on."""

    @cached_property
    def operator(self) -> Operator:
        """The condition operator at its place."""
        return Operator.parse(self._steps[1] if len(self._steps) > 1 else "")

    @cached_property
    def key(self) -> str:
        """The condition key at its place."""
        return self._steps[2] if len(self._steps) > 2 else ""

    @cached_property
    def unmet(self) -> frozenset[str]:
        """The actions of a RESOURCE_MISMATCH that find no resource they work on."""
        return frozenset(name.partition(" ")[0] for name in self.names) - self.partly

    @cached_property
    def about(self) -> frozenset[str]:
        """The names, to look them up."""
        return frozenset(self.names)

    @property
    def _steps(self) -> tuple[str, ...]:
        return Pointer(self.at.removeprefix(self.statement.at)).tokens if self.statement else ()


class Scene:
    """What findings are read and judged by: the policy, parliament, and which entries mean which actions."""

    def __init__(self, policy: Policy, library: Library) -> None:
        self.policy = policy
        self.library = library
        self._statements = {statement.at: statement for statement in policy.statements}
        self._meanings: dict[Pointer, dict[str, list[Pattern]]] = {}

    def statement(self, place: Pointer) -> Statement | None:
        """The statement a place lies in."""
        tokens = place.tokens
        return self._statements.get(ROOT / "Statement") or (
            self._statements.get(ROOT / tokens[0] / tokens[1]) if len(tokens) > 1 else None
        )

    def text(self, place: Pointer) -> str:
        """The text at a place; empty if there is none."""
        value: object = self.policy.raw
        for token in place.tokens:
            if isinstance(value, list):
                value = value[int(token)]
            else:
                value = value.get(token) if isinstance(value, dict) else None
        return value if isinstance(value, str) else ""

    def entries(self, statement: Statement | None, action: str) -> list[Pattern]:
        """The entries of Action that mean an action, `*` apart."""
        if statement is None:
            return []
        meanings = self._meanings.get(statement.at)
        if meanings is None:
            meanings = self._meanings[statement.at] = {}
            for entry in statement.actions:
                for meant in self.library.facts.meant(entry.text):
                    meanings.setdefault(meant, []).append(entry)
        return meanings.get(action, [])


def understand(heard: Iterable[Heard], scene: Scene) -> Iterator[Said]:
    """What was heard, one for every issue, place and detail, with all the names."""
    said: dict[tuple[str, Pointer, str], Said] = {}
    names: dict[tuple[str, Pointer, str], dict[str, None]] = {}
    for each in heard:
        for one in _READERS.get(each.issue, _as_it_is)(each, scene):
            key = (one.issue, one.at, one.detail)
            said[key] = one
            names.setdefault(key, {}).update(dict.fromkeys(one.names))
    return (replace(one, names=tuple(names[key])) for key, one in said.items())


def _as_it_is(heard: Heard, scene: Scene) -> Iterator[Said]:
    words = () if heard.detail is None else (str(heard.detail),)
    yield Said(heard.issue, heard.at, words, scene.statement(heard.at))


def _bare(heard: Heard, scene: Scene) -> Iterator[Said]:
    """The place says it all."""
    yield Said(heard.issue, heard.at, (), scene.statement(heard.at))


def _text(heard: Heard, scene: Scene) -> Iterator[Said]:
    """The issue names a text of the policy."""
    text = scene.text(heard.at)
    yield Said(heard.issue, heard.at, (text,) if text else (), scene.statement(heard.at))


def _arn(heard: Heard, scene: Scene) -> Iterator[Said]:
    yield Said(heard.issue, heard.at, (scene.text(heard.at),), scene.statement(heard.at), str(heard.detail))


def _prefix(heard: Heard, scene: Scene) -> Iterator[Said]:
    yield Said(heard.issue, heard.at, (scene.text(heard.at).partition(":")[0],), scene.statement(heard.at))


def _operator(heard: Heard, scene: Scene) -> Iterator[Said]:
    yield Said(heard.issue, heard.at.parent, (str(heard.detail),), scene.statement(heard.at))


def _duplicate(heard: Heard, scene: Scene) -> Iterator[Said]:
    sids: set[object] = set()
    for statement in scene.policy.statements:
        sid = statement.raw.get("Sid")
        if sid in sids and f"'{sid}'" in str(heard.detail):
            yield Said(heard.issue, statement.at / "Sid", (str(sid),), statement)
            return
        sids.add(sid)


def _escalation(heard: Heard, scene: Scene) -> Iterator[Said]:
    """The statement is one that parliament leaves unnamed: it names the resource and the actions."""
    match = _ESCALATION.fullmatch(heard.detail)
    if match is None:
        return
    resource, missing, allowed = match.groups()
    for statement in scene.policy.statements:
        place = next((each.at for each in statement.resources if each.text == resource), ROOT)
        if statement.allows and place and any(action.matches(allowed) for action in statement.actions):
            yield Said(heard.issue, place, (missing,), statement, allowed)
            return


def _mismatch(heard: Heard, scene: Scene) -> Iterator[Said]:
    """All the actions of a statement whose needs are not met: each is the finding of its entry."""
    statement = scene.statement(heard.at)
    rows = heard.detail if statement else []
    texts = [resource.text for resource in statement.resources] if statement else []
    partly = frozenset(
        row["action"]
        for row in rows
        if any(fits("", scene.library.facts.shapes(row["action"]), text) for text in texts)
    )
    for row in rows:
        shapes = row["required_format"]
        shape = shapes if isinstance(shapes, str) else min(shapes, key=len)
        for entry in scene.entries(statement, row["action"]):
            yield Said(heard.issue, entry.at, (f"{row['action']} {shape}",), statement, partly=partly)


def _star(heard: Heard, scene: Scene) -> Iterator[Said]:
    statement = scene.statement(heard.at)
    place = next((each.at for each in statement.resources if each.text == "*"), heard.at) if statement else heard.at
    yield Said(heard.issue, place, tuple(heard.detail), statement)


def _effectively_star(heard: Heard, scene: Scene) -> Iterator[Said]:
    yield Said(heard.issue, heard.at / "Resource", (), scene.statement(heard.at))


def _condition(heard: Heard, scene: Scene) -> Iterator[Said]:
    match, statement = _NO_CONDITION.fullmatch(heard.detail), scene.statement(heard.at)
    conditions = statement.conditions if statement else ()
    key = next((condition.at for condition in conditions if heard.at.within(condition.at)), heard.at)
    yield Said(heard.issue, key, (match[1],) if match else (), statement)


def _type(heard: Heard, scene: Scene) -> Iterator[Said]:
    """Either the operator is of another type than the key, or some values are."""
    statement, match = scene.statement(heard.at), _MISMATCH.fullmatch(heard.detail)
    if statement is None or match is None or match[2] not in KINDS_OF_VALUE:
        return
    said = Said(heard.issue, heard.at, (), statement)
    name, wanted, given = match.groups()
    if given in KINDS_OF_VALUE:
        detail = f"`{name}` compares {KINDS_OF_VALUE[wanted]}, and `{said.key}` is {KINDS_OF_VALUE[given]}"
        yield Said(heard.issue, heard.at, (given,), statement, detail)
        return
    for condition in statement.conditions:
        for value in condition.values if heard.at.within(condition.at) else ():
            if value.at.within(heard.at) and not scene.library.has_type(wanted, [value.text]):
                detail = f"`{name}` is {KINDS_OF_VALUE[wanted]}, and `{value.text}` is none"
                yield Said(heard.issue, value.at, (wanted,), statement, detail)


_READERS: Mapping[str, Callable[[Heard, Scene], Iterator[Said]]] = {
    "BAD_PATTERN_FOR_MFA": _bare,
    "DUPLICATE_SID": _duplicate,
    "INVALID_ARN": _arn,
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
