"""Plain: whether a statement lets a step pass, where its texts tell at once. Asks nobody; what it leaves open, it says.

Most grants are plain: a resource that fits or does not, and conditions on keys that a request may have as it likes.
"""

import re
from collections.abc import Callable, Iterable
from enum import Enum
from typing import NamedTuple

from iamlint.policy import Arn, Condition, Pattern, Statement
from iamlint.reach.resources import EXAMPLE_ACCOUNT, OF_AWS, filled
from iamlint.reach.step import Step


class Answer(Enum):
    """What one look tells."""

    CLOSED = "closed"
    UNDECIDED = "undecided"


class Request(NamedTuple):
    """A request that a statement lets through: the resource, and in words what its context must be."""

    resource: str
    where: str


_TIED = ("aws:principal", "aws:username", "aws:userid", "aws:resourceaccount", "aws:resourceorg")
"""Keys whose values hang together with who calls and what is called."""
_OWN_TAG = re.compile(r"\$\{aws:PrincipalTag/[^${}*?]+\}", re.IGNORECASE)
_OWN_ACCOUNT = ("aws:resourceaccount", "${aws:principalaccount}")
_WORDS = ("example", "example/example")
_EQUAL = ("StringEquals", "ArnEquals", "StringLike", "ArnLike")
_FREE = (*_EQUAL, "StringEqualsIgnoreCase", "Bool")


def look(statement: Statement, step: Step, own: str) -> Request | Answer:
    """Whether an Allow statement that takes in a step's action lets it pass.

    Args:
        statement: The statement.
        step: The step; its resources are ARN patterns, or `*` for an action without any.
        own: The ARN of the principal; empty if it is not known.
    """
    resource = _resource(statement, step, own)
    if isinstance(resource, Answer):
        return resource
    if not statement.conditions:
        demands = (f"`{key}` is `{values[0]}`" for operator, key, values in step.where if operator != "Null")
        return Request(resource, ", ".join(demands))
    where = _circumstances(statement.conditions, step)
    return where if isinstance(where, Answer) else Request(resource, where)


def _resource(statement: Statement, step: Step, own: str) -> str | Answer:
    """A resource of a step that a statement takes in."""
    if "NotResource" in statement.raw:
        return Answer.UNDECIDED
    caller = Arn.parse(own)
    account = caller.account if caller else ""
    answer = Answer.CLOSED
    for entry in statement.resources:
        if entry.is_everything:
            return filled(step.resource[0], account or EXAMPLE_ACCOUNT)
        for text in step.resource:
            found = _shared(entry, text, account)
            if isinstance(found, str) and not (step.others and found == own) and not _is_of_aws(found):
                return found
            answer = Answer.UNDECIDED if found is not Answer.CLOSED else answer
    return answer


def _is_of_aws(arn: str) -> bool:
    return any(Pattern(text).matches(arn) for text in OF_AWS)


def _shared(entry: Pattern, text: str, account: str) -> str | Answer:
    """An ARN that fits both an entry and a step's pattern."""
    here, meant = Arn.parse(entry.text), Arn.parse(text)
    if meant is None:
        return Answer.CLOSED  # an action without resources: only `*` takes it in
    if here is None or entry.has_variable or "*" in here.service or "?" in here.service:
        return Answer.UNDECIDED
    defaults = ("aws", "", "us-east-1", account or EXAMPLE_ACCOUNT)
    fields = [_field(*each) for each in zip(here[:4], meant[:4], defaults, strict=True)]
    if Answer.CLOSED in fields:
        return Answer.CLOSED
    if Answer.UNDECIDED in fields or (account and fields[3] not in ("", account)):
        return Answer.UNDECIDED
    one, other = Pattern(here.resource), Pattern(meant.resource)
    if not one & other:
        return Answer.CLOSED
    shapes = (pattern.text.replace("*", word) for pattern in (one, other) for word in _WORDS)
    shared = next((shape for shape in shapes if one.matches(shape) and other.matches(shape)), None)
    return ":".join(("arn", *map(str, fields), shared.replace("?", "x"))) if shared else Answer.UNDECIDED


def _field(here: str, meant: str, default: str) -> str | Answer:
    """What a field of an ARN may be: `meant` is a text, or all wildcards for any that is not empty."""
    if meant.strip("*?"):
        return meant if here in (meant, "*") else Answer.UNDECIDED if "*" in here or "?" in here else Answer.CLOSED
    if not meant:
        return "" if here in ("", "*") else Answer.UNDECIDED if "*" in here else Answer.CLOSED
    if here == "*":
        return default
    if "*" in here or "?" in here:
        return Answer.UNDECIDED
    return here if here and len(here) >= meant.count("?") else Answer.CLOSED


def _circumstances(conditions: Iterable[Condition], step: Step) -> str | Answer:
    """What the context of a request must be to meet some conditions and a step's demands, in words."""
    demands = {key.lower(): (operator, key, values) for operator, key, values in step.where}
    words = {
        key: f"`{name}` is `{values[0]}`" for key, (operator, name, values) in demands.items() if operator != "Null"
    }
    seen: set[str] = set()
    for condition in conditions:
        key = condition.key_lower
        if key in seen or not condition.operator.known or not condition.values:
            return Answer.UNDECIDED
        seen.add(key)
        value = _demanded(condition, *demands[key][::2]) if key in demands else _free(condition)
        if isinstance(value, Answer):
            return value
        if value:
            words[key] = f"`{condition.key}` is `{value}`"
    return ", ".join(words.values())


def _demanded(condition: Condition, demand: str, values: Iterable[str]) -> str | Answer:
    """The value of a key that a step demands, where it meets a condition; nothing where the key is to be missing."""
    operator = condition.operator
    if demand == "Null":
        return "" if condition.holds_when_absent else Answer.CLOSED
    if operator.qualifier or operator.name.replace("Not", "") not in _EQUAL or _is_odd(condition):
        return Answer.UNDECIDED
    likes = operator.name.endswith("Like") or operator.family == "Arn"
    fits: Callable[[str, str], bool] = (lambda text, value: Pattern(text).matches(value)) if likes else str.__eq__
    met = (v for v in values if any(fits(each.text, v) for each in condition.values) != operator.is_negated)
    return next(met, Answer.CLOSED)


def _free(condition: Condition) -> str | Answer:
    """A value with which a key that a step says nothing of meets a condition; nothing where none is needed."""
    key, operator, value = condition.key_lower, condition.operator, condition.values[0].text
    if key == _OWN_ACCOUNT[0] and value.lower() == _OWN_ACCOUNT[1] and operator.name == "StringEquals":
        return ""
    if key.startswith(_TIED):
        return Answer.UNDECIDED
    if _OWN_TAG.fullmatch(value) and operator.text in ("StringEquals", "StringLike"):
        return value  # whatever tag the caller has: conditions on the tag itself are tied
    if _is_odd(condition):
        return Answer.UNDECIDED
    if operator.is_negated or operator.if_exists:
        return ""
    if operator.name == "Null":
        return "" if condition.holds_when_absent else "example"
    if operator.name not in _FREE or (operator.name == "Bool" and value.lower() not in ("true", "false")):
        return Answer.UNDECIDED
    return value.replace("*", "example").replace("?", "x") if operator.name.endswith("Like") else value


def _is_odd(condition: Condition) -> bool:
    """Whether a value is not simply a text: a variable, or something that is no ARN where ARNs are compared."""
    if any("${" in value.text for value in condition.values):
        return True
    return condition.operator.family == "Arn" and any(Arn.parse(value.text) is None for value in condition.values)
