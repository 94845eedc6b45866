from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, PolicyKind, PrincipalEntry, Severity, Statement, rule

SOURCE = frozenset(("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"))

# What stands in for the source in AWS's own policies:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
# https://docs.aws.amazon.com/alexa/custom-skills/host-a-custom-skill-as-an-aws-lambda-function.html
# https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
INSTEAD = ("kms:encryptioncontext:", "lambda:eventsourcetoken", "kms:calleraccount", "aws:sourceowner")

# They act for the account's own instances and functions, and send no source.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html
# https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-cross-account.html
WITHOUT = ("ec2.amazonaws.com", "edgelambda.amazonaws.com", "replicator.lambda.amazonaws.com", "ram.amazonaws.com")

# Their guides show them without a source, and do not say that they send one.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
# https://docs.aws.amazon.com/msk/latest/developerguide/msk-password-tutorial.html
# https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
UNSURE = ("logdelivery.elasticloadbalancing.amazonaws.com", "kafka.amazonaws.com", "firehose.amazonaws.com")

# The policy that EventBridge's console writes, for what has no source in each of its calls:
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-cloudwatchlogs-permissions
EVENTS, TO_LOGS = "events.amazonaws.com", ("logs:createlogstream", "logs:putlogevents")

# What CloudTrail's console lets the service ask of a key, without a source.
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/default-kms-key-policy.html
HARMLESS = ("kms:describekey",)

# With a condition on these, no service is let in at all.
NEVER = ("aws:principalorg", "aws:multifactorauth")


@rule(
    "IAM518",
    on=Statement,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    kinds=(PolicyKind.RESOURCE,),
    needs=("Allow", "Principal"),
    aws=("RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", "RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL"),
)
def service_without_source(statement: Statement, _: Context) -> Iterator[Finding]:
    """Service is let in for whomever it acts.

    ## Why it matters

    An AWS service works for all customers. A policy that lets in
    `cloudtrail.amazonaws.com` lets in everybody's trails: a stranger can point
    one at your bucket, and the service, the confused deputy, writes there with
    your permission. The service says for whom it acts; compare that.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^ `cloudtrail.amazonaws.com` is let in for any customer of AWS
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/AWSLogs/111122223333/*"
      }
    }
    ```

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "ses.amazonaws.com"},
                                 ^^^^^^^^^^^^^^^^^^^ `ses.amazonaws.com` is let in for any customer of AWS
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/mail/*",
        "Condition": {"StringEquals": {"aws:Referer": "111122223333"}}
      }
    }
    ```

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/AWSLogs/111122223333/*",
        "Condition": {
          "StringEquals": {
            "s3:x-amz-acl": "bucket-owner-full-control",
            "aws:SourceArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/main"
          }
        }
      }
    }
    ```

    ## References

    - [The confused deputy problem: cross-service](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html)
    - [Access Analyzer: restrict access to service principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    keys = statement.condition_keys()
    if keys & SOURCE or any(key.startswith(INSTEAD) for key in keys):
        return
    if any(each.key_lower.startswith(NEVER) and not each.holds_when_absent for each in statement.conditions):
        return
    names, actions = {entry.value for entry in statement.principals}, {action.key for action in statement.actions}
    doubtful = (EVENTS in names and actions <= set(TO_LOGS)) or (actions and actions <= set(HARMLESS))
    for entry in statement.principals:
        is_named = entry.type == "Service" and "*" not in entry.value  # no pattern is accepted, as another rule says
        if is_named and entry.value not in WITHOUT and not entry.value.endswith(".amazon.com"):
            yield _finding(entry, weakly=bool(keys), unsure=bool(doubtful) or entry.value in UNSURE)


def _finding(entry: PrincipalEntry, *, weakly: bool, unsure: bool) -> Finding:
    doubt = "; its guide does not tell whether it always sends them, so try it" if unsure else ""
    return Finding(
        entry.at,
        f"`{entry}` is let in for any customer of AWS",
        why="no condition says for which account or resource it may act",
        help=f"add a condition on `aws:SourceAccount` or `aws:SourceArn`{doubt}",
        severity=Severity.LOW if weakly or unsure else None,
        confidence=Confidence.LOW if unsure else None,
        aws=("RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL" if weakly else "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL",),
    )
