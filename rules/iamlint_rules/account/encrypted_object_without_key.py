from collections.abc import Iterator

from iamlint.rule import Condition, Confidence, Context, Finding, Pattern, Policy, Principal, Severity, Statement, rule

MAKE, OPEN = "kms:GenerateDataKey", "kms:Decrypt"
KEY_ID = "s3:x-amz-server-side-encryption-aws-kms-key-id"
Grants = list[tuple[Policy, Statement]]


@rule("IAM704", on=Principal, severity=Severity.MEDIUM, confidence=Confidence.MEDIUM)
def encrypted_object_without_key(principal: Principal, _: Context) -> Iterator[Finding]:
    """S3 objects are encrypted with a key that may not be used.

    ## Why it matters

    For an object under a KMS key, S3 asks KMS in the caller's name: to write it
    takes `kms:GenerateDataKey`, to read it `kms:Decrypt`, and so does an upload
    in several parts. Without them the call ends with `AccessDenied` although the
    policy allows it in S3.

    Buckets do not show in a role's policies. This is said only where these tell
    themselves that a key of one's own is used, and none of them allows the use.
    The key's policy may still name the role.

    ## Examples

    ```json bad role
    {
      "RoleName": "reports",
      "AssumeRolePolicyDocument": {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
      },
      "RolePolicyList": [
        {
          "PolicyName": "reports",
          "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
              {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject"],
                           ^^^^^^^^^^^^^^ objects are written with a KMS key, and `kms:Decrypt` to read them is not allowed
                "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/reports/*"
              },
              {
                "Effect": "Allow",
                "Action": "kms:GenerateDataKey",
                "Resource": "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                "Condition": {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
              }
            ]
          }
        }
      ]
    }
    ```

    ```json bad role
    {
      "RoleName": "upload",
      "AssumeRolePolicyDocument": {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
      },
      "RolePolicyList": [
        {
          "PolicyName": "upload",
          "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": {
              "Effect": "Allow",
              "Action": "s3:PutObject",
              "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
              "Condition": {
                "StringEquals": {
                  "s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ objects must be written with this KMS key, and `kms:GenerateDataKey` is not allowed
                }
              }
            }
          }
        }
      ]
    }
    ```

    ```json good role
    {
      "RoleName": "reports",
      "AssumeRolePolicyDocument": {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
      },
      "RolePolicyList": [
        {
          "PolicyName": "reports",
          "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
              {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/reports/*"
              },
              {
                "Effect": "Allow",
                "Action": ["kms:GenerateDataKey", "kms:Decrypt"],
                "Resource": "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                "Condition": {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
              }
            ]
          }
        }
      ]
    }
    ```

    ## References

    - [Using server-side encryption with AWS KMS keys](https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html)
    - [Uploading with SSE-KMS in several parts](https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions)
    """
    every = [(policy, each) for policy in principal.permissions for each in policy.statements if each.allows]
    writing = _of(every, "s3:PutObject")
    if not writing or principal.unread or _of(every, OPEN):
        return
    making = _of(every, MAKE)
    if making and all(_is_for_s3(statement) for _, statement in making):
        yield from _reading(every, certain=all(statement.conditions for _, statement in making))
    for policy, statement in () if making else writing:
        for condition in filter(_names_key, statement.conditions):
            message = f"objects must be written with this KMS key, and `{MAKE}` is not allowed"
            yield Finding(condition.at, message, help=f"allow `{MAKE}` on the key", on_key=True, policy=policy)


def _of(grants: Grants, action: str) -> Grants:
    return [(policy, statement) for policy, statement in grants if statement.applies_to_action(action)]


def _is_for_s3(statement: Statement) -> bool:
    """Whether no condition keeps the key for other services."""
    via = [condition for condition in statement.conditions if condition.key_lower == "kms:viaservice"]
    return all(any(Pattern(v.text) & Pattern("s3.*") for v in each.values) for each in via)


def _names_key(condition: Condition) -> bool:
    return (
        condition.key_lower == KEY_ID
        and condition.operator.family in ("String", "Arn")
        and not condition.operator.is_negated
        and any(":key/" in value.text for value in condition.values)
    )


def _reading(every: Grants, *, certain: bool) -> Iterator[Finding]:
    """The first grant to read objects where they are written too."""
    written = [resource for _, statement in _of(every, "s3:PutObject") for resource in statement.resources]
    for policy, statement in _of(every, "s3:GetObject"):
        entry = statement.entry_for("s3:GetObject")
        if entry and any(one & other for one in statement.resources for other in written):
            yield Finding(
                entry.at,
                f"objects are written with a KMS key, and `{OPEN}` to read them is not allowed",
                help=f"allow `{OPEN}` beside `{MAKE}`",
                confidence=None if certain else Confidence.LOW,
                policy=policy,
            )
            return
