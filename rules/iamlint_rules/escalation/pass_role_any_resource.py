from collections.abc import Iterator

from iamlint.rule import (
    Confidence,
    Context,
    Finding,
    Fix,
    Pattern,
    Policy,
    PolicyKind,
    Related,
    Severity,
    Statement,
    insert,
    rule,
)

ACTION, KEY = "iam:PassRole", "iam:passedtoservice"
LAUNCH = {
    "lambda.amazonaws.com": ("lambda:CreateFunction", "lambda:InvokeFunction"),
    "ec2.amazonaws.com": ("ec2:RunInstances",),
    "ecs-tasks.amazonaws.com": ("ecs:RegisterTaskDefinition", "ecs:RunTask"),
    "cloudformation.amazonaws.com": ("cloudformation:CreateStack",),
    "glue.amazonaws.com": ("glue:CreateJob", "glue:StartJobRun"),
    "sagemaker.amazonaws.com": ("sagemaker:CreateTrainingJob",),
    "codebuild.amazonaws.com": ("codebuild:CreateProject", "codebuild:StartBuild"),
}
"""The services most often given a role, and what makes them use it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
"""


@rule(
    "IAM301",
    on=Statement,
    severity=Severity.HIGH,
    needs="Allow",
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
    aws=(
        "PASS_ROLE_WITH_STAR_IN_RESOURCE",
        "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
        "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
        "PASS_ROLE_WITH_NOT_RESOURCE",
        "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
        "PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE",
    ),
    parliament="RESOURCE_STAR",
)
def pass_role_any_resource(statement: Statement, context: Context) -> Iterator[Finding]:
    """Every role may be passed to a service.

    ## Why it matters

    A service acts with the role it is given. Whoever may pass every role, the
    administrator's included, and may have a service run something, can do
    whatever the most powerful of the roles can: `pass-role-with-compute` says
    where that is so.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"],
                   ^^^^^^^^^^^^^^ `iam:PassRole` is allowed on every role
        "Resource": "*"
                    --- because of this
      }
    }
    ```

    Where the policy tells the service, and the statement allows nothing else,
    the condition can be added.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*"},
        {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}
                                      ^^^^^^^^^^^^^^ `iam:PassRole` is allowed on every role
                                                                  --- because of this
      ]
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*"},
        {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}
      ]
    }
    ```

    All roles but one are still too many.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "NotAction": "s3:*",
        ^^^^^^^^^^^ `iam:PassRole` is allowed on every role that is not excluded
        "NotResource": "arn:aws:iam::111122223333:role/admin"
                       -------------------------------------- because of this
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": "arn:aws:iam::111122223333:role/app"
      }
    }
    ```

    ## References

    - [Grant permissions to pass a role to a service](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html)
    - [Access Analyzer: pass role with star in resource](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
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
    services = {service: names for service, names in LAUNCH.items() if _allows_all(context.policy, names)}
    service, launch = next(iter(services.items()), ("lambda.amazonaws.com", ()))
    wide = action is None or action.text.lower() in ("*", "iam:*")
    yield Finding(
        action.at if action else statement.element_at("NotAction"),
        f"`{ACTION}` is allowed on every role" + (" that is not excluded" if denying else ""),
        label="any role can be handed to a service",
        why=f"with {' + '.join(launch)} the holder can act as any passable role" if launch else "",
        help=f'name the role, or add "Condition": {{"StringEquals": {{"iam:PassedToService": "{service}"}}}}',
        on_key=action is None,
        related=(Related(everywhere or statement.element_at("NotResource"), "because of this"),),
        fix=_fix(statement, service) if len(services) == 1 and not denying else None,
        severity=None if launch and not wide else Severity.MEDIUM,
        confidence=Confidence.MEDIUM if statement.conditions else None,
        aws=(_code(action, denying=denying),),
    )


def _code(action: Pattern | None, *, denying: bool) -> str:
    shape = "not" if action is None else "star" if action.has_wildcard else "name"
    return {
        ("name", False): "PASS_ROLE_WITH_STAR_IN_RESOURCE",
        ("star", False): "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
        ("not", False): "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
        ("name", True): "PASS_ROLE_WITH_NOT_RESOURCE",
        ("star", True): "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
        ("not", True): "PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE",
    }[shape, denying]


def _allows_all(policy: Policy, actions: tuple[str, ...]) -> bool:
    allowing = [statement for statement in policy.statements if statement.allows]
    return all(any(statement.applies_to_action(action) for statement in allowing) for action in actions)


def _fix(statement: Statement, service: str) -> Fix | None:
    """Name the service, where the condition touches no other action."""
    if len(statement.actions) != 1 or not statement.actions[0].matches(ACTION) or statement.has("Condition"):
        return None
    if statement.actions[0].has_wildcard:
        return None
    condition = {"StringEquals": {"iam:PassedToService": service}}
    return Fix.tightening(f"Pass roles to {service} only", insert(statement.at / "Condition", condition))
