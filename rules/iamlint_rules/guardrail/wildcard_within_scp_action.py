from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, Severity, Statement, rule


@rule(
    "IAM614",
    on=Statement,
    severity=Severity.INFO,
    kinds=(PolicyKind.SCP,),
    aws="SCP_SYNTAX_ERROR_ACTION_WILDCARD",
    pedantic=True,
)
def wildcard_within_scp_action(statement: Statement, _: Context) -> Iterator[Finding]:
    """An action of a service control policy has a wildcard before its end.

    ## Why it matters

    Until 19 September 2025 AWS Organizations took wildcards in SCPs at the end
    of an action only. Today it takes them anywhere; the check is for policies
    that older tools and other partitions have to read, and for those who want
    what Access Analyzer still lists as an error.

    ## Examples

    ```json bad scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": ["iam:*Role", "s3:Delete*"],
                   ^^^^^^^^^^^ a wildcard stands before the end
        "Resource": "*"
      }
    }
    ```

    ```json good scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": ["iam:CreateRole", "iam:DeleteRole", "s3:Delete*"],
        "Resource": "*"
      }
    }
    ```

    ## References

    - [SCP syntax: Action and NotAction elements](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html)
    - [AWS Organizations service control policy now supports full IAM language](https://aws.amazon.com/blogs/security/unlock-new-possibilities-aws-organizations-service-control-policy-now-supports-full-iam-language/)
    - [Access Analyzer: SCP syntax error action wildcard](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for action in (*statement.actions, *statement.not_actions):
        if not action.is_everything and any(sign in action.text[:-1] for sign in "*?"):
            yield Finding(action.at, "a wildcard stands before the end", why="AWS takes it since 19 September 2025")
