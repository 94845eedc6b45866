from collections.abc import Iterator, Mapping

from iamlint.rule import Confidence, Context, Finding, Pattern, Policy, PolicyKind, Related, Severity, Statement, rule

_ALL = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")
OPENS: Mapping[str, tuple[str, ...]] = {
    "s3:PutBucketPolicy": _ALL,
    "s3:PutBucketAcl": ("s3:GetObject", "s3:PutObject"),
    "s3:PutLifecycleConfiguration": ("s3:DeleteObject",),
}
"""What whoever may set these on a bucket can have done to its objects.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions
https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html
"""


@rule(
    "IAM419",
    on=Statement,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
    needs=("Allow", "Action", "ARN"),
    parliament="RESOURCE_POLICY_PRIVILEGE_ESCALATION",
)
def bucket_control_beyond_access(statement: Statement, context: Context) -> Iterator[Finding]:
    """Whoever may not touch the objects of a bucket may change who can.

    ## Why it matters

    The policy grants some access to the objects of a bucket, or none, which
    reads like a limit. But who may write the bucket's policy or ACL can grant
    themselves the rest, and a lifecycle rule deletes whatever it names.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::reports/*"
        },
        {
          "Effect": "Allow",
          "Action": ["s3:GetBucketPolicy", "s3:PutBucketPolicy"],
                                           ^^^^^^^^^^^^^^^^^^^^ `s3:PutBucketPolicy` opens what no statement allows: `s3:PutObject`, `s3:DeleteObject`
          "Resource": "arn:aws:s3:::reports"
                      ---------------------- of this bucket
        }
      ]
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:PutLifecycleConfiguration", "s3:DeleteObject"],
        "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]
      }
    }
    ```

    ## References

    - [Access control in Amazon S3](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-management.html)
    - [Identity-based policies and resource-based policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html)
    """
    found = list(_found(statement, context.policy))
    for opened, missing, action, bucket in found:
        if not any(set(missing) < set(others) for _, others, *_ in found):
            yield Finding(
                action.at,
                f"`{opened}` opens what no statement allows: `{'`, `'.join(missing)}`",
                help="allow that too if it is meant, or leave the control of the bucket to its administrators",
                related=(Related(bucket.at, "of this bucket"),),
            )


def _found(statement: Statement, policy: Policy) -> Iterator[tuple[str, tuple[str, ...], Pattern, Pattern]]:
    """The entries that open more than is allowed: by which action, what, and the first bucket where that is so."""
    for action in statement.actions:
        opened = _opened(action) if action.key.startswith("s3:") else ""
        if not opened or policy.denies(opened):
            continue
        for bucket in filter(_is_bucket, statement.resources):
            missing = _missing(bucket, OPENS[opened], policy)
            if missing:
                yield opened, missing, action, bucket
                break


def _opened(entry: Pattern) -> str:
    """The first of these actions that an entry allows; empty for all of S3, which has the objects as well."""
    name = entry.key.removeprefix("s3:")
    return next((each for each in OPENS if entry.matches(each)), "") if name.strip("*") else ""


def _is_bucket(resource: Pattern) -> bool:
    fields = resource.text.split(":")
    return len(fields) == 6 and fields[2] == "s3" and "/" not in fields[5]


def _missing(bucket: Pattern, actions: tuple[str, ...], policy: Policy) -> tuple[str, ...]:
    """The actions on the objects of a bucket that no statement allows."""
    objects = Pattern(f"{bucket.text}/*")
    allowing = [
        each
        for each in policy.statements
        if each.allows and (each.has("NotResource") or any(objects <= resource for resource in each.resources))
    ]
    return tuple(name for name in actions if not any(each.applies_to_action(name) for each in allowing))
