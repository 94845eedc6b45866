from collections.abc import Iterator

from iamlint.rule import (
    Catalog,
    Condition,
    Confidence,
    Context,
    Finding,
    Pattern,
    PolicyKind,
    Related,
    Severity,
    Statement,
    rule,
)

KEY = "aws:resourcetag/"
CODES = {
    ("Allow", "Action"): ("ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",),
    ("Allow", "NotAction"): ("ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",),
    ("Deny", "Action"): ("DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",),
    ("Deny", "NotAction"): ("DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",),
}


@rule(
    "IAM124",
    on=Statement,
    severity=Severity.LOW,
    confidence=Confidence.LOW,
    kinds=[kind for kind in PolicyKind if kind is not PolicyKind.TRUST],
    needs="Condition",
    aws=tuple(code for codes in CODES.values() for code in codes),
)
def unsupported_resource_tag(statement: Statement, context: Context) -> Iterator[Finding]:
    """Condition on a resource's tag covers actions that have no such tag to show.

    ## Why it matters

    Not every action works on a resource, and not every service looks at the
    tags of its resources before it decides. Without the key the condition is
    false: a `Deny` protects nothing there, and an `Allow` grants nothing.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": ["ec2:TerminateInstances", "sts:GetCallerIdentity"],
                                             ----------------------- it never carries the key
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:ResourceTag/status": "locked"}}
                                       ^^^^^^^^^^^^^^^^^^^^^^^^ `sts:GetCallerIdentity` sees no tags, so this never denies it
      }
    }
    ```

    With `NotAction` that goes for every service without support for tags.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "NotAction": "s3:*",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:ResourceTag/status": "locked"}}
                                       ^^^^^^^^^^^^^^^^^^^^^^^^ many actions see no tags, so this never denies them
      }
    }
    ```

    A pattern is fine if one action that it stands for sees tags, and so is an
    action that makes a resource together with its tags.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["ec2:*Instances", "ec2:CreateSnapshot"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:ResourceTag/team": "reports"}}
      }
    }
    ```

    ## References

    - [aws:ResourceTag](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourcetag)
    - [AWS services that work with IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html)
    - [Access Analyzer: deny with unsupported tag condition key for service](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-security-warning-deny-with-unsupported-tag-condition-key-for-service)
    """
    for condition in statement.conditions:
        if not condition.key_lower.startswith(KEY) or not _demands(condition):
            continue
        does = "denies" if statement.denies else "allows"
        severity = Severity.MEDIUM if statement.denies else None
        if statement.has("NotAction"):
            yield Finding(
                condition.at,
                f"many actions see no tags, so this never {does} them",
                on_key=True,
                help="list the actions with `Action`",
                severity=severity,
                confidence=Confidence.MEDIUM,
                aws=CODES.get((statement.effect or "", "NotAction"), ()),
            )
        elif blind := [entry for entry in statement.actions if not _sees_tags(entry, context.catalog)]:
            more = f" and {len(blind) - 1} more" if len(blind) > 1 else ""
            yield Finding(
                condition.at,
                f"`{blind[0]}`{more} {'see' if more else 'sees'} no tags, so this never {does} {'them' if more else 'it'}",
                on_key=True,
                help="put what sees no tags into a statement without this condition",
                related=tuple(Related(entry.at, "it never carries the key") for entry in blind),
                severity=severity,
                confidence=Confidence.MEDIUM if all(_is_placeless(e, context.catalog) for e in blind) else None,
                aws=CODES.get((statement.effect or "", "Action"), ()),
            )


def _demands(condition: Condition) -> bool:
    """Whether a request without the tag fails the condition."""
    operator = condition.operator
    return operator.known and operator.name != "Null" and not condition.holds_when_absent and not operator.is_negated


def _sees_tags(entry: Pattern, catalog: Catalog) -> bool:
    """Whether an action of an entry carries the key: those of unknown names are not judged."""
    return catalog.remember(("sees tags", entry.key), lambda: _any_sees_tags(entry, catalog))


def _any_sees_tags(entry: Pattern, catalog: Catalog) -> bool:
    named = (entry.text,) if catalog.action(entry.text) else ()
    actions = catalog.expand(entry.text) if entry.has_wildcard else named
    # A request that makes a resource with a tag has the key as well; AWS lists it with aws:RequestTag alone.
    return not actions or any(
        key.lower().startswith((KEY, "aws:requesttag/")) for name in actions for key in catalog.keys_of_action(name)
    )


def _is_placeless(entry: Pattern, catalog: Catalog) -> bool:
    """Whether the actions of an entry work on no resource, so that there is nothing to have tags."""
    return not any(action.resources for action in catalog.actions_of(entry.text))
