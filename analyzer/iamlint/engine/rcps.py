"""RCPs: the requests that resource control policies do not apply to. Decides nothing else."""

_SERVICES = """
aoss appconfig appstream autoscaling autoscaling-plans budgets clouddirectory cloudfront cloudsearch
cloudtrail-data codeartifact codebuild codecommit codepipeline cognito-identity cognito-idp comprehend
comprehendmedical compute-optimizer cost-optimization-hub dax dsql dynamodb ecr ecr-public events firehose fis fms
gamelift health inspector-scan kendra kinesisvideo kms logs memorydb networkmonitor notifications opensearch
pca-connector-ad personalize polly pricing resource-groups rolesanywhere s3 secretsmanager servicediscovery signin
sqs sts support swf textract timestream-influxdb transcribe transfer translate wafv2 workspaces xray
"""
RCP_SERVICES = frozenset(_SERVICES.split())
"""The services whose resources RCPs apply to, as of 2026-09-26.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
"""
SPARED_ACTION = "kms:retiregrant"
"""What RCPs do not restrict although the service is one of theirs.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#actions-not-restricted-by-rcps
"""


def can_apply(action: str, resource: str) -> bool:
    """Whether RCPs can apply to an action, in lower case, on a resource: they limit resources of some services."""
    return resource != "*" and action != SPARED_ACTION and action.partition(":")[0] in RCP_SERVICES
