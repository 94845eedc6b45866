"""Texts of a policy as globs: resources, ARN conditions, plain values; variables are filled in as literal text.

One place says what a wildcard, a variable and an ARN's field mean; the evaluator and the algebra both ask it.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from iamlint.policy.automaton import ANY, FIELD_ANY, FIELD_STAR, STAR, Token
from iamlint.policy.glob import is_variable, tokens
from iamlint.policy.kind import PolicyKind
from iamlint.policy.language import Glob, glob_of

Template = tuple[Token, ...]
"""A text of a policy in tokens; policy variables are tokens of their own."""
Lookup = Callable[[str], str | None]
"""The value of a condition key, by its name in lower case; None if the request has none, or several."""

_FIELD = {STAR: FIELD_STAR, ANY: FIELD_ANY}
_PADS = (PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SESSION)


class Variable(NamedTuple):
    """A policy variable: the condition key it stands for, and its default."""

    key: str
    default: str | None


@lru_cache(maxsize=65536)
def like_template(text: str, *, variables: bool) -> Template:
    """The tokens of a text in which `*` and `?` are wildcards, as StringLike reads it.

    Without variables (Version 2008-10-17), `${…}` is plain text in which wildcards are wildcards.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    return tokens(text) if variables else tuple(text)


@lru_cache(maxsize=65536)
def plain_template(text: str, *, variables: bool) -> Template:
    """The tokens of a text in which nothing but variables and escapes is special, as StringEquals reads it."""
    if not variables or "${" not in text:
        return tuple(f"\\{c}" if c in "*?" else c for c in text)
    return tuple(token for piece in _pieces(text) for token in piece)


def _pieces(text: str) -> Iterable[Template]:
    while text:
        start = text.find("${")
        end = text.find("}", start) if start >= 0 else -1
        if end < 0:
            yield plain_template(text, variables=False)
            return
        yield plain_template(text[:start], variables=False)
        yield tokens(text[start : end + 1])
        text = text[end + 1 :]


@lru_cache(maxsize=65536)
def arn_template(text: str, *, variables: bool) -> Template | None:
    """The tokens of an ARN in a condition: wildcards of the first five fields take no colon; None if it has no six.

    A lone `*` stands for any value: nothing else is so often written, and reading it as nothing would hide a grant.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
    """
    if text and text.strip("*") == "":
        return (STAR,)
    return _six(list(_split(like_template(text, variables=variables))))


@lru_cache(maxsize=65536)
def resource_template(text: str, kind: PolicyKind, *, variables: bool) -> Template | None:
    """The tokens of an entry of Resource; None if it can match nothing. `*` alone is the lone STAR: everything.

    Variables count after the fifth colon only; before it they are plain text. Too few fields are filled up with `*`,
    depending on the kind of policy: what IAM does here stands in no page, but is how it behaves.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    if text and text.strip("*") == "":
        return (STAR,)
    whole = like_template(text, variables=variables)
    fields = list(_split(whole))
    if len(fields) < 6:
        if not _is_padded(text, kind):
            return None
        fields += [(STAR,)] * (6 - len(fields))
    fields[:5] = [_without_variables(field) for field in fields[:5]]
    return _six(fields)


def _is_padded(text: str, kind: PolicyKind) -> bool:
    if kind in _PADS:
        return True
    if kind is PolicyKind.SCP:
        return text.endswith("*")
    return kind is not PolicyKind.RCP and "*" in text


def _split(template: Template) -> Iterable[Template]:
    """The fields of an ARN, at most six; a variable is never split."""
    rest = template
    for _ in range(5):
        if ":" not in rest:
            break
        cut = rest.index(":")
        yield rest[:cut]
        rest = rest[cut + 1 :]
    yield rest


def _six(fields: list[Template]) -> Template | None:
    if len(fields) != 6:
        return None
    *heads, last = fields
    made: list[Token] = []
    for field in heads:
        made.extend(_FIELD.get(token, token) for token in field)
        made.append(":")
    return (*made, *last)


def _without_variables(field: Template) -> Template:
    if not any(is_variable(token) for token in field):
        return field
    return tuple(token for each in field for token in (tuple(each) if is_variable(each) else (each,)))


def has_variables(template: Template) -> bool:
    """Whether a template holds a policy variable."""
    return max(map(len, template), default=0) > 2  # as `is_variable`, in one call for all tokens


def variables_of(template: Template) -> tuple[Variable, ...]:
    """The policy variables in a template, in order."""
    if not has_variables(template):
        return ()
    return tuple(_variable(token) for token in template if is_variable(token))


@lru_cache(maxsize=4096)
def _variable(token: Token) -> Variable:
    """`${aws:PrincipalTag/team, 'none'}` taken apart."""
    name, comma, rest = token[2:-1].partition(",")
    quoted = rest.strip()
    is_default = comma and len(quoted) >= 2 and quoted[0] == quoted[-1] == "'"
    return Variable(name.strip().lower(), quoted[1:-1] if is_default else None)


def literal(text: str) -> Glob:
    """The glob of one text in which nothing is special."""
    return glob_of(plain_template(text, variables=False))


def arn_glob(text: str) -> Glob:
    """The glob of an ARN whose wildcards stay in their fields."""
    return glob_of(arn_template(text, variables=False) or ())


def no_value(_: str) -> None:
    """A lookup for which no condition key has a value."""


def fill(template: Template, lookup: Lookup) -> Glob | None:
    """The glob of a template with its variables replaced by their values, which are literal text.

    Returns:
        None where a variable has no value and no default: such an entry matches nothing.
    """
    if not has_variables(template):
        return glob_of(template)
    made: list[Token] = []
    for token in template:
        if not is_variable(token):
            made.append(token)
            continue
        key, default = _variable(token)
        value = lookup(key)
        value = default if value is None else value
        if value is None:
            return None
        made.extend(plain_template(value, variables=False))
    return glob_of(tuple(made))


def without_case(template: Template) -> Template:
    """The same template for texts that are compared without regard to letter case."""
    return tuple(_both_cases(token) for token in template)


def _both_cases(token: Token) -> Token:
    lower, upper = token.lower(), token.upper()
    return f"{lower}{upper}" if len(token) == len(lower) == len(upper) == 1 and lower != upper else token
