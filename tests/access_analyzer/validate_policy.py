"""The cases of Access Analyzer's checks, read from JSON: what they leave out is that of an ordinary policy of a kind.

A file is `{CODE: check}`. A check is `{"cases": [case, …], "kinds": […], "not": {kind: reason}}`: it is for all kinds,
or for `kinds`, but for those of which `not` tells why no policy of theirs is bad. A case is

    {"bad": part, "at": place, "good": part}

and, where needed, `kinds` (it is for these only), `service` (what the resource policies of the case are attached to),
`related` (the places that the finding names besides its own), `beside` (other codes that the bad policy has) and
`good_has` (codes that the good policy has, each with the reason). With `words` it is several cases, one for each word,
which stands for every `§`.

A part is an object with the elements in which a statement differs from an ordinary one, null for one that it lacks;
under `policy` those of the policy itself. A list of them is a policy of several statements; a text is a policy as it
stands, and `{"size": n}` one of n characters. A place is a pointer into the only statement, or into the policy if it
begins with a slash; `#` after it is the key of a member. Several places are a list.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iamlint.policy import PolicyKind

Check = Mapping[str, Any]
KINDS = tuple(PolicyKind)
HERE = Path(__file__).parent

_OBJECTS = {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}
_ROLE = {"AWS": "arn:aws:iam::111122223333:role/reader"}
ORDINARY: Mapping[PolicyKind, Mapping[str, Any]] = {
    PolicyKind.IDENTITY: {"Effect": "Allow", **_OBJECTS},
    PolicyKind.BOUNDARY: {"Effect": "Allow", **_OBJECTS},
    PolicyKind.SESSION: {"Effect": "Allow", **_OBJECTS},
    PolicyKind.RESOURCE: {"Effect": "Allow", "Principal": _ROLE, **_OBJECTS},
    PolicyKind.VPC_ENDPOINT: {"Effect": "Allow", "Principal": "*", **_OBJECTS},
    PolicyKind.TRUST: {"Effect": "Allow", "Principal": _ROLE, "Action": "sts:AssumeRole"},
    PolicyKind.SCP: {"Effect": "Deny", **_OBJECTS},
    PolicyKind.RCP: {"Effect": "Deny", "Principal": "*", **_OBJECTS},
}
"""A statement of each kind of policy that nothing is wrong with."""


@dataclass(frozen=True)
class Case:
    """A case for one kind of policy."""

    kind: PolicyKind
    bad: str
    at: tuple[str, ...]
    good: str
    service: str | None
    related: tuple[str, ...] | None
    beside: tuple[str, ...]
    good_has: Mapping[str, str]


def _read() -> Mapping[str, Check]:
    checks: dict[str, Check] = {}
    for path in sorted(HERE.glob("*.json")):
        for code, check in json.loads(path.read_text()).items():
            assert code not in checks, f"{code} is in two files"
            checks[code] = check
    return checks


CHECKS = _read()
SILENT: Sequence[Mapping[str, Any]] = json.loads((HERE / "silent" / "observed.json").read_text())
"""Statements that nothing is wrong with, as parts."""


def kinds_of(check: Check) -> tuple[PolicyKind, ...]:
    """The kinds of policy that a check has findings in."""
    kinds = tuple(PolicyKind(kind) for kind in check.get("kinds", KINDS))
    return tuple(kind for kind in kinds if kind.value not in check.get("not", {}))


def kinds_without_case(check: Check) -> list[str]:
    """The kinds of policy that a check is for and no case is of."""
    of_cases = {kind for case in check["cases"] for kind in case.get("kinds", kinds_of(check))}
    return sorted(set(kinds_of(check)) - of_cases)


def cases(check: Check) -> Iterator[Case]:
    """All cases of a check, one for each kind of policy; and with the statement alone as well as in a list."""
    for case in (each for one in check["cases"] for each in _of_each_word(one)):
        for kind in case.get("kinds", kinds_of(check)):
            yield _case(case, PolicyKind(kind), alone=False)
            if _is_a_statement(case["bad"]):
                yield _case(case, PolicyKind(kind), alone=True)


def _of_each_word(case: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for word in case.get("words", [""]):
        yield json.loads(json.dumps(case, ensure_ascii=False).replace("§", word))


def _is_a_statement(part: Any) -> bool:
    return isinstance(part, dict) and "size" not in part and "Statement" not in part.get("policy", {})


def _case(case: Mapping[str, Any], kind: PolicyKind, *, alone: bool) -> Case:
    home = "/Statement" if alone else "/Statement/0"
    related = case.get("related")
    return Case(
        kind,
        text(case["bad"], kind, alone=alone),
        tuple(_place(at, home) for at in _listed(case["at"])),
        text(case["good"], kind, alone=alone),
        case.get("service") if kind is PolicyKind.RESOURCE else None,
        None if related is None else tuple(_place(at, home) for at in _listed(related)),
        tuple(case.get("beside", ())),
        case.get("good_has", {}),
    )


def _listed(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def _place(at: str, home: str) -> str:
    return at if at.startswith("/") else f"{home}/{at}".rstrip("/")


def text(part: Any, kind: PolicyKind, *, alone: bool) -> str:
    """The policy that a part stands for."""
    if isinstance(part, str):
        return part
    if isinstance(part, dict) and "size" in part:
        return _sized(part["size"], kind)
    parts = part if isinstance(part, list) else [part]
    statements = [_overlaid(ORDINARY[kind], {k: v for k, v in each.items() if k != "policy"}) for each in parts]
    whole = {"Version": "2012-10-17", "Statement": statements[0] if alone else statements}
    return json.dumps(_overlaid(whole, parts[0].get("policy", {})), indent=2)


def _overlaid(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**under, **over}.items() if value is not None}


def _sized(size: int, kind: PolicyKind) -> str:
    """A policy of so many characters besides the blanks between them, of which it has many."""
    whole: dict[str, Any] = {"Version": "2012-10-17", "Statement": {**ORDINARY[kind], "Sid": ""}}
    whole["Statement"]["Sid"] = "x" * (size - len(json.dumps(whole, separators=(",", ":"))))
    return json.dumps(whole, indent=4) + "\n" * 4_000
