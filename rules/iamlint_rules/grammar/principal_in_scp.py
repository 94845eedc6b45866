from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, Severity, Statement, rule


@rule("IAM032", on=Statement, severity=Severity.HIGH, kinds=(PolicyKind.SCP,), aws="SCP_SYNTAX_ERROR_PRINCIPAL")
def principal_in_scp(statement: Statement, _: Context) -> Iterator[Finding]:
    """A service control policy names a principal.

    ## Why it matters

    An SCP is about everyone in the accounts it is attached to, so AWS
    Organizations takes neither `Principal` nor `NotPrincipal` in one. Whom a
    statement means, or spares, is a condition on `aws:PrincipalArn`.

    ## Examples

    ```json bad scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        ^^^^^^^^^^^ an SCP has no `Principal`
        "Action": "s3:DeleteBucket",
        "Resource": "*"
      }
    }
    ```

    ```json bad scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:role/admin"},
        ^^^^^^^^^^^^^^ an SCP has no `NotPrincipal`
        "Action": "s3:DeleteBucket",
        "Resource": "*"
      }
    }
    ```

    ```json good scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:DeleteBucket",
        "Resource": "*",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}}
      }
    }
    ```

    ## References

    - [SCP syntax: unsupported elements](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html#scp-syntax-unsupported)
    - [Access Analyzer: SCP syntax error principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for element in ("Principal", "NotPrincipal"):
        if statement.has(element):
            yield Finding(
                statement.element_at(element),
                f"an SCP has no `{element}`",
                why="AWS Organizations rejects the policy: it is about everyone in the accounts it is attached to",
                help="remove it, or say whom you mean by a condition on `aws:PrincipalArn`",
                on_key=True,
            )
