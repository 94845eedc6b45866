from collections.abc import Iterator, Mapping

from iamlint.rule import (
    Condition,
    Confidence,
    Context,
    Finding,
    Pattern,
    PolicyKind,
    Related,
    Severity,
    Statement,
    rule,
)

AWS = ("USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES",)

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcevpcarn
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpceaccount
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpceorgid
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpceorgpaths
_VPC = """
acm-pca applicationinsights apprunner athena cloudformation comprehendmedical compute-optimizer datasync discovery ebs
ecr ecs firehose healthlake iam iotfleetwise iotwireless kinesisanalytics kms lambda medical-imaging omics
payment-cryptography polly rbin rekognition route53 s3 scheduler servicediscovery servicequotas ssm-contacts
storagegateway textract transcribe transfer
"""
_OWNER = _VPC + "dynamodb gamelift shield"
_ORGANIZATION = f"""
{_OWNER} b2bi cassandra cognito-identity dms ds-data identitystore iottwinmaker network-firewall pricing ses sms-voice
sqs workmail
"""
SENDERS: Mapping[str, frozenset[str]] = {
    "aws:sourcevpcarn": frozenset(_VPC.split()),
    "aws:vpceaccount": frozenset(_OWNER.split()),
    "aws:vpceorgid": frozenset(_ORGANIZATION.split()),
    "aws:vpceorgpaths": frozenset(_OWNER.split()),
}


@rule(
    "IAM123",
    on=Statement,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    # An endpoint is one service's, which its policy need not say.
    kinds=[kind for kind in PolicyKind if kind is not PolicyKind.VPC_ENDPOINT],
    needs="Condition",
    aws=AWS,
)
def endpoint_owner_key_elsewhere(statement: Statement, context: Context) -> Iterator[Finding]:
    """Condition on who owns a VPC endpoint covers services that do not tell.

    ## Why it matters

    Only some services say whose VPC endpoint a request came through. With the
    others the key is missing, be the endpoint yours or not: an `Allow` then
    grants nothing, and a `Deny` of all that is not yours locks everyone out.

    ## Examples

    ```json bad scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "*",
                  --- not every service here sends it
        "Resource": "*",
        "Condition": {"StringNotEqualsIfExists": {"aws:VpceOrgID": "o-a1b2c3d4e5"}}
                                                  ^^^^^^^^^^^^^^^ only some services send `aws:VpceOrgID`
      }
    }
    ```

    ```json good scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": ["s3:*", "kms:*"],
        "Resource": "*",
        "Condition": {"StringNotEqualsIfExists": {"aws:VpceOrgID": "o-a1b2c3d4e5"}}
      }
    }
    ```

    ## References

    - [aws:VpceAccount](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpceaccount)
    - [aws:VpceOrgID](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpceorgid)
    - [aws:SourceVpcArn](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcevpcarn)
    - [Access Analyzer: use condition key only with supported services](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-general-warning-use-condition-key-only-with-supported-services)
    """
    for condition in statement.conditions:
        senders = SENDERS.get(condition.key_lower)
        if senders is None or _asks_presence(condition.key_lower, statement) or _is_of_sender(context, senders):
            continue
        beyond = [entry for entry in statement.actions if not _is_within(entry, senders)]
        if beyond or statement.has("NotAction"):
            yield Finding(
                condition.at,
                f"only some services send `{condition.key}`",
                on_key=True,
                help="name actions of services that send it",
                related=tuple(Related(entry.at, "not every service here sends it") for entry in beyond),
                aws=() if condition.key_lower == "aws:sourcevpcarn" else AWS,
            )


def _asks_presence(key: str, statement: Statement) -> bool:
    """Whether the statement is only for requests that have the key."""
    return any(condition.key_lower == key and _is_present(condition) for condition in statement.conditions)


def _is_present(condition: Condition) -> bool:
    return condition.operator.name == "Null" and all(value.text.lower() == "false" for value in condition.values)


def _is_of_sender(context: Context, senders: frozenset[str]) -> bool:
    policy = context.policy
    return policy.kind is PolicyKind.RESOURCE and (policy.service or "") in senders


def _is_within(entry: Pattern, senders: frozenset[str]) -> bool:
    # Of IAM's actions iam:PassRole is the only one without the keys.
    return entry.key.partition(":")[0] in senders and entry.key != "iam:passrole"
