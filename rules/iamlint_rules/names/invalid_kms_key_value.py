from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Pattern, Severity, Statement, is_computed, rule

_S3 = ("s3:x-amz-server-side-encryption-aws-kms-key-id", "s3express:x-amz-server-side-encryption-aws-kms-key-id")
# Keys of which the Service Authorization Reference says that they hold the ARN of a KMS key; which of them
# Access Analyzer looks at is not published.
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_OTHERS = """
aws-external-anthropic:keyarn bedrock-agentcore:kmskeyarn comprehend:datalakekmskey comprehend:modelkmskey
comprehend:outputkmskey comprehend:volumekmskey eks:encryptionconfigproviderkeyarns quicksight:kmskeyarns
s3tables:kmskeyarn s3vectors:kmskeyarn sagemaker:domainsharingoutputkmskeyarn
sagemaker:featuregroupofflinestorekmskeyarn sagemaker:featuregrouponlinestorekmskeyarn sagemaker:outputkmskeyarn
sagemaker:volumekmskeyarn secretsmanager:kmskeyarn transcribe:outputencryptionkmskeyid
"""
_KEYS = {**dict.fromkeys(_OTHERS.split(), Confidence.MEDIUM), **dict.fromkeys(_S3, Confidence.HIGH)}
_ARN = Pattern("arn:*:kms:*:*:key/*")


@rule("IAM137", on=Statement, severity=Severity.HIGH, needs="Condition", aws="INVALID_KMS_KEY_VALUE")
def invalid_kms_key_value(statement: Statement, _: Context) -> Iterator[Finding]:
    """Value for a condition on a KMS key is no ARN of a key.

    ## Why it matters

    The service compares the ARN of the key, whatever the caller wrote: a key
    id or an alias never equals it. An Allow grants nothing, and a Deny for
    all but this key denies everyone.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {
          "StringNotEquals": {
            "s3:x-amz-server-side-encryption-aws-kms-key-id": [
              "alias/reports",
              ^^^^^^^^^^^^^^^ `alias/reports` is an alias, not the ARN of a KMS key
              "1234abcd-12ab-34cd-56ef-1234567890ab"
              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `1234abcd-12ab-34cd-56ef-1234567890ab` is not the ARN of a KMS key
            ]
          }
        }
      }
    }
    ```

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {
          "ArnNotLike": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:*:111122223333:key/*"}
        }
      }
    }
    ```

    ## References

    - [Requiring a specific KMS key](https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms)
    - [Access Analyzer: invalid KMS key value](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for condition in statement.conditions:
        confidence = _KEYS.get(condition.key_lower)
        if confidence is None or condition.operator.family not in ("String", "Arn"):
            continue
        for value in condition.values:
            if not is_computed(value.text) and not Pattern(value.text) & _ARN:
                is_alias = value.text.rpartition(":")[2].startswith("alias/")
                what = f"`{value}`" if value.text else "an empty string"
                yield Finding(
                    value.at,
                    f"{what} is {'an alias, ' if is_alias else ''}not the ARN of a KMS key",
                    why=f"`{condition.key}` is always the ARN of a key",
                    help="write `arn:aws:kms:<region>:<account>:key/<id>`",
                    confidence=confidence,
                )
