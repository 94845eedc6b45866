from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, Severity, Statement, rule

# https://docs.aws.amazon.com/rolesanywhere/latest/userguide/getting-started.html
# https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
NEEDED = {
    "rolesanywhere.amazonaws.com": ("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"),
    "pods.eks.amazonaws.com": ("sts:AssumeRole", "sts:TagSession"),
}


@rule(
    "IAM524",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.TRUST,),
    needs=("Allow", "Action", "Principal"),
    aws="MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY",
)
def roles_anywhere_without_tagging(statement: Statement, context: Context) -> Iterator[Finding]:
    """Service that tags its sessions is not allowed to.

    ## Why it matters

    IAM Roles Anywhere assumes a role with a source identity and session tags,
    EKS Pod Identity with session tags. Unless the trust policy allows
    `sts:TagSession` and, for Roles Anywhere, `sts:SetSourceIdentity` as well,
    they cannot assume the role at all.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "rolesanywhere.amazonaws.com"},
        "Action": "sts:AssumeRole",
                  ^^^^^^^^^^^^^^^^ `rolesanywhere.amazonaws.com` needs `sts:SetSourceIdentity` and `sts:TagSession` too
        "Condition": {
          "ArnEquals": {"aws:SourceArn": "arn:aws:rolesanywhere:us-east-1:111122223333:trust-anchor/a1b2c3d4"}
        }
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "pods.eks.amazonaws.com"},
        "Action": ["sts:AssumeRole", "sts:TagSession"]
      }
    }
    ```

    ## References

    - [Roles Anywhere trust model](https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html)
    - [EKS Pod Identity role](https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html)
    - [Access Analyzer: missing action for Roles Anywhere trust policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    if not statement.allows or not statement.actions:
        return
    for entry in statement.principals:
        lacking = [name for name in NEEDED.get(entry.value, ()) if not _allowed(name, entry.value, context)]
        if lacking:
            missing = " and ".join(f"`{name}`" for name in lacking)
            yield Finding(
                statement.element_at("Action"),
                f"`{entry}` needs {missing} too",
                why="without it the service cannot assume the role",
                help=f"add {missing}",
                aws=None if entry.value.startswith("rolesanywhere") else (),
            )


def _allowed(name: str, service: str, context: Context) -> bool:
    """Whether some statement allows the service an action."""
    return any(
        each.allows and each.applies_to_action(name) and any(entry.value in (service, "*") for entry in each.principals)
        for each in context.policy.statements
    )
