"""Policies as formulas of z3: written anew from AWS's documentation, so that the engine can be wrong without it."""

import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from fractions import Fraction
from ipaddress import ip_network
from typing import Any

import z3

Json = Mapping[str, Any]

_SORTS = {"Numeric": "number", "Date": "number", "IpAddress": "address", "NotIpAddress": "address", "Bool": "flag"}
_V6 = 1 << 32
_ANY_CHARACTER = z3.AllChar(z3.ReSort(z3.StringSort()))
_NO_COLON = z3.Union(z3.Range(chr(1), "9"), z3.Range(";", chr(0x2FFFF)))
_ALL = z3.Star(_ANY_CHARACTER)


class Encoding:
    """The requests of one question: an action, a resource, and for each key its values."""

    def __init__(self, actions: Sequence[str], many: Mapping[str, bool], policies: Iterable[Json]) -> None:
        self.actions = tuple(actions)
        self.action = z3.Int("action")
        self.resource = z3.String("resource")
        arn = z3.Concat(z3.Re("arn:"), *[z3.Concat(z3.Star(_NO_COLON), z3.Re(":"))] * 4, _ALL)
        self.rules = [
            self.action >= 0,
            self.action < len(self.actions),
            z3.Or(self.resource == z3.StringVal("*"), z3.InRe(self.resource, arn)),
        ]
        self.keys: dict[str, list[tuple[Any, Any]]] = {}
        """For each key its possible values, and whether each is there."""
        self.sorts: dict[str, str] = {}
        counts: dict[str, int] = {}
        for operator, key, _ in (each for policy in policies for each in _all_conditions(policy)):
            counts[key] = counts.get(key, 0) + 1
            name = _take_apart(operator)[1]
            sort = next((sort for family, sort in _SORTS.items() if name.startswith(family)), None)
            if sort or name != "Null":
                self.sorts[key] = "bytes" if name == "BinaryEquals" else sort or "text"
        self.many = {key for key in counts if many.get(key)}
        self.many |= {k for policy in policies for o, k, _ in _all_conditions(policy) if ":" in o and k not in many}
        for key, count in counts.items():
            places = range(count if key in self.many else 1)
            self.keys[key] = [self._value(f"{key}/{place}", self.sorts.get(key, "text")) for place in places]

    def _value(self, name: str, sort: str) -> tuple[Any, Any]:
        make = {"number": z3.Real, "address": z3.Int, "flag": z3.Bool}.get(sort, z3.String)
        value = make(name)
        if sort == "address":
            self.rules += [value >= 0, value < _V6 + (1 << 128)]
        return value, z3.Bool(f"{name}?")

    def allows(self, policy: Json) -> Any:
        """Whether a policy allows the request."""
        by_effect: dict[str, list[Any]] = {"Allow": [], "Deny": []}
        for statement in policy["Statement"]:
            by_effect[statement["Effect"]].append(self._applies(statement))
        return z3.And(z3.Or(*by_effect["Allow"]), z3.Not(z3.Or(*by_effect["Deny"])))

    def _applies(self, statement: Json) -> Any:
        demands = []
        for element, takes in (("Action", self._takes_action), ("Resource", self._takes_resource)):
            if element in statement:
                demands.append(z3.Or(*map(takes, _listed(statement[element]))))
            else:
                demands.append(z3.Not(z3.Or(*map(takes, _listed(statement[f"Not{element}"])))))
        demands += [self._holds(*each) for each in _conditions(statement)]
        return z3.And(*demands)

    def _takes_action(self, pattern: str) -> Any:
        shape = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in pattern)
        found = [i for i, name in enumerate(self.actions) if re.fullmatch(shape, name, re.IGNORECASE)]
        return z3.Or(*(self.action == i for i in found))

    def _takes_resource(self, pattern: str) -> Any:
        if not pattern.strip("*"):
            return z3.BoolVal(True)  # noqa: FBT003
        fields = pattern.split(":", 5)
        return z3.InRe(self.resource, _arn([*fields, *["*"] * (6 - len(fields))]))

    def _holds(self, operator: str, key: str, values: list[str]) -> Any:
        qualifier, name, if_exists = _take_apart(operator)
        slots = self.keys[key]
        is_there = z3.Or(*(there for _, there in slots))
        if name == "Null":
            if qualifier or if_exists:
                return z3.BoolVal(qualifier == "ForAllValues")
            wanted = {value.lower() for value in values}
            choices = ([z3.Not(is_there)] if "true" in wanted else []) + ([is_there] if "false" in wanted else [])
            return z3.Or(*choices)
        negated = "Not" in name
        name = name.replace("Not", "")
        matches = [(there, z3.Or(*_matches(name, value, wanted))) for value, there in slots for wanted in [values]]
        fits = [(there, z3.Not(match) if negated else match) for there, match in matches]
        if qualifier == "ForAllValues":
            return z3.And(*(z3.Implies(there, fit) for there, fit in fits))
        absent = z3.Not(is_there)
        if qualifier == "ForAnyValue":
            some = z3.Or(*(z3.And(there, fit) for there, fit in fits))
            return z3.Or(some, absent) if if_exists else some
        some = z3.Or(*(z3.And(there, match) for there, match in matches))
        if negated:
            return z3.Not(some)
        return z3.Or(some, absent) if if_exists else some


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _conditions(statement: Json) -> Iterator[tuple[str, str, list[str]]]:
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            yield operator, _same(key.lower()), [_text(value) for value in _listed(values)]


def _all_conditions(policy: Json) -> Iterator[tuple[str, str, list[str]]]:
    for statement in policy["Statement"]:
        yield from _conditions(statement)


def _same(key: str) -> str:
    """`aws:EpochTime` and `aws:CurrentTime` are one moment."""
    return "aws:currenttime" if key == "aws:epochtime" else key


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _take_apart(operator: str) -> tuple[str, str, bool]:
    qualifier, _, name = operator.rpartition(":")
    return qualifier, name.removesuffix("IfExists"), name.endswith("IfExists")


def _matches(name: str, value: Any, wanted: list[str]) -> Iterator[Any]:
    for text in wanted:
        yield from _match(name, value, text)


def _match(name: str, value: Any, text: str) -> Iterator[Any]:
    """Whether a value matches one text of the policy; nothing where the text is none of the operator's type."""
    if name.startswith(("Numeric", "Date")):
        point = _number(text) if name.startswith("Numeric") else _date(text)
        if point is not None:
            yield _compared(name, value, z3.RealVal(str(point)))
    elif name == "IpAddress":
        yield from _in_network(value, text)
    elif name == "Bool":
        if text.lower() in ("true", "false"):
            yield value == z3.BoolVal(text.lower() == "true")
    elif name == "BinaryEquals":
        if _is_base64(text):
            yield value == z3.StringVal(text)
    else:
        yield from _match_text(name, value, text)


def _match_text(name: str, value: Any, text: str) -> Iterator[Any]:
    if name.startswith("Arn"):
        fields = text.split(":", 5)
        if text and not text.strip("*"):
            yield z3.BoolVal(True)  # noqa: FBT003
        elif len(fields) == 6:
            yield z3.InRe(value, _arn(fields))
    elif name == "StringLike":
        yield z3.InRe(value, _glob(text, _ANY_CHARACTER))
    elif name == "StringEqualsIgnoreCase":
        letters = [z3.Union(z3.Re(c.lower()), z3.Re(c.upper())) if c.lower() != c.upper() else z3.Re(c) for c in text]
        yield z3.InRe(value, _row(letters))
    else:
        yield value == z3.StringVal(text)


def _compared(name: str, value: Any, limit: Any) -> Any:
    comparison = name.removeprefix("Numeric").removeprefix("Date")
    if comparison == "Equals":
        return value == limit
    if comparison.startswith("Less"):
        return value <= limit if comparison.endswith("Equals") else value < limit
    return value >= limit if comparison.endswith("Equals") else value > limit


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except ValueError:
        return None


def _date(text: str) -> Fraction | None:
    if _number(text) is not None:
        return _number(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return Fraction((moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp())  # noqa: UP017


def _in_network(value: Any, text: str) -> Iterator[Any]:
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return
    shift = _V6 if network.version == 6 else 0
    first, last = int(network.network_address) + shift, int(network.broadcast_address) + shift
    yield z3.And(value >= first, value <= last)


def _is_base64(text: str) -> bool:
    try:
        return b64decode(text, validate=True) is not None
    except ValueError:
        return False


def _arn(fields: Sequence[str]) -> Any:
    heads = [z3.Concat(_glob(field, _NO_COLON), z3.Re(":")) for field in fields[:5]]
    return z3.Concat(*heads, _glob(fields[5], _ANY_CHARACTER))


def _glob(text: str, any_: Any) -> Any:
    return _row([{"*": z3.Star(any_), "?": any_}.get(letter, z3.Re(letter)) for letter in text])


def _row(parts: list[Any]) -> Any:
    return z3.Concat(*parts) if len(parts) > 1 else parts[0] if parts else z3.Re("")
