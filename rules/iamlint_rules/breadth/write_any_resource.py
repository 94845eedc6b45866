from collections.abc import Iterator, Sequence
from functools import lru_cache

from iamlint.rule import (
    Catalog,
    Context,
    Finding,
    Pattern,
    PolicyKind,
    Related,
    Service,
    Severity,
    Statement,
    rule,
)

SAID_ELSEWHERE = frozenset(
    [
        "access-analyzer:DeleteAnalyzer",
        "apprunner:UpdateService",
        "cloudformation:UpdateStack",
        "cloudtrail:DeleteEventDataStore",
        "cloudtrail:DeleteTrail",
        "cloudtrail:StopEventDataStoreIngestion",
        "cloudtrail:StopLogging",
        "codebuild:StartBuild",
        "codebuild:StartBuildBatch",
        "codepipeline:PollForJobs",
        "config:DeleteConfigurationRecorder",
        "config:StopConfigurationRecorder",
        "detective:DeleteGraph",
        "ec2:DeleteFlowLogs",
        "ec2:ModifyImageAttribute",
        "glue:UpdateDevEndpoint",
        "guardduty:DeleteDetector",
        "iam:AddUserToGroup",
        "iam:CreateAccessKey",
        "iam:CreateLoginProfile",
        "iam:CreateServiceLinkedRole",
        "iam:CreateServiceSpecificCredential",
        "iam:PassRole",
        "iam:ResetServiceSpecificCredential",
        "iam:UpdateLoginProfile",
        "kinesis:PutResourcePolicy",
        "kms:Decrypt",
        "kms:ReEncryptFrom",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
        "lightsail:GetInstanceAccessDetails",
        "lightsail:GetRelationalDatabaseMasterUserPassword",
        "logs:DeleteLogGroup",
        "mediaconnect:PurchaseOffering",
        "memorydb:PurchaseReservedNodesOffering",
        "organizations:CloseAccount",
        "organizations:DeletePolicy",
        "organizations:DisablePolicyType",
        "organizations:RemoveAccountFromOrganization",
        "rds:ModifyDBSnapshotAttribute",
        "rds:PurchaseReservedDBInstancesOffering",
        "redshift-serverless:GetCredentials",
        "redshift:GetClusterCredentials",
        "sagemaker:CreatePresignedNotebookInstanceUrl",
        "ssm:SendCommand",
        "ssm:StartSession",
        "sts:AssumeRole",
    ]
)
"""What other rules say more of."""
FOR_GOOD = frozenset(
    {
        "backup:DeleteRecoveryPoint",
        "dynamodb:DeleteTable",
        "ec2:DeleteSnapshot",
        "ec2:DeleteVolume",
        "ec2:TerminateInstances",
        "elasticfilesystem:DeleteFileSystem",
        "fsx:DeleteFileSystem",
        "glacier:DeleteArchive",
        "kms:ScheduleKeyDeletion",
        "rds:DeleteDBCluster",
        "rds:DeleteDBInstance",
        "rds:DeleteDBSnapshot",
        "redshift:DeleteCluster",
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "secretsmanager:DeleteSecret",
    }
)
"""Actions after which data are gone, or soon will be.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""
ADDING = frozenset({"aps:RemoteWrite", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"})
"""Actions that only add to logs and metrics: AWS allows them everywhere in its own AWSLambdaBasicExecutionRole.

https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaBasicExecutionRole.html
"""
READING = ("describe", "get", "list")
CHANGING = ("Write", "Tagging")
CREATING = ("Allocate", "Copy", "Create", "Import", "Launch", "Purchase", "Register", "Request", "Run")


@rule(
    "IAM405",
    on=Statement,
    severity=Severity.LOW,
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
    needs=("Allow", "Action", "Resource"),
    parliament="RESOURCE_STAR",
)
def write_any_resource(statement: Statement, context: Context) -> Iterator[Finding]:
    """Action that changes resources is allowed on all, though it could be limited to some.

    ## Why it matters

    The holder can change or delete what belongs to others. Only actions for
    which AWS takes something else than `*` are meant: those that change
    resources with a name or an id that is known beforehand. A statement with a
    condition is left alone, and so is an action that a Deny names.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["dynamodb:DeleteItem", "dynamodb:Put*", "ec2:DescribeInstances"],
                   --------------------- `dynamodb:DeleteItem`
        "Resource": "*"
                    ^^^ 2 actions that change resources are allowed on every one
      }
    }
    ```

    For these actions AWS knows no resource, or gives it its id only then.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["ecr:GetAuthorizationToken", "cloudwatch:PutMetricData", "ec2:CreateVpc"],
        "Resource": "*"
      }
    }
    ```

    ## References

    - [Actions, resources, and condition keys for AWS services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    - [Security best practices in IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    """
    resource = statement.any_resource
    if resource is None or statement.conditions:
        return
    found: dict[str, Pattern] = {}
    for entry in statement.actions:
        for name in _limitable(entry.key, context.catalog):
            found.setdefault(name, entry)
    denied = [entry for each in context.policy.statements if each.denies for entry in each.actions] if found else []
    names = [name for name in found if not (context.policy.denies(name) or (denied and _is_limited(name, denied)))]
    if names:
        more = f" and {len(names) - 4} more" if len(names) > 4 else ""
        lost = [name for name in names if name in FOR_GOOD]
        why = f"AWS can limit {', '.join(names[:4])}{more} to some"
        yield Finding(
            resource.at,
            f"`{names[0]}` is allowed on every resource"
            if len(names) == 1
            else f"{len(names)} actions that change resources are allowed on every one",
            why=f"{why}; data are lost by {', '.join(lost[:4])}" if lost else why,
            help="name the resources of these actions, in a statement of their own",
            related=(Related(found[names[0]].at, f"`{names[0]}`"),) if len(names) > 1 else (),
            severity=Severity.INFO if ADDING.issuperset(names) else None,
        )


def _is_limited(name: str, denied: Sequence[Pattern]) -> bool:
    """Whether a Deny, perhaps of some resources only, is there for an action: it names its service."""
    service = f"{name.partition(':')[0]}:".lower()
    return any(entry.key.startswith(service) and entry.matches(name) for entry in denied)


@lru_cache(maxsize=32768)
def _limitable(entry: str, catalog: Catalog) -> tuple[str, ...]:
    """The actions of an entry that could be limited to some resources.

    None for a whole service, which is another rule's, or where a wildcard only reads.
    """
    name = entry.partition(":")[2]
    wild = ("*" in name or "?" in name) and Pattern(entry).has_wildcard
    if not name.strip("*") or (wild and name.startswith(READING)):
        return ()
    names = catalog.expand(entry) if wild else (entry,)
    return tuple([found for each in names if (found := _change(each, catalog))])


def _change(action: str, catalog: Catalog) -> str:
    """The name of an action as AWS writes it, if it changes something and could be limited; else empty."""
    prefix, _, name = action.lower().partition(":")
    service = catalog.services.get(prefix)
    level = service.access_level(name) if service and name in service.actions else ""
    if service is None or level not in CHANGING:
        return ""
    uses = service.uses(name)
    if len(uses) == 1 and not uses[0][1]:
        return ""  # AWS documents one that a call may go without, as cloudwatch:PutMetricData does
    spelled = service.spelled(name)
    creates = level == "Write" and spelled.partition(":")[2].startswith(CREATING)
    is_limitable = any(not creates or not _has_made_up_id(service, type_) for type_, _ in uses)
    return spelled if is_limitable and spelled not in SAID_ELSEWHERE else ""


def _has_made_up_id(service: Service, resource: str) -> bool:
    """Whether AWS makes up the last part of a resource's ARN, so that nobody can name it before it is created."""
    kind = service.resources.get(resource.lower())
    return kind is not None and all(arn.endswith("Id}") for arn in kind.arns)
