import re
from collections.abc import Iterator

from iamlint.rule import (
    Catalog,
    Condition,
    ConditionValue,
    Confidence,
    Context,
    Finding,
    Fix,
    Pointer,
    PolicyKind,
    Severity,
    Statement,
    is_computed,
    replace,
    rule,
)

# The endings of service principals in all partitions:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
# https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json
_ENDING = re.compile(
    r"[\w.-]+\.(amazonaws\.com(\.cn)?|amazonaws\.eu|aws\.internal|c2s\.ic\.gov|sc2s\.sgov\.gov|csp\.hci\.ic\.gov"
    r"|cloud\.adc-e\.uk)"
)
_WILDCARD = re.compile(r"[*?]")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Those people write most, as a measure for slips.
COMMON = _words(
    "apigateway application-autoscaling autoscaling backup batch bedrock cloudformation cloudfront cloudtrail codebuild "
    "codedeploy codepipeline config delivery.logs dms ec2 ecs ecs-tasks edgelambda eks elasticbeanstalk "
    "elasticloadbalancing elasticmapreduce events firehose glue guardduty iot kinesis kms lambda logs monitoring pipes rds "
    "redshift s3 sagemaker scheduler secretsmanager ses sns spotfleet sqs ssm states transfer vmie vpc-flow-logs"
)

# Keys whose values AWS compares with a format, and the format, as far as observed:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
_UNLESS = ", unless the service documents this one, as EMR Serverless does"
_ONE_LABEL = re.compile(r"[a-z0-9-]+\.(amazonaws\.com(\.cn)?|amazon\.com)")
_ANY_LABELS = re.compile(r"[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|amazon\.com)")
_WITH_REGION = re.compile(r"[a-z0-9.-]+\.[a-z]{2}(-[a-z]+)+-\d\.amazonaws\.com(\.cn)?")
KEYS = {
    "aws:calledvia": _ONE_LABEL,
    "aws:calledviafirst": _ONE_LABEL,
    "aws:calledvialast": _ONE_LABEL,
    "aws:principalservicename": _ANY_LABELS,
    "aws:principalservicenameslist": _ANY_LABELS,
    "iam:awsservicename": _ANY_LABELS,
    "iam:passedtoservice": _ANY_LABELS,
    "kms:viaservice": _WITH_REGION,
    "organizations:serviceprincipal": _ANY_LABELS,
}


@rule("IAM513", on=Statement, severity=Severity.HIGH, aws="INVALID_SERVICE_PRINCIPAL_FORMAT")
def invalid_service_principal(statement: Statement, context: Context) -> Iterator[Finding]:
    """Service principal is not written as services are.

    ## Why it matters

    AWS services are called `name.amazonaws.com`, in lower case, in the China
    partition sometimes `name.amazonaws.com.cn`. AWS rejects a principal that
    is not; a condition value that is not never matches.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {
          "Service": [
            "ec2.amazon.com",
            ^^^^^^^^^^^^^^^^ `ec2.amazon.com` is not an AWS service
            "lambda.amazonaws.co",
            ^^^^^^^^^^^^^^^^^^^^^ `lambda.amazonaws.co` is not an AWS service
            "ecs-task.amazonaws.com"
            ^^^^^^^^^^^^^^^^^^^^^^^^ `ecs-task.amazonaws.com` is not an AWS service
          ]
        },
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {
          "Service": [
            "ec2.amazonaws.com",
            "lambda.amazonaws.com",
            "ecs-tasks.amazonaws.com"
          ]
        },
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": "arn:aws:iam::111122223333:role/reader",
        "Condition": {"StringEquals": {"iam:PassedToService": "ec2"}}
                                                              ^^^^^ `ec2` is not how `iam:PassedToService` names a service
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "kms:Decrypt",
        "Resource": "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "Condition": {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": ["ec2.amazonaws.com.cn", "codedeploy.us-east-1.amazonaws.com"]},
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ## References

    - [AWS service principals](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services)
    - [Access Analyzer: invalid service principal format](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    if context.policy.kind in (PolicyKind.TRUST, PolicyKind.RESOURCE):
        for entry in (*statement.principals, *statement.not_principals):
            if entry.type == "Service" and not _is_open(entry.value):
                yield from _principal(entry.at, entry.value, context.catalog)
    if "Condition" not in statement.raw or statement.condition_keys().isdisjoint(KEYS):
        return
    for condition in statement.conditions:
        if condition.operator.name in ("StringEquals", "StringNotEquals", "StringLike", "StringNotLike"):
            yield from (_value(condition, each) for each in condition.values if not _fits(condition, each))


def _principal(at: Pointer, value: str, catalog: Catalog) -> Iterator[Finding]:
    label = value.partition(".")[0].lower()
    well_formed = _ENDING.fullmatch(value) or (value.endswith(".amazon.com") and not _is_service(label, catalog))
    if well_formed and (value.count(".") != 2 or _is_service(label, catalog)):
        return
    meant = label if _is_service(label, catalog) else _nearest(label)
    if well_formed and meant is None:
        return
    right = f"{meant}.amazonaws.com" if meant else None
    yield Finding(
        at,
        f"`{value}` is not an AWS service",
        why="AWS rejects it",
        help=f"did you mean `{right}`?" if right else "services are called `name.amazonaws.com`",
        confidence=Confidence.MEDIUM if well_formed else Confidence.HIGH,
        fix=Fix.risky(f"Write `{right}`", replace(at, right)) if right else None,
        aws=(),
    )


def _nearest(label: str) -> str | None:
    from difflib import get_close_matches  # noqa: PLC0415 - only a wrong name needs it

    return next(iter(get_close_matches(label, COMMON, n=1, cutoff=0.85)), None)


def _is_service(label: str, catalog: Catalog) -> bool:
    return label in COMMON or catalog.service(label) is not None


def _fits(condition: Condition, value: ConditionValue) -> bool:
    wanted = KEYS.get(condition.key_lower)
    return wanted is None or _is_open(value.text) or wanted.fullmatch(value.text) is not None


def _is_open(text: str) -> bool:
    """Whether it may stand for several names."""
    return is_computed(text) or _WILDCARD.search(text) is not None


def _value(condition: Condition, value: ConditionValue) -> Finding:
    regional = KEYS[condition.key_lower] is _WITH_REGION
    deep = condition.key_lower.startswith("aws:calledvia") and _ANY_LABELS.fullmatch(value.text)
    return Finding(
        value.at,
        f"`{value}` is not how `{condition.key}` names {'most services' if deep else 'a service'}",
        why="Access Analyzer expects one name before `.amazonaws.com`" if deep else "no request has such a value",
        help=f"write `{'service.region' if regional else 'service'}.amazonaws.com`{_UNLESS if deep else ''}",
        confidence=Confidence.LOW if deep else Confidence.HIGH,
        severity=Severity.LOW if deep else Severity.HIGH,
    )
