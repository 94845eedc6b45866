from collections import Counter
from collections.abc import Iterator, Sequence

from iamlint.rule import (
    ROOT,
    Context,
    Finding,
    Pattern,
    Policy,
    PolicyKind,
    Related,
    Severity,
    Statement,
    is_placeholder,
    rule,
)

WAYS_BACK = {
    "s3": ("s3:PutBucketPolicy", "s3:DeleteBucketPolicy"),
    "kms": ("kms:PutKeyPolicy",),
    "sqs": ("sqs:SetQueueAttributes", "sqs:RemovePermission"),
    "sns": ("sns:SetTopicAttributes", "sns:RemovePermission"),
    "ecr": ("ecr:SetRepositoryPolicy", "ecr:DeleteRepositoryPolicy"),
    "secretsmanager": ("secretsmanager:PutResourcePolicy", "secretsmanager:DeleteResourcePolicy"),
    "elasticfilesystem": ("elasticfilesystem:PutFileSystemPolicy", "elasticfilesystem:DeleteFileSystemPolicy"),
    "dynamodb": ("dynamodb:PutResourcePolicy", "dynamodb:DeleteResourcePolicy"),
    "kinesis": ("kinesis:PutResourcePolicy", "kinesis:DeleteResourcePolicy"),
    "glue": ("glue:PutResourcePolicy", "glue:DeleteResourcePolicy"),
    "codeartifact": ("codeartifact:PutRepositoryPermissionsPolicy", "codeartifact:DeleteRepositoryPermissionsPolicy"),
}
"""By what the policy of a resource is changed or taken away: who may do none of it cannot mend it.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

MENDED = {
    "s3": "only the root user of the bucket's account can still mend it",
    "sqs": "only the root user of the queue's account can still mend it",
    "kms": "only AWS Support can still mend it",
}
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html"""

_OBJECTS = Pattern("arn:*:s3:::*/*")


@rule("IAM540", on=Policy, severity=Severity.HIGH, kinds=(PolicyKind.RESOURCE,), needs="Deny")
def locked_out_owner(policy: Policy, context: Context) -> Iterator[Finding]:
    """Nobody can change the policy any more, its owner included.

    ## Why it matters

    A Deny for everyone means everyone: administrators, the role that deploys,
    and the account's root user. Once such a policy is attached, the owner
    cannot take it off again. For a bucket or a queue somebody must sign in as
    the root user; a key is lost until AWS Support helps.

    That nobody is left is proved: one whom a condition lets through, from one
    network or with one ARN, is enough to be silent.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
                  ^^^^^^ everyone is denied `s3:PutBucketPolicy`, the owner too
        "Resource": ["arn:aws:s3:::amzn-s3-demo-bucket", "arn:aws:s3:::amzn-s3-demo-bucket/*"]
      }
    }
    ```

    No request comes through two endpoints at once.

    ```json bad resource:sqs
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Deny",
          "Principal": "*",
          "Action": "sqs:*",
                    ^^^^^^^ everyone is denied `sqs:SetQueueAttributes`, the owner too
          "Resource": "arn:aws:sqs:us-east-1:111122223333:orders",
          "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1111aaaa"}}
        },
        {
          "Effect": "Deny",
          "Principal": "*",
          "Action": "sqs:*",
          "Resource": "arn:aws:sqs:us-east-1:111122223333:orders",
          "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-2222bbbb"}}
        }
      ]
    }
    ```

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::amzn-s3-demo-bucket", "arn:aws:s3:::amzn-s3-demo-bucket/*"],
        "Condition": {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/admin"}}
      }
    }
    ```

    ## References

    - [Perform a privileged task on a member account: unlock a bucket or queue policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html)
    - [Key policies in AWS KMS: unmanageable keys](https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html)
    - [S3: PutBucketPolicy](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html)
    """
    ways = WAYS_BACK.get(policy.service or "", ())
    denies = [each for each in policy.statements if _is_judged(each)]
    near = _in_question([each for each in denies if ways and all(map(each.applies_to_action, ways))])
    if not any(all(condition.holds_when_absent for condition in each.conditions) for each in near):
        return
    alone = next((each for each in near if _deny_everyone([each], ways, context)), None)
    together = [alone] if alone else near
    if alone or _deny_everyone(near, ways, context):
        yield _finding(together, ways, policy.service or "")


def _in_question(denies: Sequence[Statement]) -> list[Statement]:
    """Those that can have a part in denying everything: what one leaves by its condition, another one must look at."""
    seen = Counter(key for each in denies for key in each.condition_keys())
    return [each for each in denies if all(seen[key] > 1 for key in each.condition_keys())]


def _is_judged(statement: Statement) -> bool:
    """Whether a Deny is about the resource itself, and nothing of it is yet to be filled in."""
    objects = bool(statement.resources) and all(resource <= _OBJECTS for resource in statement.resources)
    texts = [value.text for condition in statement.conditions for value in condition.values]
    return (
        statement.denies
        and not objects
        and not statement.has("NotResource")
        and not statement.has("NotPrincipal")  # which denies more than it seems to, as another rule says
        and not any(map(is_placeholder, texts))
    )


def _deny_everyone(denies: Sequence[Statement], actions: Sequence[str], context: Context) -> bool:
    everyone = {"Effect": "Deny", "Principal": "*", "Action": list(actions), "Resource": "*"}
    whole = [Statement(each.at, each.index, {**each.raw, "Resource": "*"}) for each in denies]
    return context.adds_nothing(Statement(ROOT, 0, everyone), whole)


def _finding(denies: Sequence[Statement], ways: Sequence[str], service: str) -> Finding:
    first, *others = denies
    entry = first.entry_for(ways[0])
    return Finding(
        entry.at if entry else first.at,
        f"everyone is denied `{ways[0]}`, the owner too",
        why=MENDED.get(service, "whoever could mend the policy is denied that as well"),
        help="exempt those who administer it, by a condition on `aws:PrincipalArn`",
        related=tuple(Related(each.at, "together with this") for each in others),
    )
