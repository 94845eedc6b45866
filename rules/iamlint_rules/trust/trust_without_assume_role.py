from collections.abc import Iterator

from iamlint.rule import (
    ROOT,
    Catalog,
    Confidence,
    Context,
    Finding,
    Pattern,
    Policy,
    PolicyKind,
    Severity,
    is_computed,
    rule,
)

STS = Pattern("sts:*", fold=True)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
OF_ROLES = ("sts:assumerole", "sts:tagsession", "sts:setsourceidentity", "sts:setcontext")
ASSUMING = ("sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")


@rule("IAM509", on=Policy, severity=Severity.HIGH, kinds=(PolicyKind.TRUST,), aws="UNSUPPORTED_ACTION_IN_POLICY")
def trust_without_assume_role(policy: Policy, context: Context) -> Iterator[Finding]:
    """Trust policy does not let anyone assume the role.

    ## Why it matters

    A trust policy says who may assume a role, and nothing else: AWS rejects
    other actions in it. What the role may do once it is assumed
    belongs in its permissions policies. A trust policy that allows none of the
    three actions that assume a role makes the role useless.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": ["sts:AssumeRole", "s3:GetObject"]
                                     ^^^^^^^^^^^^^^ `s3:GetObject` has no place in a trust policy
      }
    }
    ```

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/deployer"},
        "Action": "sts:TagSession"
                  ^^^^^^^^^^^^^^^^ nobody can assume this role
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/deployer"},
        "Action": ["sts:AssumeRole", "sts:TagSession"]
      }
    }
    ```

    ## References

    - [Creating a role with a custom trust policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-custom.html)
    - [Access Analyzer: unsupported action in policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    - [Requesting temporary security credentials](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html)
    """
    foreign = [action for each in policy.statements for action in each.actions if _is_foreign(action)]
    for action in foreign:
        if not _is_known(action, context.catalog):
            continue  # reported as such
        yield Finding(
            action.at,
            f"`{action}` has no place in a trust policy",
            why="AWS rejects it: a trust policy has only the actions by which a role is assumed",
            help="move it to a permissions policy of the role",
        )
    allowing = [each for each in policy.statements if each.allows and (each.has("Action") or each.has("NotAction"))]
    if foreign or not allowing or _is_unrendered(policy):
        return
    if not any(each.applies_to_action(name) for each in allowing for name in ASSUMING):
        at = allowing[0].element_at("Action") if len(policy.statements) == 1 else ROOT / "Statement"
        yield Finding(
            at,
            "nobody can assume this role",
            why="none of the actions that assume a role is allowed",
            help="allow `sts:AssumeRole`",
            severity=Severity.MEDIUM,
            confidence=Confidence.MEDIUM,
            aws=(),
        )


def _is_foreign(action: Pattern) -> bool:
    """Whether it is of another service, or an action of STS that has no role to be allowed on."""
    return not action & STS or not (action.has_wildcard or action.key.startswith(OF_ROLES) or is_computed(action.text))


def _is_known(action: Pattern, catalog: Catalog) -> bool:
    """Whether it is of a service, and of STS one that there is."""
    prefix, colon, _ = action.key.partition(":")
    if prefix == "sts" and not action.has_wildcard:
        return catalog.action(action.text) is not None
    return not colon or "*" in prefix or catalog.service(prefix) is not None or catalog.is_retired_service(prefix)


def _is_unrendered(policy: Policy) -> bool:
    return any(is_computed(action.text) for each in policy.statements for action in each.actions)
