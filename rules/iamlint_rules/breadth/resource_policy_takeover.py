from collections.abc import Iterator
from functools import lru_cache

from iamlint.rule import Context, Finding, Pattern, PolicyKind, Related, Severity, Statement, rule

OPENS = {
    "s3:PutBucketPolicy": "bucket",
    "s3:PutBucketAcl": "bucket",
    "s3:PutAccessPointPolicy": "access point",
    "kms:PutKeyPolicy": "key",
    "kms:CreateGrant": "key",
    "lambda:AddPermission": "function",
    "lambda:AddLayerVersionPermission": "layer",
    "sqs:AddPermission": "queue",
    "sns:AddPermission": "topic",
    "secretsmanager:PutResourcePolicy": "secret",
    "ecr:SetRepositoryPolicy": "repository",
    "dynamodb:PutResourcePolicy": "table",
    "kinesis:PutResourcePolicy": "stream",
    "elasticfilesystem:PutFileSystemPolicy": "file system",
    "backup:PutBackupVaultAccessPolicy": "backup vault",
    "glacier:SetVaultAccessPolicy": "vault",
    "glue:PutResourcePolicy": "data catalog",
    "ec2:ModifySnapshotAttribute": "snapshot",
    "ec2:ModifyImageAttribute": "image",
    "rds:ModifyDBSnapshotAttribute": "database snapshot",
    "ssm:ModifyDocumentPermission": "document",
}
"""Actions that open a resource to other principals, other accounts or everyone, and what they open.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html (resource-based policies)
"""
NAMES = frozenset(map(str.lower, OPENS))
SERVICES = frozenset(name.partition(":")[0] for name in OPENS)


@rule(
    "IAM408",
    on=Statement,
    severity=Severity.MEDIUM,
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
    needs=("Allow", "Action", "Resource"),
    parliament="RESOURCE_POLICY_PRIVILEGE_ESCALATION",
)
def resource_policy_takeover(statement: Statement, context: Context) -> Iterator[Finding]:
    """Every resource of a kind may be opened to others.

    ## Why it matters

    Whoever may write a resource's own policy decides who reads and deletes it:
    themselves, another account, or everyone. What their other permissions say of
    its data no longer matters.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:CreateBucket", "s3:PutBucketPolicy", "s3:PutBucketAcl"],
                                      ^^^^^^^^^^^^^^^^^^^^ `s3:PutBucketPolicy` can open every bucket to anyone
        "Resource": "*"
                    --- because of this
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "kms:CreateGrant",
        "Resource": "*",
        "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}
      }
    }
    ```

    ## References

    - [Identity-based policies and resource-based policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html)
    """
    resource = statement.any_resource
    if resource is None or statement.conditions:
        return
    found = {
        name: action
        for action in statement.entries_near(NAMES)
        for name in _named(action.key)
        if not context.policy.denies(name)
    }
    if found:
        first, others = next(iter(found)), list(found)[1:]
        yield Finding(
            found[first].at,
            f"`{first}` can open every {OPENS[first]} to anyone",
            why=f"so can {', '.join(others)}" if others else "",
            help="name the resources",
            related=(Related(resource.at, "because of this"),),
        )


@lru_cache(maxsize=4096)
def _named(entry: str) -> tuple[str, ...]:
    """Which of these actions an entry allows; none if it allows its whole service anyway."""
    service, _, name = entry.partition(":")
    if service not in SERVICES or not name.strip("*"):
        return ()
    return tuple(action for action in OPENS if Pattern(entry, fold=True).matches(action))
