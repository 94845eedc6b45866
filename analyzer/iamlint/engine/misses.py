"""Misses: in words, why a statement does not apply to a request. Knows no layers, and decides nothing."""

from collections.abc import Iterable, Iterator, Sequence

from iamlint.engine.caller import principal_grant
from iamlint.engine.conditions import OPERATORS, holds, lookup_in
from iamlint.engine.decision import Miss
from iamlint.engine.globs import fill, like_template, resource_template, variables_of
from iamlint.engine.match import HAS_PRINCIPAL, index_of
from iamlint.engine.request import Caller, Context, Request
from iamlint.policy import Condition, Pattern, Policy, Statement
from iamlint.text import Pointer

_SHOWN = 3
_WORDS = {
    "StringLike": "like ",
    "StringNotLike": "not like ",
    "NumericLessThan": "below ",
    "NumericLessThanEquals": "at most ",
    "NumericGreaterThan": "above ",
    "NumericGreaterThanEquals": "at least ",
    "DateLessThan": "before ",
    "DateLessThanEquals": "not after ",
    "DateGreaterThan": "after ",
    "DateGreaterThanEquals": "not before ",
    "IpAddress": "within ",
    "NotIpAddress": "outside ",
    "ArnLike": "like ",
    "ArnEquals": "like ",
    "ArnNotLike": "not like ",
    "ArnNotEquals": "not like ",
}
"""How a value must be; operators that are not here ask for the value itself, or for another one."""


def misses(
    statement: Statement, policy: Policy, request: Request, context: Context, *, has_boundary: bool = False
) -> tuple[Miss, ...]:
    """Why a statement does not apply: what each element that misses says; nothing if it applies.

    `context` is the completed one. The order is Principal, Action, Resource, Condition.
    """
    return tuple(_misses(statement, policy, request, context, has_boundary=has_boundary))


def _misses(
    statement: Statement, policy: Policy, request: Request, context: Context, *, has_boundary: bool
) -> Iterator[Miss]:
    compiled = index_of(policy).by_place[statement.index]
    if policy.kind in HAS_PRINCIPAL and principal_grant(statement, request.caller, has_boundary=has_boundary) is None:
        yield _principal(statement, request.caller)
    if compiled.actions.take(request.action.lower()) is compiled.not_actions:
        yield _action(statement, request.action)
    if not compiled.takes_resource(request.resource, context):
        yield _resource(statement, policy, request, context)
    for condition in statement.conditions:
        if not holds(condition, context, variables=policy.has_variables):
            yield Miss("Condition", condition.at, condition_message(condition, context))
    yield from _broken(statement)


def _broken(statement: Statement) -> Iterator[Miss]:
    """The elements without which a statement never applies; those that are missing miss already."""
    for element, entries in (("NotAction", statement.not_actions), ("NotResource", statement.not_resources)):
        if statement.has(element) and not entries:
            yield Miss(element, statement.element_at(element), "holds no text")
    block = statement.raw.get("Condition", {})
    if not isinstance(block, dict) or not all(isinstance(keys, dict) for keys in block.values()):
        yield Miss("Condition", statement.element_at("Condition"), "cannot be read")


def _at(statement: Statement, element: str) -> Pointer:
    """The place of an element; of one that is missing, the statement's."""
    return statement.element_at(element) if statement.has(element) else statement.at


def _principal(statement: Statement, caller: Caller) -> Miss:
    who = f"`{caller.arn}`" if caller.arn else "an anonymous caller"
    if statement.has("NotPrincipal"):
        return Miss("NotPrincipal", statement.element_at("NotPrincipal"), f"{who} is excepted")
    entries = [entry.value for entry in statement.principals]
    return Miss("Principal", _at(statement, "Principal"), f"{who} is {_none_of(entries)}")


def _action(statement: Statement, action: str) -> Miss:
    if statement.has("NotAction"):
        at, entry = _matching(statement.not_actions, action.lower(), fold=True) or (statement.at, action)
        return Miss("NotAction", at, f"`{action}` is excepted by `{entry}`")
    entries = [pattern.text for pattern in statement.actions]
    return Miss("Action", _at(statement, "Action"), f"`{action}` is {_none_of(entries)}")


def _matching(patterns: Iterable[Pattern], word: str, *, fold: bool) -> tuple[Pointer, str] | None:
    """The first entry that matches a word."""
    for pattern in patterns:
        text = pattern.text.lower() if fold else pattern.text
        glob = fill(like_template(text, variables=False), lambda _: None)
        if glob is not None and glob.matches(word):
            return pattern.at, pattern.text
    return None


def _resource(statement: Statement, policy: Policy, request: Request, context: Context) -> Miss:
    resource = request.resource
    if statement.has("NotResource"):
        at, entry = _excepting(statement, policy, resource, context)
        return Miss("NotResource", at, f"`{resource}` is excepted by `{entry}`")
    entries = [pattern.text for pattern in statement.resources]
    at = _at(statement, "Resource")
    if resource == "*" and entries:
        return Miss("Resource", at, f"`{request.action}` works on no resource of its own and needs `*`")
    for pattern in statement.resources:
        key = _unknown(pattern, policy, context)
        if key is not None:
            return Miss("Resource", pattern.at, f"`{pattern}` needs a value of `{key}`, the request has none")
    return Miss("Resource", at, f"`{resource}` is {_none_of(entries)}")


def _excepting(statement: Statement, policy: Policy, resource: str, context: Context) -> tuple[Pointer, str]:
    """The entry of NotResource that matches a resource."""
    for pattern in statement.not_resources:
        template = resource_template(pattern.text, policy.kind, variables=policy.has_variables)
        glob = None if template is None else fill(template, lookup_in(context))
        if glob is not None and glob.matches(resource):
            return pattern.at, pattern.text
    return statement.element_at("NotResource"), resource


def _unknown(pattern: Pattern, policy: Policy, context: Context) -> str | None:
    """A policy variable in a pattern that has no value."""
    lookup = lookup_in(context)
    template = like_template(pattern.text, variables=policy.has_variables)
    found = (variable.key for variable in variables_of(template) if variable.default is None)
    return next((key for key in found if lookup(key) is None), None)


def condition_message(condition: Condition, context: Context) -> str:
    """What a condition asks for, and what the request has.

    >>> condition_message(Condition(...), {})  # doctest: +SKIP
    'needs `aws:SecureTransport` `true`, the request has none'
    """
    operator = condition.operator
    given = context.get(condition.key_lower, ())
    has = ", ".join(f"`{value}`" for value in given[:_SHOWN]) or "none"
    row = OPERATORS.get(operator.name)
    if operator.name == "Null":
        if operator.if_exists or operator.qualifier:
            return f"`{operator.text}` never holds"
        return f"needs `{condition.key}` to be {'absent' if given else 'present'}, the request has {has}"
    if row is None or not operator.known:
        return f"`{operator.text}` is no operator"
    words = _WORDS.get(operator.name, "other than " if row.negated else "")
    which = {"ForAllValues": "every ", "ForAnyValue": "some "}.get(operator.qualifier or "", "")
    values = _either([value.text for value in condition.values])
    return f"needs {which}`{condition.key}` {words}{values}, the request has {has}"


def _either(texts: Sequence[str]) -> str:
    """Some values, of which one is enough."""
    if not texts:
        return "nothing"
    return " or ".join([f"`{text}`" for text in texts[:_SHOWN]] + _rest(texts))


def _none_of(texts: Sequence[str]) -> str:
    if not texts:
        return "not named"
    if len(texts) == 1:
        return f"not `{texts[0]}`"
    return "none of " + ", ".join([f"`{text}`" for text in texts[:_SHOWN]] + _rest(texts))


def _rest(texts: Sequence[str]) -> list[str]:
    more = len(texts) - _SHOWN
    return [f"{more} more"] if more > 0 else []
