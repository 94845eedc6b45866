"""Conditions: whether one holds in a request's context, one row per operator. Knows no other element of a statement."""

from collections.abc import Callable, Mapping
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, NamedTuple

from iamlint.engine.globs import Lookup, arn_template, fill, like_template, plain_template, without_case
from iamlint.engine.request import Context
from iamlint.engine.scalars import addresses, binary, boolean, date, number
from iamlint.policy import Condition
from iamlint.policy.language import glob_of

if TYPE_CHECKING:
    from fractions import Fraction

Match = Callable[[str, str, Lookup, bool], bool]
"""Whether a value of a policy matches one of a request; then the request's keys, and whether `${…}` is a variable."""


def _equals(wanted: str, value: str, lookup: Lookup, variables: bool) -> bool:
    glob = fill(plain_template(wanted, variables=variables), lookup)
    return glob is not None and glob.matches(value)


def _equals_ignoring_case(wanted: str, value: str, lookup: Lookup, variables: bool) -> bool:
    glob = fill(plain_template(wanted, variables=variables), lookup)
    return glob is not None and glob_of(without_case(glob.tokens)).matches(value)


def _like(wanted: str, value: str, lookup: Lookup, variables: bool) -> bool:
    glob = fill(like_template(wanted, variables=variables), lookup)
    return glob is not None and glob.matches(value)


def _arn(wanted: str, value: str, lookup: Lookup, variables: bool) -> bool:
    template = arn_template(wanted, variables=variables)
    glob = None if template is None else fill(template, lookup)
    return glob is not None and glob.matches(value)


def _same(read: Callable[[str], str | None]) -> Match:
    def match(wanted: str, value: str, lookup: Lookup, variables: bool) -> bool:  # noqa: ARG001
        one = read(wanted)
        return one is not None and one == read(value)

    return match


def _ordered(read: Callable[[str], "Fraction | None"], holds: Callable[["Fraction", "Fraction"], bool]) -> Match:
    def match(wanted: str, value: str, lookup: Lookup, variables: bool) -> bool:  # noqa: ARG001
        limit, given = read(wanted), read(value)
        return limit is not None and given is not None and holds(given, limit)

    return match


def _is_equal(given: "Fraction", limit: "Fraction") -> bool:
    return given == limit


def _address(wanted: str, value: str, lookup: Lookup, variables: bool) -> bool:  # noqa: ARG001
    network, given = addresses(wanted), addresses(value)
    return network is not None and given is not None and network[0] <= given[0] and given[1] <= network[1]


class Row(NamedTuple):
    """What an operator does: how a value matches, and whether it holds where none does."""

    match: Match
    negated: bool = False


OPERATORS: Mapping[str, Row] = {
    "StringEquals": Row(_equals),
    "StringNotEquals": Row(_equals, negated=True),
    "StringEqualsIgnoreCase": Row(_equals_ignoring_case),
    "StringNotEqualsIgnoreCase": Row(_equals_ignoring_case, negated=True),
    "StringLike": Row(_like),
    "StringNotLike": Row(_like, negated=True),
    "NumericEquals": Row(_ordered(number, _is_equal)),
    "NumericNotEquals": Row(_ordered(number, _is_equal), negated=True),
    "NumericLessThan": Row(_ordered(number, lt)),
    "NumericLessThanEquals": Row(_ordered(number, le)),
    "NumericGreaterThan": Row(_ordered(number, gt)),
    "NumericGreaterThanEquals": Row(_ordered(number, ge)),
    "DateEquals": Row(_ordered(date, _is_equal)),
    "DateNotEquals": Row(_ordered(date, _is_equal), negated=True),
    "DateLessThan": Row(_ordered(date, lt)),
    "DateLessThanEquals": Row(_ordered(date, le)),
    "DateGreaterThan": Row(_ordered(date, gt)),
    "DateGreaterThanEquals": Row(_ordered(date, ge)),
    "Bool": Row(_same(boolean)),
    "BinaryEquals": Row(_same(binary)),
    "IpAddress": Row(_address),
    "NotIpAddress": Row(_address, negated=True),
    "ArnEquals": Row(_arn),
    "ArnLike": Row(_arn),
    "ArnNotEquals": Row(_arn, negated=True),
    "ArnNotLike": Row(_arn, negated=True),
}
"""Every operator but Null. ArnEquals behaves as ArnLike does.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""


def holds(condition: Condition, context: Context, *, variables: bool) -> bool:
    """Whether a condition holds; one whose operator AWS does not know never does.

    On a key with several values an operator without a set qualifier is undocumented: it is read as *some value
    matches*, and its negation as *none does*.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    """
    operator = condition.operator
    given = context.get(condition.key_lower, ())
    if operator.name == "Null":
        return operator.known and _null(condition, is_absent=not given)
    row = OPERATORS.get(operator.name) if operator.known else None
    if row is None:
        return False
    if not given:
        return condition.holds_when_absent
    lookup = lookup_in(context)
    matched = (_matches(row, condition, value, lookup, variables) for value in given)
    if operator.qualifier == "ForAllValues":
        return all(match is not row.negated for match in matched)
    if operator.qualifier == "ForAnyValue":
        return any(match is not row.negated for match in matched)
    return any(matched) is not row.negated


def _null(condition: Condition, *, is_absent: bool) -> bool:
    """What Null says; with a set qualifier it always says the same, and IfExists it cannot have.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-suggestion-null-with-qualifier
    """
    operator = condition.operator
    if operator.if_exists or operator.qualifier:
        return operator.qualifier == "ForAllValues"
    wanted = "true" if is_absent else "false"
    return any(value.text.lower() == wanted for value in condition.values)


def lookup_in(context: Context) -> Lookup:
    """The value of a condition key as a policy variable, which a key with several values cannot be."""

    def lookup(key: str) -> str | None:
        found = context.get(key, ())
        return found[0] if len(found) == 1 else None

    return lookup


def _matches(row: Row, condition: Condition, value: str, lookup: Lookup, variables: bool) -> bool:
    return any(row.match(wanted.text, value, lookup, variables) for wanted in condition.values)
