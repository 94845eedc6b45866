import re
from collections.abc import Iterator

from iamlint.rule import (
    Arn,
    Condition,
    Confidence,
    Context,
    Finding,
    Policy,
    PolicyKind,
    PrincipalEntry,
    Related,
    Severity,
    Statement,
    is_placeholder,
    rule,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What makes a policy non-public, from
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
# https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
NAMES = _words(
    "aws:principalaccount aws:principalorgid aws:principalorgpaths aws:sourceaccount aws:sourceowner aws:sourceorgid "
    "aws:sourceorgpaths aws:sourcevpc aws:sourcevpce aws:vpceaccount aws:vpceorgid aws:vpceorgpaths aws:userid "
    "aws:ec2instancesourcevpc aws:principalisawsservice aws:principalservicename aws:principalservicenameslist "
    "kms:calleraccount s3:dataaccesspointaccount s3:x-amz-server-side-encryption-aws-kms-key-id sns:endpoint "
    "lambda:eventsourcetoken elasticfilesystem:accessedviamounttarget vpc-lattice-svcs:sourcevpc "
    "vpc-lattice-svcs:sourcevpcowneraccount"
)
"""Keys whose value tells an account, an organization, a network or a service."""

ARNS = _words(
    "aws:principalarn aws:sourcearn aws:sourcevpcarn aws:federatedprovider s3:dataaccesspointarn "
    "lambda:sourcefunctionarn ec2:sourceinstancearn codebuild:projectarn elasticfilesystem:accesspointarn"
)
"""Keys whose value is the ARN of the caller, or of what it calls for."""

OFTEN_MEANT = _words(
    "s3:getobject s3:getobjectversion execute-api:invoke lambda:invokefunctionurl lambda:getlayerversion "
    "serverlessrepo:createcloudformationtemplate serverlessrepo:getapplication"
)
"""What websites, public APIs and published packages grant on purpose."""

_VARIABLE = re.compile(r"\$\{[a-z0-9-]+:(?!:)")


@rule("IAM501", on=Statement, severity=Severity.CRITICAL, kinds=(PolicyKind.TRUST, PolicyKind.RESOURCE))
def public_principal(statement: Statement, context: Context) -> Iterator[Finding]:
    """Anyone at all is let in.

    ## Why it matters

    The principal `*` is not "anyone of mine": it is every user and role of
    every AWS account, and for many services callers without an account. In a
    trust policy the whole role is theirs. Scanners find such resources within
    hours.

    A condition helps only if it holds for no one but callers you name: an
    account, an organization, a network, an ARN. One that may be absent
    (`…IfExists`, `ForAllValues:`), that excludes (`StringNotEquals`), that
    matches everything (`o-*`, `0.0.0.0/0`), or that anyone can fulfil
    (`aws:SecureTransport`, `aws:Referer`, `aws:PrincipalTag`) does not.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
                             ^^^ anyone with an AWS account can assume this role
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ```json bad resource:sqs
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": "*",
                     ^^^ anyone can do this
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:us-east-1:111122223333:orders",
        "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}}
      }
    }
    ```

    The files of a website may be meant for everyone; that is reported, but
    weighs less.

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": "*",
                     ^^^ anyone can do this
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    A condition that names the callers is fine, and so is another statement
    that denies everyone else.

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
      }
    }
    ```

    ```json good resource:execute-api
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Deny",
          "Principal": "*",
          "Action": "execute-api:Invoke",
          "Resource": "execute-api:/*",
          "Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-1a2b3c4d"}}
        },
        {
          "Effect": "Allow",
          "Principal": "*",
          "Action": "execute-api:Invoke",
          "Resource": "execute-api:/*"
        }
      ]
    }
    ```

    ## References

    - [AWS JSON policy elements: Principal, all principals](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous)
    - [The meaning of "public"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status)
    """
    anyone = [entry for entry in statement.principals if entry.is_anyone]
    if not anyone or not statement.allows or any(_names_callers(each) for each in statement.conditions):
        return
    if not any(_shuts_out(other, statement) for other in context.policy.statements):
        yield _finding(anyone[0], statement, context.policy)


def _finding(entry: PrincipalEntry, statement: Statement, policy: Policy) -> Finding:
    role = policy.kind is PolicyKind.TRUST
    severity, help_ = _weight(statement, role=role)
    weak = statement.conditions
    why = "`*` is every AWS account" if role else "`*` is every AWS account, and callers without one"
    return Finding(
        entry.at,
        "anyone with an AWS account can assume this role" if role else "anyone can do this",
        why=f"{why}; no condition names the callers" if weak else why,
        help=help_,
        severity=severity,
        confidence=Confidence.HIGH if all(_is_judged(each) for each in weak) else Confidence.MEDIUM,
        related=tuple(Related(each.at, "holds for callers that nobody named") for each in weak),
    )


def _weight(statement: Statement, *, role: bool) -> tuple[Severity, str]:
    if role:
        secret = "sts:externalid" in statement.condition_keys()
        return Severity.HIGH if secret else Severity.CRITICAL, "name the accounts or roles that may assume it"
    if statement.actions and all(action.text.lower() in OFTEN_MEANT for action in statement.actions):
        return Severity.MEDIUM, "if it is not meant for everyone, as a website is, name the principals"
    return Severity.HIGH, "name the principals, or add a condition on `aws:PrincipalOrgID` or `aws:SourceAccount`"


def _is_judged(condition: Condition) -> bool:
    """Whether the condition's key is one that we know, and so know to be of no help."""
    return condition.key_lower in NAMES | ARNS or condition.key_lower.startswith("aws:")


def _names_callers(condition: Condition, *, negated: bool = False) -> bool:
    """Whether the condition holds for named callers only; `negated`: whether it holds for all the others."""
    operator = condition.operator
    evaded = operator.qualifier == "ForAnyValue" if negated else condition.holds_when_absent
    if operator.name == "Null" or operator.is_negated != negated or evaded or not condition.values:
        return False
    literal = operator.name.startswith("StringEquals") or operator.name.startswith("StringNotEquals")
    return all(_is_name(condition.key_lower, value.text, literal=literal) for value in condition.values)


def _is_name(key: str, text: str, *, literal: bool) -> bool:
    if key not in NAMES | ARNS | {"aws:sourceip"}:
        return False
    if _VARIABLE.search(text):
        return text.startswith("${aws:Resource")
    if is_placeholder(text):
        return True
    if key == "aws:sourceip":
        return _is_narrow_range(text)
    if literal or not ("*" in text or "?" in text):
        return bool(text)
    if key in ARNS:
        return _is_known_arn(text)
    rest = re.split(r"[*?]", text)[-1 if key == "sns:endpoint" else 0]
    return len(re.sub(r"^(o|vpce?)-", "", rest)) >= 6


def _is_known_arn(text: str) -> bool:
    """Whether a pattern of ARNs stays within an account, or within buckets, whose names only one account can have."""
    arn = Arn.parse(text)
    if arn is None:
        return re.match(r"arn:[^:]*:[^:]*:[^:]*:\d{12}", text) is not None
    if re.search(r"[*?]", arn.account) or not arn.account:
        return arn.service == "s3" and len(re.split(r"[*?]", arn.resource)[0]) >= 3
    return True


def _is_narrow_range(text: str) -> bool:
    """Whether S3 would not call a policy public that lets in these addresses; what is no range is others' to report."""
    from ipaddress import ip_network  # noqa: PLC0415 - rarely needed

    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return True
    return network.prefixlen >= (8 if network.version == 4 else 32)


def _shuts_out(deny: Statement, allow: Statement) -> bool:
    """Whether a Deny leaves of the allowed callers only those it names."""
    if not deny.denies or not _covers(deny, allow):
        return False
    if deny.not_principals:
        return not any(entry.is_anyone for entry in deny.not_principals)
    return any(entry.is_anyone for entry in deny.principals) and all(_exempts_named(each) for each in deny.conditions)


def _covers(deny: Statement, allow: Statement) -> bool:
    actions = allow.actions and all(any(one <= other for other in deny.actions) for one in allow.actions)
    return bool(actions) and all(any(one <= other for other in deny.resources) for one in allow.resources)


def _exempts_named(condition: Condition) -> bool:
    by_aws = condition.key_lower in ("aws:principalisawsservice", "aws:viaawsservice")
    return by_aws or _names_callers(condition, negated=True)
