from collections.abc import Iterator

from iamlint.rule import Context, Finding, Pattern, PolicyKind, Related, Severity, Statement, rule

ACTION, KEY = "iam:CreateServiceLinkedRole", "iam:awsservicename"


@rule(
    "IAM302",
    on=Statement,
    severity=Severity.LOW,
    needs="Allow",
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
    aws=(
        "CREATE_SLR_WITH_STAR_IN_RESOURCE",
        "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
        "CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
        "CREATE_SLR_WITH_NOT_RESOURCE",
        "CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
        "CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE",
    ),
    parliament="RESOURCE_STAR",
)
def create_service_linked_role_any(statement: Statement, _: Context) -> Iterator[Finding]:
    """Service-linked roles may be created for every service.

    ## Why it matters

    A service-linked role lets a service act in the account, with permissions
    that AWS writes and no service control policy limits. Whoever may create one
    for any service may let any service in.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "iam:CreateServiceLinkedRole",
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `iam:CreateServiceLinkedRole` is allowed for every service
        "Resource": "*"
                    --- because of this
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "iam:Create*",
                  ^^^^^^^^^^^^^ `iam:CreateServiceLinkedRole` is allowed for every service, on every role that is not excluded
        "NotResource": "arn:aws:iam::111122223333:role/aws-service-role/*"
                       --------------------------------------------------- because of this
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "iam:CreateServiceLinkedRole",
        "Resource": "*",
        "Condition": {"StringEquals": {"iam:AWSServiceName": "ecs.amazonaws.com"}}
      }
    }
    ```

    ## References

    - [Create a service-linked role](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html)
    - [Access Analyzer: create SLR with star in resource](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    denying = statement.has("NotResource")
    if (statement.any_resource is None and not denying) or not statement.applies_to_action(ACTION):
        return
    everywhere = next((resource.at for resource in statement.resources if resource.text == "*"), None)
    if everywhere is None and not denying:
        return
    action = statement.entry_for(ACTION)
    if not denying and action and statement.limits(KEY):
        return
    services = "every service that fits a wildcard" if KEY in statement.condition_keys() else "every service"
    wide = action is None or action.text.lower() in ("*", "iam:*")
    yield Finding(
        action.at if action else statement.element_at("NotAction"),
        f"`{ACTION}` is allowed for {services}" + (", on every role that is not excluded" if denying else ""),
        help='add "Condition": {"StringEquals": {"iam:AWSServiceName": "ecs.amazonaws.com"}}, with the service meant',
        on_key=action is None,
        related=(Related(everywhere or statement.element_at("NotResource"), "because of this"),),
        severity=Severity.INFO if wide else None,
        aws=(_code(action, denying=denying),),
    )


def _code(action: Pattern | None, *, denying: bool) -> str:
    shape = "not" if action is None else "star" if action.has_wildcard else "name"
    return {
        ("name", False): "CREATE_SLR_WITH_STAR_IN_RESOURCE",
        ("star", False): "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
        ("not", False): "CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
        ("name", True): "CREATE_SLR_WITH_NOT_RESOURCE",
        ("star", True): "CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
        ("not", True): "CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE",
    }[shape, denying]
