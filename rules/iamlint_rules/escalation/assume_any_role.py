from collections.abc import Iterator

from iamlint.rule import Context, Finding, Path, Paths, Principal, Scope, Severity, Step, rule

ROLES = ("arn:*:iam::????????????:role/*",)
PATHS = Paths(Path("sts-001", (Step("sts:AssumeRole", ROLES, others=True, trusting="caller"),)))
"""https://pathfinding.cloud"""
LIMITS = ("aws:resource", "iam:resourcetag/", "aws:calledvia")


@rule("IAM304", on=Principal, severity=Severity.MEDIUM)
def assume_any_role(principal: Principal, context: Context) -> Iterator[Finding]:
    """Every role may be assumed.

    ## Why it matters

    Which roles the holder gets is then decided by the trust policies alone. A
    role that trusts its account, as the console writes it for one's own account,
    lets in everyone whose policy allows `sts:AssumeRole` on it: this one does, in
    all accounts, and for roles that are created tomorrow.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
                  ^^^^^^^^^^^^^^^^ `sts:AssumeRole` is allowed on every role
        "Resource": "*"
      }
    }
    ```

    A name or a prefix of one, or a condition on the organization limits it.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::*:role/deploy"},
        {
          "Effect": "Allow",
          "Action": "sts:AssumeRole",
          "Resource": "*",
          "Condition": {"StringEquals": {"aws:ResourceOrgID": "o-a1b2c3d4e5"}}
        }
      ]
    }
    ```

    ## References

    - [Grant a user permissions to switch roles](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_permissions-to-switch.html)
    """
    for opened in context.opened(principal, PATHS):
        first = opened.spots[0]
        (way,) = opened.ways
        keys = {key for ground in way.grounds for key in ground.statement.condition_keys()}
        if opened.scope is Scope.EVERY and not any(key.startswith(LIMITS) for key in keys):
            yield Finding(
                first.at,
                "`sts:AssumeRole` is allowed on every role",
                label="only the trust policies decide",
                why=opened.story,
                help="name the roles",
                policy=first.policy,
            )
