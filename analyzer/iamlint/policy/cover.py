"""Cover: which statements may say all that another one says, by the look of their patterns. Proves nothing.

Quick, and meant to come before a proof: of hundreds of statements it leaves the few pairs that are worth one.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from iamlint.policy.condition import Condition
from iamlint.policy.model import Statement
from iamlint.policy.pattern import Pattern

Patterns = Sequence[Pattern]


def maybe_covered(statements: Sequence[Statement]) -> Iterator[tuple[Statement, list[Statement]]]:
    """The statements that another one of the same effect seems to cover, from the last to the first, with those others.

    Statements that AWS rejects for what they lack or for their conditions are passed over, and are no cover.
    """
    for statement, near in sharing_action(statements):
        found = [other for other in near if _may_cover(other, statement)]
        if found and _is_whole(statement):
            yield statement, found


def sharing_action(statements: Sequence[Statement]) -> Sequence[tuple[Statement, list[Statement]]]:
    """The statements that others may share the first action with, from the last to the first, with those others."""
    return _sharing(tuple(statements)) if len(statements) > 1 else ()


@lru_cache(maxsize=1)  # two rules ask, one after the other
def _sharing(statements: tuple[Statement, ...]) -> Sequence[tuple[Statement, list[Statement]]]:
    found = []
    named, wide = _by_action(statements)
    prefixes = tuple([prefix for prefix, _ in wide])
    for statement in reversed(statements):
        first = statement.actions[0].key if statement.actions else ""
        near = named.get(first, [])
        if first.startswith(prefixes):
            near = near + [other for prefix, other in wide if first.startswith(prefix)]
        if len(near) > 1 or statement not in near:
            others = {other.index: other for other in near if other is not statement}
            if others:
                found.append((statement, [others[index] for index in sorted(others)]))
    return found


def _by_action(statements: Sequence[Statement]) -> tuple[dict[str, list[Statement]], list[tuple[str, Statement]]]:
    """The statements that name the first action of one; and those whose wildcards may take it in, by their prefix."""
    named: dict[str, list[Statement]] = {each.actions[0].key: [] for each in statements if each.actions}
    wide: list[tuple[str, Statement]] = []
    for statement in statements:
        if statement.not_actions:
            wide.append(("", statement))
        for action in statement.actions:
            key = action.key
            if key in named:
                named[key].append(statement)
            if "*" in key or "?" in key:
                wide.append((key.partition("*")[0].partition("?")[0], statement))
    return named, wide


def _is_whole(statement: Statement) -> bool:
    names_action = bool(statement.actions) != bool(statement.not_actions)
    return names_action and all(condition.operator.known and condition.values for condition in statement.conditions)


def _may_cover(broad: Statement, narrow: Statement) -> bool:
    return (
        broad.effect == narrow.effect
        and (not broad.has("Condition") or broad.condition_keys() <= narrow.condition_keys())
        and _within(narrow.resources, narrow.not_resources, broad.resources, broad.not_resources)
        and _within(narrow.actions, narrow.not_actions, broad.actions, broad.not_actions)
        and _is_whole(broad)
        and all(_may_imply(narrow, condition) for condition in broad.conditions)
    )


def _may_imply(narrow: Statement, wanted: Condition) -> bool:
    """Whether a statement's conditions look at the same key, and, where it names the texts, let through no others."""
    same = [condition for condition in narrow.conditions if condition.key_lower == wanted.key_lower]
    if any(_excludes(wanted, condition) for condition in same):
        return False
    if not _names_texts(wanted) or wanted.holds_when_absent:
        return bool(same)
    texts = [Pattern(value.text, fold=True) for value in wanted.values]
    return any(
        all(any(Pattern(value.text, fold=True) <= text for text in texts) for value in condition.values)
        for condition in same
        if _names_texts(condition)
    )


def _excludes(one: Condition, other: Condition) -> bool:
    """Whether two conditions on a key plainly never hold together: it is not there and is, or is and is not a text."""
    if one.operator.name == "Null":
        is_gone = all(value.text.lower() == "true" for value in one.values)
        return is_gone and not other.holds_when_absent
    pair = {one.operator.text, other.operator.text}
    texts = ({value.text for value in each.values} for each in (one, other))
    return pair == {"StringEquals", "StringNotEquals"} and next(texts) == next(texts)


def _names_texts(condition: Condition) -> bool:
    return condition.operator.family in ("String", "Arn") and not condition.operator.is_negated


def _within(these: Patterns, not_these: Patterns, those: Patterns, not_those: Patterns) -> bool:
    """Whether an element and its negation, of which one is empty, are within those of another statement."""
    if any(entry.is_everything for entry in those):
        return True
    if not_these:
        return bool(not_those) and all(any(one <= other for other in not_these) for one in not_those)
    if not_those:
        return not any(one & other for one in these for other in not_those)
    texts, globs = {entry.key for entry in those}, [entry for entry in those if entry.has_wildcard]
    return all(entry.key in texts or any(entry <= glob for glob in globs) for entry in these)
