from collections.abc import Iterator

from iamlint.rule import (
    Confidence,
    Context,
    Finding,
    Opened,
    Path,
    Paths,
    Pointer,
    Principal,
    Related,
    Scope,
    Severity,
    Step,
    rule,
)

PASS, ROLES = "iam:PassRole", ("arn:*:iam::????????????:role/*",)
SEVERITIES = {Scope.EVERY: Severity.HIGH, Scope.SOME: Severity.MEDIUM, Scope.ONE: Severity.LOW}


def _path(name: str, service: str, *launch: str, variant_of: str = "") -> Path:
    """A path: the service that is given the role, and what makes it use the role."""
    passing = Step(PASS, ROLES, (("StringEquals", "iam:PassedToService", (service,)),), trusting=service)
    return Path(name, (passing, *map(Step, launch)), variant_of)


PATHS = Paths(
    _path("ec2-001", "ec2.amazonaws.com", "ec2:RunInstances"),
    _path("ec2-003", "ec2.amazonaws.com", "ec2:RequestSpotInstances"),
    _path(
        "prowler-asg-1",
        "ec2.amazonaws.com",
        "autoscaling:CreateAutoScalingGroup",
        "autoscaling:CreateLaunchConfiguration",
    ),
    _path(
        "prowler-asg-2",
        "ec2.amazonaws.com",
        "autoscaling:UpdateAutoScalingGroup",
        "autoscaling:CreateLaunchConfiguration",
    ),
    _path("lambda-001", "lambda.amazonaws.com", "lambda:CreateFunction", "lambda:InvokeFunction"),
    _path("lambda-002", "lambda.amazonaws.com", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"),
    _path("lambda-006", "lambda.amazonaws.com", "lambda:CreateFunction", "lambda:AddPermission"),
    _path(
        "rhino-17b",
        "lambda.amazonaws.com",
        "lambda:CreateFunction",
        "lambda:CreateEventSourceMapping",
        "dynamodb:CreateTable",
        "dynamodb:PutItem",
        variant_of="lambda-002",
    ),
    _path("cloudformation-001", "cloudformation.amazonaws.com", "cloudformation:CreateStack"),
    _path(
        "cloudformation-003",
        "cloudformation.amazonaws.com",
        "cloudformation:CreateStackSet",
        "cloudformation:CreateStackInstances",
    ),
    _path("cloudformation-004", "cloudformation.amazonaws.com", "cloudformation:UpdateStackSet"),
    _path("ecs-003", "ecs-tasks.amazonaws.com", "ecs:RegisterTaskDefinition", "ecs:CreateService"),
    _path(
        "ecs-001",
        "ecs-tasks.amazonaws.com",
        "ecs:CreateCluster",
        "ecs:RegisterTaskDefinition",
        "ecs:CreateService",
        variant_of="ecs-003",
    ),
    _path("ecs-004", "ecs-tasks.amazonaws.com", "ecs:RegisterTaskDefinition", "ecs:RunTask"),
    _path(
        "ecs-002",
        "ecs-tasks.amazonaws.com",
        "ecs:CreateCluster",
        "ecs:RegisterTaskDefinition",
        "ecs:RunTask",
        variant_of="ecs-004",
    ),
    _path("ecs-005", "ecs-tasks.amazonaws.com", "ecs:RegisterTaskDefinition", "ecs:StartTask"),
    _path("ecs-007", "ecs-tasks.amazonaws.com", "ecs:StartTask", "ecs:RegisterContainerInstance"),
    _path("ecs-008", "ecs-tasks.amazonaws.com", "ecs:RunTask"),
    _path("ecs-009", "ecs-tasks.amazonaws.com", "ecs:StartTask"),
    _path("glue-001", "glue.amazonaws.com", "glue:CreateDevEndpoint"),
    _path("glue-003", "glue.amazonaws.com", "glue:CreateJob", "glue:StartJobRun"),
    _path("glue-004", "glue.amazonaws.com", "glue:CreateJob", "glue:CreateTrigger"),
    _path("glue-005", "glue.amazonaws.com", "glue:UpdateJob", "glue:StartJobRun"),
    _path("glue-006", "glue.amazonaws.com", "glue:UpdateJob", "glue:CreateTrigger"),
    _path("glue-007", "glue.amazonaws.com", "glue:CreateSession", "glue:RunStatement"),
    _path("sagemaker-001", "sagemaker.amazonaws.com", "sagemaker:CreateNotebookInstance"),
    _path("sagemaker-002", "sagemaker.amazonaws.com", "sagemaker:CreateTrainingJob"),
    _path("sagemaker-003", "sagemaker.amazonaws.com", "sagemaker:CreateProcessingJob"),
    _path("codebuild-001", "codebuild.amazonaws.com", "codebuild:CreateProject", "codebuild:StartBuild"),
    _path("codebuild-004", "codebuild.amazonaws.com", "codebuild:CreateProject", "codebuild:StartBuildBatch"),
    _path("apprunner-001", "tasks.apprunner.amazonaws.com", "apprunner:CreateService"),
    _path(
        "datapipeline-001",
        "datapipeline.amazonaws.com",
        "datapipeline:CreatePipeline",
        "datapipeline:PutPipelineDefinition",
        "datapipeline:ActivatePipeline",
    ),
    _path(
        "bedrock-001",
        "bedrock-agentcore.amazonaws.com",
        "bedrock-agentcore:CreateCodeInterpreter",
        "bedrock-agentcore:StartCodeInterpreterSession",
        "bedrock-agentcore:InvokeCodeInterpreter",
    ),
    _path("rhino-24", "codestar.amazonaws.com", "codestar:CreateProject"),
)
"""https://pathfinding.cloud (the category new-passrole)

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""


@rule("IAM305", on=Principal, severity=Severity.HIGH)
def pass_role_with_compute(principal: Principal, context: Context) -> Iterator[Finding]:
    """A role may be passed to a service, and the service be made to use it.

    ## Why it matters

    The two halves are often in two policies, each harmless by itself: one
    passes roles, the other starts functions or instances. Together they let the
    holder run code as any role that may be passed and that trusts the service.
    All policies of the principal are judged together, within its boundary and
    minus what they deny; the more roles may be passed, the more it weighs.

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
                                                       ^^^^^^^^^^^^^^ `iam:PassRole` with `lambda:CreateFunction` and `lambda:InvokeFunction` gives the holder every role that trusts `lambda.amazonaws.com`
          }
        },
        {
          "PolicyName": "functions",
          "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": {
              "Effect": "Allow",
              "Action": ["lambda:CreateFunction", "lambda:InvokeFunction"],
                         ----------------------- here is `lambda:CreateFunction`
                                                  ----------------------- here is `lambda:InvokeFunction`
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
    told: dict[tuple[int, Pointer], list[Opened]] = {}
    for opened in context.opened(principal, PATHS):
        first = opened.spots[0]
        told.setdefault((id(first.policy), first.at), []).append(opened)
    for same in told.values():
        yield _finding(*same, known=context.account is not None)


def _finding(opened: Opened, *more: Opened, known: bool) -> Finding:
    """What one grant to pass roles opens; `known`: which roles trust the service."""
    first, *rest = opened.spots
    ((_, _, (service,)),) = opened.path.steps[0].where
    roles = {
        Scope.EVERY: f"every role that trusts `{service}`",
        Scope.SOME: f"some roles{' that trust' if known else ', if they trust'} `{service}`",
        Scope.ONE: f"`{opened.ways[0].resource}`, {'which' if known else 'if it'} trusts `{service}`",
    }
    also = "".join(f"; the same goes with `{each.ways[1].action}` ({', '.join(each.names)})" for each in more)
    return Finding(
        first.at,
        f"{opened.actions} gives the holder {roles[opened.scope]}",
        why=opened.story + also,
        help="let only roles be passed that may do no more than the holder, or deny one of the actions",
        related=tuple(
            Related(at, f"here is `{action}`", policy)
            for action, policy, at in (*rest, *(spot for each in more for spot in each.spots[1:]))
        ),
        severity=SEVERITIES[opened.scope],
        confidence=Confidence.MEDIUM if opened.is_limited else None,
        policy=first.policy,
    )
