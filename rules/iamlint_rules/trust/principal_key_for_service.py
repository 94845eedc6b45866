from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, Severity, Statement, rule

# A service principal belongs to no account and no organization:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid
KEYS = {
    "aws:principalorgid": "aws:SourceOrgID",
    "aws:principalorgpaths": "aws:SourceOrgPaths",
}


@rule(
    "IAM526",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.RESOURCE, PolicyKind.TRUST),
    needs=("Allow", "Principal", "Condition"),
    aws="UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
)
def principal_key_for_service(statement: Statement, _: Context) -> Iterator[Finding]:
    """Service is let in on a condition that only users and roles can meet.

    ## Why it matters

    An AWS service belongs to no organization: when it calls, the
    `aws:PrincipalOrg…` keys are absent, and the statement lets it in for
    nobody. For whose sake it calls is in `aws:SourceOrgID`.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
                                       ^^^^^^^^^^^^^^^^^^^^ a service has no `aws:PrincipalOrgID`
      }
    }
    ```

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}}
      }
    }
    ```

    ## References

    - [aws:SourceOrgID](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceorgid)
    - [Access Analyzer: unsupported condition key for service principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    if not statement.allows or not any(entry.type == "Service" for entry in statement.principals):
        return
    for condition in statement.conditions:
        right = KEYS.get(condition.key_lower)
        if right and not condition.holds_when_absent and condition.operator.name != "Null":
            yield Finding(
                condition.at,
                f"a service has no `{condition.key}`",
                on_key=True,
                why="the key is absent when a service calls, so the service is never let in",
                help=f"did you mean `{right}`?",
            )
