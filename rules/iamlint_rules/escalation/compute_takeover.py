from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Path, Paths, Principal, Related, Scope, Severity, Step, rule

SEVERITIES = {Scope.EVERY: Severity.MEDIUM, Scope.SOME: Severity.LOW, Scope.ONE: Severity.INFO}


def _path(name: str, *actions: str, variant_of: str = "") -> Path:
    return Path(name, tuple(map(Step, actions)), variant_of)


PATHS = Paths(
    _path("lambda-003", "lambda:UpdateFunctionCode"),
    _path("lambda-004", "lambda:UpdateFunctionCode", "lambda:InvokeFunction", variant_of="lambda-003"),
    _path("lambda-005", "lambda:UpdateFunctionCode", "lambda:AddPermission", variant_of="lambda-003"),
    _path("rhino-26", "lambda:UpdateFunctionConfiguration"),
    _path("ec2-002", "ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"),
    _path("ec2-004", "ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"),
    _path("ec2instanceconnect-003", "ec2-instance-connect:SendSSHPublicKey", "ec2:DescribeInstances"),
    _path("ssm-001", "ssm:StartSession"),
    _path("ssm-002", "ssm:SendCommand"),
    _path("ecs-006", "ecs:ExecuteCommand", "ecs:DescribeTasks"),
    _path("cloudformation-002", "cloudformation:UpdateStack"),
    _path("cloudformation-005", "cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
    _path("codebuild-002", "codebuild:StartBuild"),
    _path("codebuild-003", "codebuild:StartBuildBatch"),
    _path("glue-002", "glue:UpdateDevEndpoint"),
    _path("sagemaker-004", "sagemaker:CreatePresignedNotebookInstanceUrl"),
    _path(
        "sagemaker-005",
        "sagemaker:CreateNotebookInstanceLifecycleConfig",
        "sagemaker:StopNotebookInstance",
        "sagemaker:UpdateNotebookInstance",
        "sagemaker:StartNotebookInstance",
    ),
    _path("apprunner-002", "apprunner:UpdateService"),
    _path("bedrock-002", "bedrock-agentcore:StartCodeInterpreterSession", "bedrock-agentcore:InvokeCodeInterpreter"),
    _path("rhino-23", "codestar:CreateProjectFromTemplate"),
    _path("rhino-25", "codestar:CreateProject", "codestar:AssociateTeamMember"),
)
"""https://pathfinding.cloud (the category existing-passrole), and for CodeStar, which AWS closed in 2024,
https://rhinosecuritylabs.com/aws/escalating-aws-iam-privileges-undocumented-codestar-api/
"""


@rule("IAM307", on=Principal, severity=Severity.MEDIUM, confidence=Confidence.MEDIUM)
def compute_takeover(principal: Principal, context: Context) -> Iterator[Finding]:
    """Something that runs with a role may be made to run other things.

    ## Why it matters

    A function, an instance or a build project acts with the role it was given.
    Whoever may change its code, open a shell in it or start it with other
    commands acts with that role, and needs no `iam:PassRole` for it. What this
    is worth depends on the roles in use; the more of them are in reach, the more
    it weighs. All policies of the principal are judged together.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["logs:GetLogEvents", "lambda:UpdateFunctionCode"],
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^ `lambda:UpdateFunctionCode` gives the holder the roles of what runs already
        "Resource": "*"
      }
    }
    ```

    Half of a path is none.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["ec2:StopInstances", "ec2:StartInstances", "ec2:CreateLaunchTemplateVersion"],
        "Resource": "*"
      }
    }
    ```

    ## References

    - [Lambda execution role](https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html)
    - [IAM roles for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html)
    """
    for opened in context.opened(principal, PATHS):
        first, *rest = opened.spots
        roles = "the role of what runs there" if opened.scope is Scope.ONE else "the roles of what runs already"
        yield Finding(
            first.at,
            f"{opened.actions} gives the holder {roles}",
            why=opened.story,
            help="name what may be changed, where its role may do no more than the holder",
            related=tuple(Related(at, f"here is `{action}`", policy) for action, policy, at in rest),
            severity=Severity.INFO if opened.is_limited else SEVERITIES[opened.scope],
            policy=first.policy,
        )
