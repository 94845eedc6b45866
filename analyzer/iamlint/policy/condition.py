"""Condition: one operator, one key and its values, as a statement's Condition block holds them. Evaluates nothing."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from iamlint.text import Pointer

_NAMES = """
StringEquals StringNotEquals StringEqualsIgnoreCase StringNotEqualsIgnoreCase StringLike StringNotLike
NumericEquals NumericNotEquals NumericLessThan NumericLessThanEquals NumericGreaterThan NumericGreaterThanEquals
DateEquals DateNotEquals DateLessThan DateLessThanEquals DateGreaterThan DateGreaterThanEquals
Bool BinaryEquals IpAddress NotIpAddress ArnEquals ArnLike ArnNotEquals ArnNotLike Null
"""
OPERATORS: Mapping[str, str] = {name.lower(): name for name in _NAMES.split()}
"""Every condition operator, by its name in lower case.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

QUALIFIERS: Mapping[str, str] = {"forallvalues": "ForAllValues", "foranyvalue": "ForAnyValue"}


class Operator(NamedTuple):
    """A condition operator taken apart: `ForAnyValue:StringLikeIfExists` is qualifier, name and if_exists.

    `name` and `qualifier` are in AWS's spelling where AWS knows them, else as written; `known` says which.
    """

    text: str
    name: str
    qualifier: str | None
    if_exists: bool
    known: bool

    @classmethod
    def parse(cls, text: str) -> "Operator":
        """Take an operator apart; what AWS does not know is kept, with `known` False."""
        return _operator(text)

    @property
    def unqualified(self) -> str:
        """The text without its qualifier: `StringLike` of `ForAnyValue:StringLike`."""
        return self.text.rpartition(":")[2]

    @property
    def is_negated(self) -> bool:
        """Whether a missing key makes it true: StringNotEquals, NotIpAddress and their like."""
        return "Not" in self.name

    @property
    def family(self) -> str:
        """The type of value it compares: String, Numeric, Date, Bool, Binary, IpAddress, Arn or Null."""
        return _family(self.name)


@lru_cache(maxsize=1024)
def _operator(text: str) -> Operator:
    before, colon, after = text.rpartition(":")
    qualifier = QUALIFIERS.get(before.lower()) if colon else None
    lower = after.lower()
    if_exists = lower.endswith("ifexists")
    name = OPERATORS.get(lower[: -len("ifexists")] if if_exists else lower)
    known = name is not None and (not colon or qualifier is not None)
    return Operator(text, name or after, qualifier or (before if colon else None), if_exists, known)


@lru_cache(maxsize=1024)
def _family(name: str) -> str:
    for family in ("String", "Numeric", "Date", "Arn"):
        if name.startswith(family):
            return family
    if name.endswith("IpAddress"):
        return "IpAddress"
    return {"BinaryEquals": "Binary"}.get(name, name)


class ConditionValue(NamedTuple):
    """One value of a condition key: its text as AWS compares it, and what stood in the document."""

    at: Pointer
    text: str
    raw: object

    def __str__(self) -> str:
        return self.text


class Condition(NamedTuple):
    """One operator on one key. `at` is the place of the values, whose key in the document is the condition key."""

    at: Pointer
    operator: Operator
    key: str
    values: tuple[ConditionValue, ...]
    is_list: bool

    @property
    def operator_at(self) -> Pointer:
        """The place whose key in the document is the operator."""
        return self.at.parent

    @property
    def key_lower(self) -> str:
        """The condition key as AWS compares its name."""
        return self.key.lower()

    @property
    def holds_when_absent(self) -> bool:
        """Whether a request without the key passes.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
        """
        operator = self.operator
        if operator.if_exists or operator.qualifier in QUALIFIERS.values():
            return operator.if_exists or operator.qualifier == "ForAllValues"
        wants_none = operator.name == "Null" and any(value.text.lower() == "true" for value in self.values)
        return wants_none or operator.is_negated


def value_text(raw: object) -> str | None:
    """The text AWS compares for a JSON value, or None for what the grammar does not allow as one."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, (int, float)):
        return str(raw)
    return None


def conditions(block: object, at: Pointer) -> Iterator[Condition]:
    """The conditions of a Condition block; parts of a wrong type are passed over, for the grammar rules to report."""
    if not isinstance(block, dict):
        return
    for operator, keys in block.items():
        if not isinstance(keys, dict):
            continue
        parsed, around = _operator(operator), at / operator
        for key, raw in keys.items():
            place = around / key
            if isinstance(raw, list):
                texts = [(i, value_text(value), value) for i, value in enumerate(raw)]
                values = [ConditionValue(place / i, text, value) for i, text, value in texts if text is not None]
            else:
                only = value_text(raw)
                values = [] if only is None else [ConditionValue(place, only, raw)]
            yield Condition(place, parsed, key, tuple(values), isinstance(raw, list))
