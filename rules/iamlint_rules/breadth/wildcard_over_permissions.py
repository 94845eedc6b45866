from collections.abc import Iterator
from functools import lru_cache

from iamlint.rule import Arn, Confidence, Context, Finding, Pattern, PolicyKind, Severity, Statement, rule

OPENS = (
    "s3:PutBucketPolicy",
    "s3:PutBucketAcl",
    "s3:PutAccessPointPolicy",
    "s3:PutObjectAcl",
    "kms:PutKeyPolicy",
    "kms:CreateGrant",
    "lambda:AddPermission",
    "lambda:AddLayerVersionPermission",
    "sqs:AddPermission",
    "sqs:SetQueueAttributes",
    "sns:AddPermission",
    "sns:SetTopicAttributes",
    "secretsmanager:PutResourcePolicy",
    "ecr:SetRepositoryPolicy",
    "events:PutPermission",
    "dynamodb:PutResourcePolicy",
    "kinesis:PutResourcePolicy",
    "elasticfilesystem:PutFileSystemPolicy",
    "backup:PutBackupVaultAccessPolicy",
    "glacier:SetVaultAccessPolicy",
    "ec2:ModifySnapshotAttribute",
    "ec2:ModifyImageAttribute",
    "rds:ModifyDBSnapshotAttribute",
    "ssm:ModifyDocumentPermission",
)
"""Actions that open a resource to other principals, other accounts or everyone.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html (resource-based policies)
"""
SERVICES = frozenset(name.partition(":")[0] for name in OPENS)
TELLING = ("permission", "policy", "acl", "grant", "attribute")


@rule(
    "IAM412",
    on=Statement,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
    needs=("Allow", "Action", "Resource"),
)
def wildcard_over_permissions(statement: Statement, context: Context) -> Iterator[Finding]:
    """Wildcard meant for data takes in an action that gives access to others.

    ## Why it matters

    `s3:Put*` on a bucket reads like writing objects. It is also
    `s3:PutBucketPolicy` and `s3:PutBucketAcl`, with which the bucket can be
    opened to everyone.

    A whole service, such as `s3:*`, is taken for meant, and what is allowed on
    every resource is said by other rules.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:Get*", "s3:Put*"],
                              ^^^^^^^^^ it takes in `s3:PutBucketPolicy`, which can give others access
        "Resource": ["arn:aws:s3:::amzn-s3-demo-bucket", "arn:aws:s3:::amzn-s3-demo-bucket/*"]
      }
    }
    ```

    A wildcard that says what it is about is taken for meant.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"},
        {"Effect": "Allow", "Action": "s3:PutBucketP*Policy", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket"}
      ]
    }
    ```

    What a Deny takes back is not granted.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "s3:Put*", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket"},
        {"Effect": "Deny", "Action": ["s3:Put*Acl", "s3:Put*Policy"], "Resource": "*"}
      ]
    }
    ```

    ## References

    - [Identity-based policies and resource-based policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html)
    - [Actions, resources, and condition keys for Amazon S3](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html)
    """
    if statement.any_resource or statement.conditions:
        return
    for entry in statement.wild_actions:
        names = [name for name in _taken_in(entry.key) if _works(name, statement, context)]
        if names:
            yield Finding(
                entry.at,
                f"it takes in `{names[0]}`, which can give others access",
                why=f"so can {', '.join(names[1:])}" if names[1:] else "",
                help="write out the actions that are needed",
            )


@lru_cache(maxsize=4096)
def _taken_in(entry: str) -> tuple[str, ...]:
    """The actions that a wildcard takes in by the way; none if it is a whole service, or says that it is about access."""
    service, _, name = entry.partition(":")
    if service not in SERVICES or not name.strip("*") or any(word in name for word in TELLING):
        return ()
    return tuple(action for action in OPENS if Pattern(entry, fold=True).matches(action))


def _works(action: str, statement: Statement, context: Context) -> bool:
    """Whether an action works on some of the resources, and no Deny of the policy takes it back."""
    statements = context.policy.statements
    if any(each.denies and not each.conditions and each.applies_to_action(action) for each in statements):
        return False
    templates = [arn for text in context.catalog.arns_of(action) if (arn := Arn.parse(text))]
    given = [arn for resource in statement.resources if (arn := Arn.parse(resource.text))]
    return any(_meet(one, other) for one in given for other in templates)


def _meet(given: Arn, template: Arn) -> bool:
    """Whether an ARN may be of a documented shape: S3 tells buckets from access points by the account, from objects by a slash."""
    same = bool(given.region) == bool(template.region) and bool(given.account) == bool(template.account)
    slash = "/" in given.resource and given.service == "s3" and "/" not in template.resource
    return same and not slash and Pattern(str(given)) & Pattern(str(template))
