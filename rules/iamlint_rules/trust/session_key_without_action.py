from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, PolicyKind, Severity, Statement, rule

# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html#id_credentials_temp_control-access_monitor-perms
SETTERS = (
    ("sts:sourceidentity", "sts:SetSourceIdentity"),
    ("sts:transitivetagkeys", "sts:TagSession"),
    ("aws:requesttag/", "sts:TagSession"),
    ("aws:tagkeys", "sts:TagSession"),
)


@rule(
    "IAM525",
    on=Statement,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    kinds=(PolicyKind.TRUST,),
    needs=("Allow", "Action", "Condition"),
    aws="MISSING_ACTION_FOR_CONDITION_KEY",
)
def session_key_without_action(statement: Statement, context: Context) -> Iterator[Finding]:
    """Trust policy demands session tags or a source identity, and does not allow to set them.

    ## Why it matters

    Tags and a source identity come with a request that also needs
    `sts:TagSession` or `sts:SetSourceIdentity`. A condition that demands one,
    without that action, can never be met.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:SourceIdentity": "alice"}}
                                       ^^^^^^^^^^^^^^^^^^^^ `sts:SourceIdentity` needs `sts:SetSourceIdentity`, which is not allowed
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"},
        "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
        "Condition": {"StringEquals": {"sts:SourceIdentity": "alice"}}
      }
    }
    ```

    ## References

    - [Passing session tags in AWS STS](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html)
    - [Monitor and control actions taken with assumed roles](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html)
    - [Access Analyzer: missing action for condition key](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for condition in statement.conditions:
        setter = next((action for key, action in SETTERS if condition.key_lower.startswith(key)), None)
        if setter and condition.operator.known and condition.operator.name != "Null" and not _allowed(setter, context):
            idle = condition.holds_when_absent
            yield Finding(
                condition.at,
                f"`{condition.key}` needs `{setter}`, which is not allowed",
                on_key=True,
                why="a request that brings it is refused, "
                + ("so the condition always holds" if idle else "and one that does not fails the condition"),
                help=f"add `{setter}` to the actions",
                severity=Severity.LOW if idle else None,
            )


def _allowed(action: str, context: Context) -> bool:
    return any(each.allows and each.applies_to_action(action) for each in context.policy.statements)
