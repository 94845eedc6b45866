from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, Severity, Statement, rule


@rule(
    "IAM507",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.TRUST,),
    needs="NotPrincipal",
    aws="ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL",
)
def trust_policy_with_not_principal(statement: Statement, _: Context) -> Iterator[Finding]:
    """Trust policy says who is not meant.

    ## Why it matters

    AWS rejects `NotPrincipal` in a trust policy, with `Deny` too.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "NotPrincipal": {"AWS": "111122223333"},
        ^^^^^^^^^^^^^^ a trust policy has no `NotPrincipal`
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}
      }
    }
    ```

    ## References

    - [AWS JSON policy elements: NotPrincipal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html)
    - [Access Analyzer: role trust policy syntax error NotPrincipal](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    if statement.has("NotPrincipal"):
        yield Finding(
            statement.element_at("NotPrincipal"),
            "a trust policy has no `NotPrincipal`",
            on_key=True,
            why="AWS rejects it",
            help="list those who may assume the role in `Principal`; to exclude some, deny them by a condition",
        )
