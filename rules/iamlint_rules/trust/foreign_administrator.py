import re
from collections.abc import Iterator

from iamlint.rule import (
    Arn,
    Confidence,
    Context,
    Finding,
    Policy,
    PolicyKind,
    PrincipalEntry,
    Related,
    Severity,
    Statement,
    rule,
)

POWERS = frozenset(
    (
        "backup:PutBackupVaultAccessPolicy",
        "codeartifact:PutDomainPermissionsPolicy",
        "codeartifact:PutRepositoryPermissionsPolicy",
        "dynamodb:DeleteTable",
        "dynamodb:PutResourcePolicy",
        "ecr:DeleteRepository",
        "ecr:SetRepositoryPolicy",
        "elasticfilesystem:DeleteFileSystem",
        "elasticfilesystem:PutFileSystemPolicy",
        "glacier:DeleteVault",
        "glacier:SetVaultAccessPolicy",
        "kinesis:DeleteStream",
        "kinesis:PutResourcePolicy",
        "lambda:DeleteFunction",
        "lambda:UpdateFunctionCode",
        "secretsmanager:DeleteSecret",
        "secretsmanager:PutResourcePolicy",
        "sns:AddPermission",
        "sns:DeleteTopic",
        "sns:SetTopicAttributes",
    )
)
"""What gives a resource away or ends it, and has an ARN that tells whose it is.

Not here: what a service takes from the owner's account only, as `s3:PutBucketPolicy`, `kms:PutKeyPolicy` and
`sqs:AddPermission` are: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

_ACCOUNT = re.compile(r"(?:arn:[\w-]+:(?:iam|sts)::)?(\d{12})(?::.*)?")


@rule(
    "IAM542",
    on=Statement,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    kinds=(PolicyKind.RESOURCE,),
    needs=("Allow", "Principal", "Resource"),
)
def foreign_administrator(statement: Statement, context: Context) -> Iterator[Finding]:
    """Another account may give the resource away, or delete it.

    ## Why it matters

    Sharing a resource with another account is one thing. Who may write its
    policy, its code or its attributes decides who else has it, and whether it
    stays. Mostly the action is a wildcard, such as `sns:*`, where `sns:Publish`
    was meant.

    Whose the resource is, its ARN must tell: of buckets and keys nothing is
    said. Neither is anything said of what AWS takes from the owner's account
    alone, as `s3:PutBucketPolicy`.

    ## Examples

    ```json bad resource:sns
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
                             -------------------------------- not of account `111122223333`
        "Action": "sns:*",
                  ^^^^^^^ account `444455556666` may call `sns:AddPermission`
        "Resource": "arn:aws:sns:us-east-1:111122223333:orders"
      }
    }
    ```

    ```json good resource:sns
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
        "Action": ["sns:Publish", "sns:Subscribe"],
        "Resource": "arn:aws:sns:us-east-1:111122223333:orders"
      }
    }
    ```

    ## References

    - [Cross account resource access in IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html)
    - [Grant least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    """
    powers = sorted(name for name in POWERS if statement.applies_to_action(name))
    if not powers or any(key.startswith("aws:principalo") for key in statement.condition_keys()):
        return
    owner = _owner(context.policy)
    powers = [name for name in powers if name.startswith(f"{context.policy.service}:")]
    foreign = [entry for entry in statement.principals if owner and _account(entry) not in (owner, "")]
    denies = [each for each in context.policy.statements if each.denies]
    if powers and foreign and not (denies and context.cancelled(_only(statement, powers), denies)):
        yield _finding(statement, foreign[0], powers[0], owner)


def _owner(policy: Policy) -> str:
    """The account that all resources of a policy are of; empty where they do not tell."""
    arns = [Arn.parse(resource.text) for statement in policy.statements for resource in statement.resources]
    accounts = {arn.account if arn else "" for arn in arns}
    return accounts.pop() if len(accounts) == 1 and _ACCOUNT.fullmatch(min(accounts)) else ""


def _account(entry: PrincipalEntry) -> str:
    match = _ACCOUNT.fullmatch(entry.value) if entry.type == "AWS" else None
    return match[1] if match else ""


def _only(statement: Statement, actions: list[str]) -> Statement:
    raw = {name: value for name, value in statement.raw.items() if name != "NotAction"}
    return Statement(statement.at, statement.index, {**raw, "Action": actions})


def _finding(statement: Statement, entry: PrincipalEntry, power: str, owner: str) -> Finding:
    action = statement.entry_for(power)
    return Finding(
        action.at if action else statement.element_at("NotAction"),
        f"account `{_account(entry)}` may call `{power}`",
        why="who may do that decides who else has the resource, or whether it stays",
        help="allow only what the other account needs",
        related=(Related(entry.at, f"not of account `{owner}`"),),
    )
