from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, Related, Severity, Statement, rule


@rule(
    "IAM403",
    on=Statement,
    severity=Severity.LOW,
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
    needs=("Allow", "NotAction"),
)
def not_action_allow(statement: Statement, _: Context) -> Iterator[Finding]:
    """Everything that is not listed is allowed.

    ## Why it matters

    `NotAction` with `Allow` grants every action of every service but those
    listed, and all that AWS will add. It is easily read as the opposite: it
    denies nothing, and another statement may allow what is listed.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "NotAction": ["organizations:*", "account:*"],
        ^^^^^^^^^^^ `NotAction` allows every action but those listed
        "Resource": "*"
                    --- on everything
      }
    }
    ```

    With `Deny` it is the way to allow no more than a list.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "NotAction": ["s3:*", "logs:*"],
        "Resource": "*"
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: NotAction](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html)
    """
    if (
        not statement.allows
        or not statement.not_actions
        or any(action.is_everything for action in statement.not_actions)
    ):
        return
    everywhere = statement.any_resource
    admin = statement.applies_to_action("iam:AttachRolePolicy") and statement.applies_to_action("iam:PutUserPolicy")
    yield Finding(
        statement.element_at("NotAction"),
        "`NotAction` allows every action but those listed",
        label="IAM's included" if admin else "",
        why="the holder can make anyone an administrator" if admin and everywhere else "",
        help="list what is allowed, with `Action`",
        on_key=True,
        related=(Related(everywhere.at, "on everything"),) if everywhere else (),
        severity=_severity(everywhere=bool(everywhere) or statement.has("NotResource"), admin=admin),
    )


def _severity(*, everywhere: bool, admin: bool) -> Severity:
    if not everywhere:
        return Severity.LOW
    return Severity.HIGH if admin else Severity.MEDIUM
