from collections.abc import Iterator, Sequence

from iamlint.rule import (
    Context,
    Finding,
    Fix,
    Pattern,
    Policy,
    Related,
    Severity,
    Statement,
    is_placeholder,
    maybe_covered,
    remove,
    rule,
    sharing_action,
)

TEXTS = ("ArnEquals", "ArnLike", "StringEquals", "StringLike")
"""Operators that name the texts which a key may have."""


MANY = 250
"""Of how many statements this is asked: no policy that AWS takes has as many, and each is compared with all others."""


@rule("IAM217", on=Policy, severity=Severity.LOW)
def jointly_covered_statement(policy: Policy, context: Context) -> Iterator[Finding]:
    """Statement says nothing that several others together do not say.

    ## Why it matters

    No other statement covers it alone, so it looks needed; but each part of it
    is said elsewhere. Whoever tightens one of the others believes that the
    access is gone, while this statement keeps it.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Sid": "Read", "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::reports/*"},
        --------------------------------------------------------------------------------------------- it says a part of it
        {"Sid": "Write", "Effect": "Allow", "Action": "s3:Put*", "Resource": "arn:aws:s3:::reports/*"},
        ---------------------------------------------------------------------------------------------- it says a part of it
        {"Sid": "Own", "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::reports/own/*"}
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ statements `Read` and `Write` together allow all of it
      ]
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Sid": "Read", "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::reports/*"},
        {"Sid": "Write", "Effect": "Allow", "Action": "s3:Put*", "Resource": "arn:aws:s3:::reports/*"}
      ]
    }
    ```

    Here a part is left that nobody else says: a version is no object to put.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"},
        {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::reports/new/*"},
        {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::reports/own/*"}
      ]
    }
    ```

    ## References

    - [IAM JSON policy elements: Statement](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html)
    """
    statements = policy.statements if len(policy.statements) <= MANY else ()
    near = [each for each, others in sharing_action(statements) if _may_begin(each, others)]
    takers = _Takers(statements) if near else None
    found = [(each, parts) for each in near if takers and (parts := takers.parts(each))]
    alone = {statement.index for statement, _ in maybe_covered(statements)} if found else set()
    gone: set[int] = set()
    for statement, parts in found:
        left = [part for part in parts if part.index not in alone | gone and not _are_apart(part, statement)]
        if statement.index not in alone and _is_covered(statement, left, context):
            gone.add(statement.index)
            yield _finding(statement, _needed(statement, left, context))


def _may_begin(statement: Statement, others: Sequence[Statement]) -> bool:
    """Whether others take in the first action on each resource, as far as a look tells."""
    if len(statement.actions) * len(statement.resources) < 2:
        return False
    near = [other for other in others if _may_cover(other, statement)]
    return bool(near) and all(any(_has(other, resource) for other in near) for resource in statement.resources)


class _Takers:
    """The statements of a policy by the actions they take in."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.named: dict[str, list[Statement]] = {}
        self.wide: list[tuple[str, Pattern | None, Statement]] = []
        for statement in statements:
            if statement.not_actions:
                self.wide.append(("", None, statement))
            for entry in statement.actions:
                self.named.setdefault(entry.key, []).append(statement)
                if "*" in entry.key:
                    self.wide.append((entry.key.partition("*")[0], entry, statement))

    def of(self, action: Pattern) -> Iterator[Statement]:
        """The statements that take in an action, some of them more than once."""
        yield from self.named.get(action.key, ())
        for prefix, entry, statement in self.wide:
            if action.key.startswith(prefix) and (action <= entry if entry else _keeps(statement, action)):
                yield statement

    def parts(self, statement: Statement) -> list[Statement]:
        """Other statements, one of which takes in each action on each resource; nothing where one is missing."""
        found: dict[int, Statement] = {}
        for action in statement.actions:
            near = [other for other in self.of(action) if _may_cover(other, statement)]
            for resource in statement.resources:
                fitting = [other for other in near if _has(other, resource)]
                if not fitting:
                    return []
                found |= {other.index: other for other in fitting}
        return list(found.values())


def _keeps(statement: Statement, action: Pattern) -> bool:
    return not any(action & entry for entry in statement.not_actions)


def _may_cover(other: Statement, statement: Statement) -> bool:
    is_other = other is not statement and other.effect == statement.effect
    return is_other and (not other.has("Condition") or other.condition_keys() <= statement.condition_keys())


def _are_apart(one: Statement, other: Statement) -> bool:
    """Whether their conditions want texts of the same key that have nothing in common."""
    pairs = ((this, that) for this in one.conditions for that in other.conditions if this.key_lower == that.key_lower)
    return any(
        not any(Pattern(a.text, fold=True) & Pattern(b.text, fold=True) for a in this.values for b in that.values)
        for this, that in pairs
        if this.operator.text in TEXTS and that.operator.text in TEXTS
    )


def _has(statement: Statement, resource: Pattern) -> bool:
    if statement.not_resources:
        return not any(resource & entry for entry in statement.not_resources)
    return any(
        resource.text == entry.text or ("*" in entry.text and resource <= entry) for entry in statement.resources
    )


def _is_covered(statement: Statement, parts: Sequence[Statement], context: Context) -> bool:
    if len(parts) < 2 or any(is_placeholder(str(one)) for each in (statement, *parts) for one in each.resources):
        return False
    return context.adds_nothing(statement, parts) and not context.never_applies(statement)


def _needed(statement: Statement, parts: list[Statement], context: Context) -> list[Statement]:
    """The parts without those that can be done without."""
    for part in list(parts):
        rest = [other for other in parts if other is not part]
        if len(rest) > 1 and context.adds_nothing(statement, rest):
            parts = rest
    return parts


def _finding(statement: Statement, parts: Sequence[Statement]) -> Finding:
    names = [f"`{part.sid}`" if part.sid else str(part.index + 1) for part in parts]
    return Finding(
        statement.at,
        f"statements {', '.join(names[:-1])} and {names[-1]} together {'allow' if statement.allows else 'deny'} all of it",
        related=tuple(Related(part.at, "it says a part of it") for part in parts),
        fix=Fix.safely("Remove the superfluous statement", remove(statement.at)),
    )
