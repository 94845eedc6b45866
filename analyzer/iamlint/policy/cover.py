"""Cover: which statements may say all that another one says, by the look of their patterns. Proves nothing.

Quick, and meant to come before a proof: of hundreds of statements it leaves the few pairs that are worth one.
"""

from collections.abc import Iterator, Sequence

from iamlint.policy.condition import Condition
from iamlint.policy.model import Statement
from iamlint.policy.pattern import Pattern

Patterns = Sequence[Pattern]


def maybe_covered(statements: Sequence[Statement]) -> Iterator[tuple[Statement, list[Statement]]]:
    """The statements that another one of the same effect seems to cover, from the last to the first, with those others.

    Statements that AWS rejects for what they lack or for their conditions are passed over, and are no cover.
    """
    if len(statements) < 2:
        return
    named, wide = _by_action(statements)
    for statement in reversed(statements):
        first = statement.actions[0].key if statement.actions else ""
        near = [other for prefix, other in wide if first.startswith(prefix)]
        others = {other.index: other for other in (*named.get(first, ()), *near) if other is not statement}
        found = [others[index] for index in sorted(others) if _may_cover(others[index], statement)]
        if found and _is_whole(statement):
            yield statement, found


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
        and _is_whole(broad)
        and all(_may_imply(narrow, condition) for condition in broad.conditions)
        and _within(narrow.resources, narrow.not_resources, broad.resources, broad.not_resources)
        and _within(narrow.actions, narrow.not_actions, broad.actions, broad.not_actions)
    )


def _may_imply(narrow: Statement, wanted: Condition) -> bool:
    """Whether a statement's conditions look at the same key, and, where it names the texts, let through no others."""
    same = [condition for condition in narrow.conditions if condition.key_lower == wanted.key_lower]
    if not _names_texts(wanted) or wanted.holds_when_absent:
        return bool(same)
    texts = [Pattern(value.text, fold=True) for value in wanted.values]
    return any(
        all(any(Pattern(value.text, fold=True) <= text for text in texts) for value in condition.values)
        for condition in same
        if _names_texts(condition)
    )


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
