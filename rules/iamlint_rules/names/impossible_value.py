from collections.abc import Iterator, Mapping

from iamlint.rule import (
    Condition,
    ConditionValue,
    Confidence,
    Context,
    Finding,
    Fix,
    Pattern,
    Severity,
    Statement,
    is_computed,
    replace,
    rule,
)

_ECC = "ECC_NIST_P256 ECC_NIST_P384 ECC_NIST_P521 ECC_SECG_P256K1 ECC_NIST_EDWARDS25519"
_RSA, _ML_KEM = "RSA_2048 RSA_3072 RSA_4096", "ML_KEM_512 ML_KEM_768 ML_KEM_1024"
_SPECS = (
    f"SYMMETRIC_DEFAULT {_RSA} {_ECC} HMAC_224 HMAC_256 HMAC_384 HMAC_512 SM2 ML_DSA_44 ML_DSA_65 ML_DSA_87 {_ML_KEM}"
)
_USAGES = "ENCRYPT_DECRYPT SIGN_VERIFY GENERATE_VERIFY_MAC KEY_AGREEMENT ENCAPSULATE_DECAPSULATE"
_SWITCH, _ON_OFF = "enabled disabled", "on off"

# The pages that list the values, and botocore 1.44.5's enums of the parameters that the keys are named after.
_VALUES: Mapping[str, str] = {
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
    "aws:principaltype": "Account User FederatedUser AssumedRole Anonymous",
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html and API_PutBucketAcl.html
    "s3:x-amz-acl": (
        "private public-read public-read-write authenticated-read aws-exec-read bucket-owner-read"
        " bucket-owner-full-control log-delivery-write"
    ),
    "s3:x-amz-server-side-encryption": "AES256 aws:kms aws:kms:dsse aws:fsx aws:backup",
    "s3:x-amz-server-side-encryption-customer-algorithm": "AES256",
    "s3:x-amz-storage-class": (
        "STANDARD REDUCED_REDUNDANCY STANDARD_IA ONEZONE_IA INTELLIGENT_TIERING GLACIER DEEP_ARCHIVE OUTPOSTS GLACIER_IR"
        " SNOW EXPRESS_ONEZONE FSX_OPENZFS FSX_ONTAP AWS_BACKUP_WARM AWS_BACKUP_LOW_COST_WARM"
    ),
    "s3:x-amz-metadata-directive": "COPY REPLACE",
    "s3:x-amz-object-ownership": "BucketOwnerPreferred ObjectWriter BucketOwnerEnforced",
    "s3:object-lock-mode": "GOVERNANCE COMPLIANCE",
    "s3:object-lock-legal-hold": "ON OFF",
    "s3:accesspointnetworkorigin": "Internet VPC",
    # https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
    "s3:authtype": "REST-HEADER REST-QUERY-STRING POST",
    "s3:signatureversion": "AWS AWS4-HMAC-SHA256 AWS4-ECDSA-P256-SHA256",
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3express.html
    "s3express:sessionmode": "ReadOnly ReadWrite",
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html#amazonec2-policy-keys
    "ec2:tenancy": "default dedicated host",
    "ec2:rootdevicetype": "ebs instance-store",
    "ec2:volumetype": "standard io1 io2 gp2 gp3 sc1 st1",
    "ec2:metadatahttptokens": "optional required",
    "ec2:metadatahttpendpoint": _SWITCH,
    "ec2:instancemetadatatags": _SWITCH,
    "ec2:cpuoptionsamdsevsnp": _SWITCH,
    "ec2:instancemarkettype": "spot on-demand capacity-block interruptible-capacity-reservation",
    "ec2:placementgroupstrategy": "cluster spread partition precision-time",
    "ec2:permission": "INSTANCE-ATTACH EIP-ASSOCIATE",
    "ec2:autoplacement": _ON_OFF,
    "ec2:hostrecovery": _ON_OFF,
    "ec2:keypairtype": "rsa ed25519",
    "ec2:add/group": "all",
    "ec2:remove/group": "all",
    # https://docs.aws.amazon.com/autoscaling/ec2/userguide/security_iam_service-with-iam.html
    "autoscaling:metadatahttptokens": "optional required",
    "autoscaling:metadatahttpendpoint": _SWITCH,
    # https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
    "kms:keyspec": _SPECS,
    "kms:customermasterkeyspec": _SPECS,
    "kms:keyusage": _USAGES,
    "kms:customermasterkeyusage": _USAGES,
    "kms:keyorigin": "AWS_KMS EXTERNAL AWS_CLOUDHSM EXTERNAL_KEY_STORE",
    "kms:datakeypairspec": f"{_RSA} {_ECC} SM2 {_ML_KEM}",
    "kms:expirationmodel": "KEY_MATERIAL_EXPIRES KEY_MATERIAL_DOES_NOT_EXPIRE",
    "kms:encryptionalgorithm": "SYMMETRIC_DEFAULT RSAES_OAEP_SHA_1 RSAES_OAEP_SHA_256 SM2PKE",
    "kms:macalgorithm": "HMAC_SHA_224 HMAC_SHA_256 HMAC_SHA_384 HMAC_SHA_512",
    "kms:messagetype": "RAW DIGEST EXTERNAL_MU",
    "kms:multiregionkeytype": "PRIMARY REPLICA",
    "kms:grantoperations": (
        "Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo Sign Verify"
        " GetPublicKey CreateGrant RetireGrant DescribeKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext"
        " GenerateMac VerifyMac DeriveSharedSecret Encapsulate Decapsulate"
    ),
    # https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
    "lambda:functionurlauthtype": "NONE AWS_IAM",
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/security_iam_service-with-iam.html
    "elasticloadbalancing:scheme": "internet-facing internal",
    # https://docs.aws.amazon.com/acm/latest/userguide/acm-conditions.html
    "acm:validationmethod": "EMAIL DNS HTTP",
    "acm:certificatetransparencylogging": "ENABLED DISABLED",
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
    "dynamodb:returnvalues": "NONE ALL_OLD UPDATED_OLD ALL_NEW UPDATED_NEW",
    "dynamodb:select": "ALL_ATTRIBUTES ALL_PROJECTED_ATTRIBUTES SPECIFIC_ATTRIBUTES COUNT",
    "dynamodb:returnconsumedcapacity": "INDEXES TOTAL NONE",
    # https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
    "sns:protocol": "http https email email-json sms sqs application lambda firehose",
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
    "sagemaker:rootaccess": "Enabled Disabled",
    "sagemaker:directinternetaccess": "Enabled Disabled",
    "sagemaker:appnetworkaccesstype": "PublicInternetOnly VpcOnly",
    # https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessConfigRequest.html
    "eks:authenticationmode": "API API_AND_CONFIG_MAP CONFIG_MAP",
}


@rule("IAM142", on=Statement, severity=Severity.MEDIUM, confidence=Confidence.MEDIUM, needs="Condition")
def impossible_value(statement: Statement, _: Context) -> Iterator[Finding]:
    """Value of a condition key is none of those that it can have.

    ## Why it matters

    The value never equals the key: an Allow that waits for it grants nothing,
    and a Deny for all other values denies every request. Letter case counts.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": ["aws:kms", "AES-256"]}}
                                                                                         ^^^^^^^^^ `s3:x-amz-server-side-encryption` is never `AES-256`
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": ["aws:kms", "AES256"]}}
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:RunInstances",
        "Resource": "*",
        "Condition": {
          "StringEquals": {"ec2:Tenancy": "default"},
          "StringEqualsIgnoreCase": {"ec2:MetadataHttpTokens": "Required"},
          "StringLike": {"ec2:VolumeType": "gp?"}
        }
      }
    }
    ```

    ## References

    - [Condition keys of AWS services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    - [Bucket policies with Amazon S3 condition keys](https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html)
    """
    for condition in statement.conditions:
        names = _VALUES.get(condition.key_lower)
        if names is None or condition.operator.family != "String":
            continue
        known = names.split()
        for value in condition.values:
            if value.text not in known and not is_computed(value.text) and not _may_be(value.text, condition, known):
                near = _near(value.text, known)
                yield Finding(
                    value.at,
                    f"`{condition.key}` is never {f'`{value}`' if value.text else 'an empty string'}",
                    help=f"did you mean `{near}`?" if near else _list(known),
                    fix=_fix(value, near),
                    confidence=Confidence.HIGH if near else None,
                )


def _may_be(text: str, condition: Condition, known: list[str]) -> bool:
    """Whether a value is one of the known ones to an operator that knows wildcards or no letter case."""
    if condition.operator.name.endswith("IgnoreCase"):
        return text.lower() in (name.lower() for name in known)
    pattern = Pattern(text)
    # Where the operator knows no wildcards, another rule says so.
    return pattern.has_wildcard and (not condition.operator.name.endswith("Like") or any(map(pattern.matches, known)))


def _near(text: str, known: list[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only for a slip

    plain = {"".join(filter(str.isalnum, name.lower())): name for name in known}
    bare = "".join(filter(str.isalnum, text.lower()))
    return plain.get(bare) or next((plain[near] for near in get_close_matches(bare, plain, n=1, cutoff=0.85)), "")


def _list(known: list[str]) -> str:
    return f"it is {', '.join(f'`{name}`' for name in known)}" if len(known) < 9 else ""


def _fix(value: ConditionValue, near: str) -> Fix | None:
    return Fix.risky(f"Write `{near}`", replace(value.at, near)) if near else None
