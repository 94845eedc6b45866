from collections.abc import Iterator, Mapping

from iamlint.rule import ROOT, Context, Finding, Principal, Severity, rule

WHOLE: Mapping[str, str] = {
    "AdministratorAccess": "*",
    "PowerUserAccess": "*",
    "IAMFullAccess": "iam",
    "AWSCloudFormationFullAccess": "cloudformation",
    "AmazonDynamoDBFullAccess": "dynamodb",
    "AmazonEC2FullAccess": "ec2",
    "AmazonKinesisFullAccess": "kinesis",
    "AmazonRDSFullAccess": "rds",
    "AmazonS3FullAccess": "s3",
    "AmazonSNSFullAccess": "sns",
    "AmazonSQSFullAccess": "sqs",
    "AmazonSSMFullAccess": "ssm",
    "AWSLambda_FullAccess": "lambda",
    "CloudWatchLogsFullAccess": "logs",
    "SecretsManagerReadWrite": "secretsmanager",
}
"""AWS managed policies that allow all of a service, or of most, on every resource.

https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""
ADMIN = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess")
OF_AWS = (":role/aws-service-role/", ":role/aws-reserved/")
"""Roles whose policies only AWS and IAM Identity Center attach.

https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
"""


@rule("IAM709", on=Principal, severity=Severity.LOW)
def full_access_attached(principal: Principal, _: Context) -> Iterator[Finding]:
    """AWS managed policy that allows a whole service is attached.

    ## Why it matters

    `AmazonS3FullAccess` and its like allow every action on every resource of a
    service, in other teams' buckets and in those of tomorrow, deleting and
    giving away included. They are there to try a service out.

    Policies of AWS itself are judged nowhere else, as only AWS can change them.
    Of a group's policies it is said once, not of each of its users.

    ## Examples

    ```json bad role
    {
      "RoleName": "reports",
      "Arn": "arn:aws:iam::111122223333:role/reports",
      "AttachedManagedPolicies": [
        {"PolicyName": "AmazonS3FullAccess", "PolicyArn": "arn:aws:iam::aws:policy/AmazonS3FullAccess"}
      ],
      "AssumeRolePolicyDocument": {
                                  ^ `AmazonS3FullAccess` allows all of `s3` on every resource to `role/reports`
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
      }
    }
    ```

    ```json good role
    {
      "RoleName": "reports",
      "Arn": "arn:aws:iam::111122223333:role/reports",
      "AttachedManagedPolicies": [
        {"PolicyName": "CloudWatchAgentServerPolicy", "PolicyArn": "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"}
      ],
      "AssumeRolePolicyDocument": {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
      }
    }
    ```

    ## References

    - [AWS managed policies](https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html)
    - [Get started with AWS managed policies and move toward least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-use-aws-defined-policies)
    """
    for attached in principal.attached:
        service = WHOLE.get(attached.name) if ":iam::aws:policy/" in attached.arn else None
        if service and not attached.group and not principal.boundary and not any(of in principal.arn for of in OF_AWS):
            what = "nearly everything" if service == "*" else f"all of `{service}`"
            whose = f" to `{principal.name}`"
            limits = service != "*" and _names_resources(principal, service)
            yield Finding(
                ROOT,
                f"`{attached.name}` allows {what} on every resource{whose}",
                why=f"what its other policies limit of `{service}` is allowed everywhere" if limits else "",
                help="attach a policy of your own with what is needed; `iamlint suggest` writes it",
                severity=Severity.HIGH if attached.name in ADMIN else Severity.MEDIUM if limits else None,
            )


def _names_resources(principal: Principal, service: str) -> bool:
    """Whether a policy that can be read allows something of a service on named resources."""
    statements = [each for policy in principal.permissions for each in policy.statements if each.allows]
    return any(
        any(action.key.startswith(f"{service}:") for action in each.actions)
        and bool(each.resources)
        and not any(resource.is_everything for resource in each.resources)
        for each in statements
    )
