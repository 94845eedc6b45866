import re
from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, PrincipalEntry, Severity, Statement, is_computed, rule


@rule(
    "IAM505",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.RESOURCE, PolicyKind.TRUST, PolicyKind.VPC_ENDPOINT),
    aws=("UNSUPPORTED_WILDCARD_IN_PRINCIPAL", "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL"),
)
def wildcard_in_principal(statement: Statement, context: Context) -> Iterator[Finding]:
    """Principal has a wildcard where it must be a name.

    ## Why it matters

    A principal is a name, not a pattern: AWS rejects a `*` inside it. The only
    exception is the lone `*` of type `AWS`, which means everyone; a trust
    policy wants that one spelled `{"AWS": "*"}`.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/dev-*"},
                                                                 ^ a principal is a name, not a pattern
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": "*",
                     ^^^ a trust policy does not take the bare `*`
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
      }
    }
    ```

    To let in the roles that fit a pattern, let in their account, and compare
    the ARN in a condition.

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "111122223333"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/dev-*"}}
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
      }
    }
    ```

    ## References

    - [AWS JSON policy elements: Principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html)
    - [Access Analyzer: unsupported wildcard in principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for entry in (*statement.principals, *statement.not_principals):
        wildcard = re.search(r"[*?]+", entry.value)
        if wildcard is None or is_computed(entry.value):
            continue
        if entry.is_anyone:
            if entry.bare and context.policy.kind is PolicyKind.TRUST:
                yield _bare(entry)
        elif not entry.bare:
            yield Finding(
                entry.at,
                "a principal is a name, not a pattern",
                part=wildcard.span(),
                why="AWS rejects it",
                help=_advice(entry),
                aws=("UNSUPPORTED_WILDCARD_IN_PRINCIPAL",),
            )


def _bare(entry: PrincipalEntry) -> Finding:
    return Finding(
        entry.at,
        "a trust policy does not take the bare `*`",
        why="AWS rejects it",
        help="name the accounts or roles that may assume the role",
        aws=("ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL",),
    )


def _advice(entry: PrincipalEntry) -> str:
    if entry.type == "AWS":
        return "name each principal, or name the account and compare `aws:PrincipalArn` with the pattern"
    return "name each principal"
