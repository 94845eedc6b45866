"""Boxes: a statement as a product of sets, one for each coordinate of a request. Decides nothing.

A statement is a conjunction of demands that look at one coordinate each; its principal is settled by `archetypes`. One
whose demands have no such form is several boxes.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from iamlint.engine import scalars
from iamlint.engine.globs import (
    Lookup,
    Template,
    arn_template,
    fill,
    like_template,
    literal,
    plain_template,
    resource_template,
    without_case,
)
from iamlint.engine.ranges import Ranges
from iamlint.engine.rcps import RCP_SERVICES, SPARED_ACTION
from iamlint.engine.sets import (
    ADDRESS,
    ANY_TEXT,
    BINARY,
    NO_TEXT,
    NUMBER,
    TEXT,
    Atom,
    Texts,
    Values,
    matching,
    not_matching,
)
from iamlint.policy import Condition, Pattern, Policy, PolicyKind, Statement
from iamlint.policy.automaton import ANY, COLON, FIELD_ANY, FIELD_STAR, STAR
from iamlint.policy.language import Glob, glob_of

if TYPE_CHECKING:
    from fractions import Fraction

RESOURCE = ""
"""The coordinate of the resource; the others are condition keys in lower case."""
ACTION = "\0action"
"""The coordinate of the action in the open world; in the closed one it is a mask."""

_SAME = {
    "kms:calleraccount": "aws:principalaccount",
    "s3:resourceaccount": "aws:resourceaccount",
    "aws:epochtime": "aws:currenttime",
}
"""Keys that always have one value: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"""


class Box(NamedTuple):
    """A product of sets: a mask of actions, and demands on the other coordinates."""

    actions: int
    atoms: tuple[Atom, ...]
    policy: Policy
    statement: Statement


class Names(NamedTuple):
    """How actions are read: the mask of a list of patterns, or, in the open world, demands on the action's text."""

    mask: Callable[[Iterable[Pattern]], int]
    full: int
    is_open: bool


def coordinate(key: str) -> str:
    """The coordinate of a condition key: keys that always have the same value share one."""
    lower = key.lower()
    return _SAME.get(lower, lower)


def boxes(
    policy: Policy, statement: Statement, names: Names, lookup: Lookup, is_many: Callable[[str], bool]
) -> tuple[Box, ...]:
    """The boxes of a statement, its principal not looked at; none if it never applies.

    Args:
        policy: The policy it belongs to, for kind and version.
        statement: The statement.
        names: The world of actions.
        lookup: The values of policy variables.
        is_many: Whether a coordinate is multivalued.
    """
    actions, atoms = _actions(statement, names)
    if policy.kind is PolicyKind.RCP and statement.denies:
        theirs, limits = _within_rcps(names)
        actions, atoms = actions & theirs, (*atoms, *limits)
    resources = _resource_atoms(policy, statement, lookup)
    if not actions or resources is None:
        return ()
    alternatives = [_condition_atoms(condition, policy, lookup, is_many) for condition in statement.conditions]
    if _has_unreadable_condition(statement):
        return ()
    return tuple(
        Box(actions, (*atoms, *resources, *(atom for choice in choices for atom in choice)), policy, statement)
        for choices in product(*alternatives)
    )


def _has_unreadable_condition(statement: Statement) -> bool:
    block = statement.raw.get("Condition", {})
    return not (isinstance(block, dict) and all(isinstance(keys, dict) for keys in block.values()))


def _actions(statement: Statement, names: Names) -> tuple[int, tuple[Atom, ...]]:
    negated = statement.has("NotAction")
    patterns = statement.not_actions if negated else statement.actions
    if negated and not patterns:
        return 0, ()
    if not names.is_open:
        mask = names.mask(patterns)
        return (names.full & ~mask if negated else mask), ()
    made = [glob_of(like_template(pattern.key, variables=False)) for pattern in patterns]
    if not made:
        return 0, ()
    return names.full, (Atom(ACTION, not_matching(made) if negated else matching(made)),)


def _within_rcps(names: Names) -> tuple[int, tuple[Atom, ...]]:
    """The actions that RCPs apply to, and that they limit only what is done to a resource."""
    spared, theirs = Pattern(SPARED_ACTION, fold=True), [Pattern(f"{each}:*", fold=True) for each in RCP_SERVICES]
    on_resources = Atom(RESOURCE, not_matching([literal("*")]))
    if not names.is_open:
        return names.mask(theirs) & ~names.mask([spared]), (on_resources,)
    is_theirs = Atom(ACTION, matching(glob_of(like_template(each.key, variables=False)) for each in theirs))
    return names.full, (on_resources, is_theirs, Atom(ACTION, not_matching([literal(spared.key)])))


def _resource_atoms(policy: Policy, statement: Statement, lookup: Lookup) -> tuple[Atom, ...] | None:
    negated = statement.has("NotResource")
    if not negated and not statement.has("Resource"):
        return () if policy.kind in (PolicyKind.TRUST, PolicyKind.RESOURCE) else None
    entries = statement.not_resources if negated else statement.resources
    if not entries:
        return None
    globs = []
    for entry in entries:
        template = resource_template(entry.text, policy.kind, variables=policy.has_variables)
        glob = fill(template, lookup) if template is not None else None
        if glob is not None:
            globs.append(_with_nice_word(glob))
    if any(glob.is_everything for glob in globs):
        return None if negated else ()
    return (Atom(RESOURCE, not_matching(globs) if negated else matching(globs)),)


_NICE = ("arn", "aws", "service", "us-east-1", "123456789012")


def _with_nice_word(glob: Glob) -> Glob:
    """The glob, with a word that looks like an ARN of its kind."""
    if glob.nice is None and glob.literal is None:
        field, word = 0, ""
        for token in glob.tokens:
            if token == COLON and field < 5:
                field += 1
            if token in (FIELD_STAR, STAR):
                word += _NICE[field] if field < 5 and word.endswith((":", "arn")) else "example"
            else:
                word += "x" if token in (ANY, FIELD_ANY) else token[-1]
        glob.nice = word
    return glob


Choice = tuple[Atom, ...]


def _condition_atoms(
    condition: Condition, policy: Policy, lookup: Lookup, is_many: Callable[[str], bool]
) -> Sequence[Choice]:
    """The demands of a condition: alternatives, each a conjunction; mostly one of one."""
    operator, key = condition.operator, coordinate(condition.key)
    if not operator.known:
        return ()
    if operator.name == "Null":
        return _null(condition, key)
    facet, values = _values(condition, policy, lookup)
    if operator.is_negated:
        values = _not(values)
    if operator.qualifier == "ForAllValues" or (operator.qualifier is None and operator.is_negated):
        return ((Atom(key, values, facet, absent=True),),)
    if not operator.if_exists:
        return ((Atom(key, values, facet),),)
    if not is_many(key):
        return ((Atom(key, values, facet, absent=True),),)
    # Some value matches, or there is none: of a multivalued key no single demand says that.
    return ((Atom(key, values, facet),), (Atom(key, NO_TEXT, absent=True),))


def _null(condition: Condition, key: str) -> Sequence[Choice]:
    if condition.operator.if_exists or condition.operator.qualifier:
        return ((),) if condition.operator.qualifier == "ForAllValues" else ()
    wanted = {scalars.boolean(value.text) for value in condition.values}
    if {"true", "false"} <= wanted:
        return ((),)
    if "true" in wanted:
        return ((Atom(key, NO_TEXT, absent=True),),)
    return ((Atom(key, ANY_TEXT),),) if "false" in wanted else ()


def _not(values: Values) -> Values:
    return values.complement() if isinstance(values, Ranges) else Texts(values.none_of, values.all_of)


def _values(condition: Condition, policy: Policy, lookup: Lookup) -> tuple[str, Values]:
    """How an operator reads values, and the set it compares with, as if it were not negated."""
    family = condition.operator.family
    texts = [value.text for value in condition.values]
    if family in ("Numeric", "Date"):
        return NUMBER, Ranges.union(_line(condition.operator.name, texts, _READ[family]))
    if family == "IpAddress":
        found = (scalars.addresses(text) for text in texts)
        return ADDRESS, Ranges.union(Ranges.closed(*each) for each in found if each is not None)
    if family == "Binary":
        return BINARY, matching(literal(text) for text in map(scalars.binary, texts) if text is not None)
    if family == "Bool":
        return TEXT, matching(_folded(text) for text in map(scalars.boolean, texts) if text is not None)
    name = condition.operator.name
    templates = (_template(name, text, variables=policy.has_variables) for text in texts)
    globs = (fill(template, lookup) for template in templates if template is not None)
    if name.endswith("IgnoreCase"):
        return TEXT, matching(glob_of(without_case(glob.tokens)) for glob in globs if glob is not None)
    return TEXT, matching(glob for glob in globs if glob is not None)


_READ = {"Numeric": scalars.number, "Date": scalars.date}


def _line(name: str, texts: Iterable[str], read: Callable[[str], "Fraction | None"]) -> Iterator[Ranges]:
    comparison = name.removeprefix("Numeric").removeprefix("Date").removeprefix("Not")
    for text in texts:
        value = read(text)
        if value is None:
            continue
        if comparison == "Equals":
            yield Ranges.closed(value, value)
        elif comparison.startswith("Less"):
            yield Ranges.below(value, included=comparison.endswith("Equals"))
        else:
            yield Ranges.above(value, included=comparison.endswith("Equals"))


def _folded(text: str) -> Glob:
    glob = glob_of(without_case(plain_template(text, variables=False)))
    glob.nice = text
    return glob


def _template(name: str, text: str, *, variables: bool) -> Template | None:
    if name.startswith("Arn"):
        return arn_template(text, variables=variables)
    if name.endswith("Like"):
        return like_template(text, variables=variables)
    return plain_template(text, variables=variables)


def templates_of(policy: Policy, statement: Statement) -> Iterator[tuple[str, Template]]:
    """The templates of a statement that may hold variables, each with the coordinate it is compared with."""
    if not policy.has_variables:
        return
    for entry in (*statement.resources, *statement.not_resources):
        template = resource_template(entry.text, policy.kind, variables=True) if "${" in entry.text else None
        if template is not None:
            yield RESOURCE, template
    for condition in statement.conditions:
        if condition.operator.family in ("String", "Arn"):
            for value in condition.values:
                name, text = condition.operator.name, value.text
                template = _template(name, text, variables=True) if "${" in text else None
                if template is not None:
                    yield coordinate(condition.key), template
