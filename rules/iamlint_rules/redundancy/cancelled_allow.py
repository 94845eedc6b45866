from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from iamlint.rule import (
    Context,
    Finding,
    Fix,
    Pattern,
    Pointer,
    Policy,
    Related,
    Severity,
    Statement,
    is_placeholder,
    remove,
    rule,
)

_ANY = Pattern("*")


@rule("IAM216", on=Policy, severity=Severity.MEDIUM, needs="Deny")
def cancelled_allow(policy: Policy, context: Context) -> Iterator[Finding]:
    """Allow is cancelled by a Deny of the same policy.

    ## Why it matters

    A Deny wins over every Allow, so what the one grants the other takes back in
    each and every request. Either the Deny reaches further than was meant, and
    somebody waits for an access that never comes, or the Allow is a leftover
    that comes to life on the day the Deny is removed.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/2026/*"},
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ statement `Guard` denies all that this allows
        {"Sid": "List", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"},
        {"Sid": "Guard", "Effect": "Deny", "Action": "s3:*Object", "Resource": "*"}
        --------------------------------------------------------------------------- the Deny
      ]
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Sid": "List", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"},
        {"Sid": "Guard", "Effect": "Deny", "Action": "s3:*Object", "Resource": "*"}
      ]
    }
    ```

    Of a statement that is denied in part, the actions are named. A condition
    on both sides is taken into account.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": ["ec2:StopInstances", "ec2:TerminateInstances"],
                                          ^^^^^^^^^^^^^^^^^^^^^^^^ statement 2 denies all that this allows
          "Resource": "arn:aws:ec2:*:111122223333:instance/*",
          "Condition": {"StringEquals": {"aws:ResourceTag/stage": "live"}}
        },
        {
          "Effect": "Deny",
          "Action": "ec2:TerminateInstances",
          "Resource": "*",
          "Condition": {"StringEquals": {"aws:ResourceTag/stage": ["live", "test"]}}
        }
      ]
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": ["ec2:StopInstances"],
          "Resource": "arn:aws:ec2:*:111122223333:instance/*",
          "Condition": {"StringEquals": {"aws:ResourceTag/stage": "live"}}
        },
        {
          "Effect": "Deny",
          "Action": "ec2:TerminateInstances",
          "Resource": "*",
          "Condition": {"StringEquals": {"aws:ResourceTag/stage": ["live", "test"]}}
        }
      ]
    }
    ```

    An exception is no contradiction: something is left of the Allow.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"},
        {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/secret/*"},
        {
          "Effect": "Deny",
          "Action": "*",
          "Resource": "*",
          "Condition": {"Bool": {"aws:SecureTransport": "false"}}
        }
      ]
    }
    ```

    ## References

    - [Policy evaluation logic](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html)
    """
    denies = [_Deny.of(each) for each in policy.statements if each.denies and not _is_unread(each)]
    for statement in policy.statements:
        near = [deny for deny in denies if _meets(statement, deny.statement)] if statement.allows else []
        if not near or not _may_be_met(statement, near) or _is_unread(statement):
            continue
        dead = [entry for entry in statement.actions if _is_dead(statement, entry, near, context)]
        if len(dead) < len(statement.actions):
            for entry in dead:
                yield _finding(_only(statement, entry), entry.at, near, context)
        elif dead or (statement.not_actions and _is_cancelled(statement, near, context)):
            yield _finding(statement, statement.at, near, context)


class _Deny(NamedTuple):
    """A Deny statement, and the entries of its Action or NotAction: plain names, and those with wildcards."""

    statement: Statement
    names: frozenset[str]
    globs: Sequence[Pattern]

    @classmethod
    def of(cls, statement: Statement) -> "_Deny":
        entries = statement.actions or statement.not_actions
        plain = frozenset(entry.key for entry in entries if not entry.has_wildcard)
        return cls(statement, plain, [entry for entry in entries if entry.has_wildcard])

    def denies(self, name: str) -> bool:
        """Whether it takes in an action."""
        is_listed = name.lower() in self.names or any(entry.matches(name) for entry in self.globs)
        return is_listed != bool(self.statement.not_actions)


def _only(statement: Statement, entry: Pattern) -> Statement:
    """A statement with one of its actions."""
    return Statement(statement.at, statement.index, {**statement.raw, "Action": entry.text})


def _is_unread(statement: Statement) -> bool:
    """Whether a tool has yet to fill in a text, so that nothing is known of what it takes in."""
    texts = [*statement.actions, *statement.not_actions, *statement.resources, *statement.not_resources]
    values = (value for condition in statement.conditions for value in condition.values)
    principals = (*statement.principals, *statement.not_principals)
    return any(is_placeholder(str(text)) for text in (*texts, *principals, *values))


def _meets(statement: Statement, deny: Statement) -> bool:
    """Whether a Deny has a service and a resource in common with a statement, as far as a look tells."""
    if statement.actions and deny.actions and not _share_service(statement.services, deny.services):
        return False
    if not deny.resources:
        return any(not any(one <= other for other in deny.not_resources) for one in statement.resources or [_ANY])
    return not statement.resources or any(one & other for one in statement.resources for other in deny.resources)


def _share_service(these: frozenset[str], those: frozenset[str]) -> bool:
    return not these.isdisjoint(those) or any("*" in service or "?" in service for service in these | those)


def _may_be_met(statement: Statement, near: Sequence[_Deny]) -> bool:
    """Whether some Deny has no conditions but on keys that others look at too, and every resource may be denied."""
    keys = [deny.statement.condition_keys() for deny in near]
    known = {key for key, times in Counter(key for each in keys for key in each).items() if times > 1}
    known |= statement.condition_keys()
    is_likely = any(each <= known for each in keys) or bool(statement.principals)
    return is_likely and all(_is_met(resource, near) for resource in statement.resources)


def _is_met(resource: Pattern, near: Sequence[_Deny]) -> bool:
    """Whether one Deny takes in a resource, or several share in it."""
    denied = [other for deny in near for other in deny.statement.resources if resource & other]
    return any(not deny.statement.resources for deny in near) or len(denied) > 1 or any(resource <= o for o in denied)


def _is_dead(statement: Statement, entry: Pattern, near: Sequence[_Deny], context: Context) -> bool:
    """Whether all that an entry stands for is denied; its first and last action tell quickly of most that are not."""
    names = context.catalog.expand(entry.text) if entry.has_wildcard else (entry.text,)
    ends = {*names[:1], *names[-1:]}
    those = [deny for deny in near if any(deny.denies(name) for name in ends)]
    if not those or not all(context.catalog.action(name) for name in ends):
        return False
    is_likely = all(any(deny.denies(name) for deny in those) for name in ends) and (
        len(those) == len(near) or _may_be_met(statement, those)
    )
    return is_likely and _is_cancelled(_only(statement, entry), those, context)


def _is_cancelled(statement: Statement, near: Sequence[_Deny], context: Context) -> bool:
    denies = [deny.statement for deny in near]
    return context.cancelled(statement, denies) and not context.never_applies(statement)


def _finding(statement: Statement, at: Pointer, near: Sequence[_Deny], context: Context) -> Finding:
    denies = [deny.statement for deny in near]
    alone = [deny for deny in denies if context.cancelled(statement, [deny])][:1]
    name = _name(alone[0]) if alone else "the Deny statements together"
    return Finding(
        at,
        f"{name} {'denies' if alone else 'deny'} all that this allows",
        help="narrow the Deny, or remove what it takes back",
        related=tuple(Related(deny.at, "the Deny") for deny in alone or denies),
        fix=Fix.safely("Remove what is denied", remove(at)),
    )


def _name(statement: Statement) -> str:
    return f"statement `{statement.sid}`" if statement.sid else f"statement {statement.index + 1}"
