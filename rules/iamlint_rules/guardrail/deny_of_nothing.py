from collections.abc import Iterator

from iamlint.rule import Condition, Confidence, Context, Finding, Pattern, PolicyKind, Severity, Statement, rule

EVERYONE = Pattern("arn:aws:iam::*:*")
OF_RESOURCES = (PolicyKind.RESOURCE, PolicyKind.TRUST, PolicyKind.RCP)


@rule("IAM609", on=Statement, severity=Severity.HIGH, needs="Deny")
def deny_of_nothing(statement: Statement, context: Context) -> Iterator[Finding]:
    """Deny exempts everything, and so denies nothing.

    ## Why it matters

    `NotResource`, `NotAction` and conditions such as `ArnNotLike` say what a
    Deny spares. With `*` there, it spares all: the statement looks like a limit
    and is none.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:DeleteObject",
        "NotResource": ["arn:aws:s3:::amzn-s3-demo-bucket/tmp/*", "*"]
                                                                  ^^^ every resource is exempt, so nothing is denied
      }
    }
    ```

    ```json bad scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "cloudtrail:StopLogging",
        "Resource": "*",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": "*"}}
                                                         ^^^ every user and role is exempt
      }
    }
    ```

    ```json good scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "cloudtrail:StopLogging",
        "Resource": "*",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/audit"}}
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: NotResource](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html)
    - [aws:PrincipalArn](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn)
    """
    for what, entries in (("resource", statement.not_resources), ("action", statement.not_actions)):
        everything = next((entry for entry in entries if entry.is_everything or entry.text == "*:*"), None)
        if everything:
            yield Finding(everything.at, f"every {what} is exempt, so nothing is denied")
    for condition in statement.conditions if statement.has("Condition") else ():
        if condition.key_lower == "aws:principalarn" and condition.operator.name in ("ArnNotLike", "ArnNotEquals"):
            yield from _of_callers(condition, context.policy.kind)


def _of_callers(condition: Condition, kind: PolicyKind) -> Iterator[Finding]:
    for value in condition.values:
        pattern = Pattern(value.text)
        if pattern.is_everything or EVERYONE <= pattern:
            spared = kind in OF_RESOURCES
            yield Finding(
                value.at,
                "every user and role is exempt",
                why="only AWS services and anonymous callers are denied" if spared else "nobody is denied",
                help="name those whom the Deny is to spare",
                severity=Severity.MEDIUM if spared else None,
                confidence=Confidence.MEDIUM if spared else None,
            )
            return
