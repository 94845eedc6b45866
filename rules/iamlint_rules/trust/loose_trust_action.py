from collections.abc import Iterator

from iamlint.rule import Context, Finding, Pattern, PolicyKind, Severity, Statement, rule

STS = Pattern("sts:*", fold=True)


@rule("IAM573", on=Statement, severity=Severity.LOW, kinds=(PolicyKind.TRUST,), needs=("Allow", "Principal"))
def loose_trust_action(statement: Statement, _: Context) -> Iterator[Finding]:
    """Trust policy allows more than to assume the role.

    ## Why it matters

    With all of STS's actions a caller may also give the session tags and a
    source identity of its choice. Tags open doors wherever policies compare
    `aws:PrincipalTag`, and the source identity is what an audit trusts. Name
    the actions that the principals need.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:role/deployer"},
        "Action": "sts:*"
                  ^^^^^^^ this allows to set session tags and a source identity too
      }
    }
    ```

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:role/deployer"},
        "NotAction": "sts:SetSourceIdentity"
        ^^^^^^^^^^^ every other action of STS is allowed
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:role/deployer"},
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ## References

    - [Creating a role with a custom trust policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-custom.html)
    - [Passing session tags in AWS STS](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html)
    """
    for action in statement.actions:
        if action >= STS:
            yield Finding(
                action.at,
                "this allows to set session tags and a source identity too",
                help="name the actions, such as `sts:AssumeRole`",
            )
    if statement.not_actions:
        yield Finding(
            statement.element_at("NotAction"),
            "every other action of STS is allowed",
            on_key=True,
            help="name in `Action` those that the principals need, such as `sts:AssumeRole`",
        )
