from collections.abc import Iterator

from iamlint.rule import (
    Arn,
    Confidence,
    Context,
    Finding,
    Pattern,
    Policy,
    PolicyKind,
    Principal,
    Related,
    Severity,
    Statement,
    rule,
)

PASS, KEY = "iam:PassRole", "iam:passedtoservice"
PATHS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ec2.amazonaws.com", ("ec2:RunInstances",)),
    ("ec2.amazonaws.com", ("ec2:RequestSpotInstances",)),
    ("ec2.amazonaws.com", ("autoscaling:CreateLaunchConfiguration", "autoscaling:CreateAutoScalingGroup")),
    ("lambda.amazonaws.com", ("lambda:CreateFunction", "lambda:InvokeFunction")),
    ("lambda.amazonaws.com", ("lambda:CreateFunction", "lambda:CreateEventSourceMapping")),
    ("lambda.amazonaws.com", ("lambda:CreateFunction", "lambda:AddPermission")),
    ("cloudformation.amazonaws.com", ("cloudformation:CreateStack",)),
    ("cloudformation.amazonaws.com", ("cloudformation:UpdateStackSet",)),
    ("cloudformation.amazonaws.com", ("cloudformation:CreateStackSet", "cloudformation:CreateStackInstances")),
    ("ecs-tasks.amazonaws.com", ("ecs:RegisterTaskDefinition", "ecs:RunTask")),
    ("ecs-tasks.amazonaws.com", ("ecs:RegisterTaskDefinition", "ecs:CreateService")),
    ("ecs-tasks.amazonaws.com", ("ecs:RegisterTaskDefinition", "ecs:StartTask")),
    ("glue.amazonaws.com", ("glue:CreateDevEndpoint",)),
    ("glue.amazonaws.com", ("glue:CreateJob", "glue:StartJobRun")),
    ("glue.amazonaws.com", ("glue:CreateJob", "glue:CreateTrigger")),
    ("glue.amazonaws.com", ("glue:UpdateJob", "glue:StartJobRun")),
    ("glue.amazonaws.com", ("glue:CreateSession", "glue:RunStatement")),
    ("sagemaker.amazonaws.com", ("sagemaker:CreateNotebookInstance",)),
    ("sagemaker.amazonaws.com", ("sagemaker:CreateTrainingJob",)),
    ("sagemaker.amazonaws.com", ("sagemaker:CreateProcessingJob",)),
    ("codebuild.amazonaws.com", ("codebuild:CreateProject", "codebuild:StartBuild")),
    ("codebuild.amazonaws.com", ("codebuild:CreateProject", "codebuild:StartBuildBatch")),
    ("tasks.apprunner.amazonaws.com", ("apprunner:CreateService",)),
    (
        "datapipeline.amazonaws.com",
        ("datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition", "datapipeline:ActivatePipeline"),
    ),
    (
        "bedrock-agentcore.amazonaws.com",
        (
            "bedrock-agentcore:CreateCodeInterpreter",
            "bedrock-agentcore:StartCodeInterpreterSession",
            "bedrock-agentcore:InvokeCodeInterpreter",
        ),
    ),
)
"""The services that run what they are given as the role that is passed, and the actions that this takes.

https://pathfinding.cloud (the paths of the category new-passrole)
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""


@rule("IAM305", on=Principal, severity=Severity.HIGH)
def pass_role_with_compute(principal: Principal, _: Context) -> Iterator[Finding]:
    """Any role may be passed to a service, and the service be made to use it.

    ## Why it matters

    The two halves are often in two policies, each harmless by itself: one
    passes roles, the other starts functions or instances. Together they let the
    holder run code as any role that the service may assume.

    ## Examples

    ```json bad role
    {
      "RoleName": "deploy",
      "AssumeRolePolicyDocument": {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"Service": "codebuild.amazonaws.com"}, "Action": "sts:AssumeRole"}
      },
      "RolePolicyList": [
        {
          "PolicyName": "pass",
          "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/*"}
                                                       ^^^^^^^^^^^^^^ `iam:PassRole` on every role comes with `lambda:CreateFunction` and `lambda:InvokeFunction`
          }
        },
        {
          "PolicyName": "functions",
          "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": {
              "Effect": "Allow",
              "Action": ["lambda:CreateFunction", "lambda:InvokeFunction"],
              "Resource": "arn:aws:lambda:us-east-1:111122223333:function:reports"
            }
          }
        }
      ]
    }
    ```

    A condition that names another service keeps the halves apart.

    ```json good role
    {
      "RoleName": "deploy",
      "AssumeRolePolicyDocument": {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"Service": "codebuild.amazonaws.com"}, "Action": "sts:AssumeRole"}
      },
      "RolePolicyList": [
        {
          "PolicyName": "deploy",
          "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
              {
                "Effect": "Allow",
                "Action": "iam:PassRole",
                "Resource": "*",
                "Condition": {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}
              },
              {
                "Effect": "Allow",
                "Action": ["lambda:CreateFunction", "lambda:InvokeFunction"],
                "Resource": "arn:aws:lambda:us-east-1:111122223333:function:reports"
              }
            ]
          }
        }
      ]
    }
    ```

    ## References

    - [Grant permissions to pass a role to a service](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html)
    """
    if not _granted(principal, PASS):
        return
    for policy in principal.policies:
        for statement in policy.statements if policy.kind is PolicyKind.IDENTITY else ():
            action = next((entry for entry in statement.actions if _is_narrow(entry)), None)
            if not statement.allows or action is None or not any(map(_is_every_role, statement.resources)):
                continue
            paths = [path for path in PATHS if _may_pass(statement, path[0]) and _all_granted(principal, path[1])]
            if paths:
                yield _finding(policy, statement, action, paths)


def _finding(
    policy: Policy, statement: Statement, action: Pattern, paths: list[tuple[str, tuple[str, ...]]]
) -> Finding:
    service, launch = paths[0]
    related = next(
        (entry for other in policy.statements if other.allows for entry in other.actions if entry.matches(launch[0])),
        None,
    )
    others = list(dict.fromkeys(other for other, _ in paths if other != service))
    return Finding(
        action.at,
        f"`{PASS}` on every role comes with `{'` and `'.join(launch)}`",
        label=f"the holder can act as any role that trusts {service}",
        why=f"the same goes for {', '.join(others)}" if others else "",
        help="name the roles, or the services by a condition on `iam:PassedToService`",
        related=(Related(related.at, "this makes the service use it"),) if related else (),
        confidence=Confidence.MEDIUM if statement.conditions else None,
        policy=policy,
    )


def _is_narrow(action: Pattern) -> bool:
    """Whether an entry passes roles, and does not allow all that IAM can do anyway."""
    return action.matches(PASS) and not action.is_everything and action.text.lower() != "iam:*"


def _is_every_role(resource: Pattern) -> bool:
    arn = Arn.parse(resource.text)
    return resource.is_everything or (arn is not None and Pattern("role/*") <= Pattern(arn.resource))


def _may_pass(statement: Statement, service: str) -> bool:
    """Whether no condition keeps roles from this service."""
    return all(
        any(Pattern(value.text).matches(service) for value in condition.values)
        for condition in statement.conditions
        if condition.key_lower == KEY and not condition.operator.is_negated
    )


def _all_granted(principal: Principal, actions: tuple[str, ...]) -> bool:
    return all(_granted(principal, action) for action in actions)


def _granted(principal: Principal, action: str) -> bool:
    """Whether a policy allows an action on something, the boundary too if there is one, and none denies it."""
    deciding = [
        (policy.kind, s) for policy in principal.policies for s in policy.statements if s.applies_to_action(action)
    ]
    if any(s.denies and not s.conditions and any(r.is_everything for r in s.resources) for _, s in deciding):
        return False
    allowing = {kind for kind, statement in deciding if statement.allows}
    bounded = any(policy.kind is PolicyKind.BOUNDARY for policy in principal.policies)
    return PolicyKind.IDENTITY in allowing and (PolicyKind.BOUNDARY in allowing or not bounded)
