from collections.abc import Iterator, Sequence

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
    denies = [statement for statement in policy.statements if statement.denies and not _is_unread(statement)]
    for statement in policy.statements:
        if statement.allows and denies and not _is_unread(statement):
            dead = [entry for entry in statement.actions if _is_dead(_only(statement, entry), denies, context)]
            if len(dead) < len(statement.actions):
                yield from (_finding(_only(statement, entry), entry.at, denies, context) for entry in dead)
            elif dead or (statement.not_actions and _is_dead(statement, denies, context)):
                yield _finding(statement, statement.at, denies, context)


def _only(statement: Statement, entry: Pattern) -> Statement:
    """A statement with one of its actions."""
    return Statement(statement.at, statement.index, {**statement.raw, "Action": entry.text})


def _is_unread(statement: Statement) -> bool:
    """Whether a tool has yet to fill in a text, so that nothing is known of what it takes in."""
    texts = [*statement.actions, *statement.not_actions, *statement.resources, *statement.not_resources]
    values = (value for condition in statement.conditions for value in condition.values)
    principals = (*statement.principals, *statement.not_principals)
    return any(is_placeholder(str(text)) for text in (*texts, *principals, *values))


def _is_dead(statement: Statement, denies: Sequence[Statement], context: Context) -> bool:
    near = [deny for deny in denies if _meets(statement, deny)]
    return (
        any(_may_cancel(statement, deny, near) for deny in near)
        and all(_is_met(resource, near) for resource in statement.resources)
        and context.cancelled(statement, near)
        and not context.never_applies(statement)
    )


def _meets(statement: Statement, deny: Statement) -> bool:
    """Whether a Deny has an action and a resource in common with a statement, as far as a look tells."""
    return _overlap(statement.actions, deny.actions, deny.not_actions) and _overlap(
        statement.resources, deny.resources, deny.not_resources
    )


def _overlap(these: Sequence[Pattern], those: Sequence[Pattern], not_those: Sequence[Pattern]) -> bool:
    if not these or not (those or not_those):
        return True
    return any(one & other for one in these for other in those) or any(
        not any(one <= other for other in not_those) for one in these if not_those
    )


def _may_cancel(statement: Statement, deny: Statement, near: Sequence[Statement]) -> bool:
    """Whether each condition of a Deny is on a key that the Allow, or another Deny, looks at as well."""
    keys = statement.condition_keys().union(*(other.condition_keys() for other in near if other is not deny))
    linked = statement.principals or deny.condition_keys() <= keys
    return bool(linked)


def _is_met(resource: Pattern, near: Sequence[Statement]) -> bool:
    """Whether one Deny takes in a resource, or several share in it."""
    if any(resource <= other for deny in near for other in deny.resources):
        return True
    parts = sum(1 for deny in near for other in deny.resources if resource & other)
    return parts > 1 or any(not deny.resources for deny in near)


def _finding(statement: Statement, at: Pointer, denies: Sequence[Statement], context: Context) -> Finding:
    near = [deny for deny in denies if _meets(statement, deny)]
    alone = next((deny for deny in near if context.cancelled(statement, [deny])), None)
    name = _name(alone) if alone else "the Deny statements together"
    return Finding(
        at,
        f"{name} {'denies' if alone else 'deny'} all that this allows",
        help="narrow the Deny, or remove what it takes back",
        related=tuple(Related(deny.at, "the Deny") for deny in ([alone] if alone else near)),
        fix=Fix.safely("Remove what is denied", remove(at)),
    )


def _name(statement: Statement) -> str:
    return f"statement `{statement.sid}`" if statement.sid else f"statement {statement.index + 1}"
