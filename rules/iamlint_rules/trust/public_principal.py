import re
from collections.abc import Iterator

from iamlint.rule import (
    Condition,
    Confidence,
    Context,
    Finding,
    Fix,
    Pattern,
    Policy,
    PolicyKind,
    PrincipalEntry,
    Related,
    Severity,
    Statement,
    is_placeholder,
    rename,
    rule,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BESIDES = _words(
    "aws:ec2instancesourcevpc codebuild:projectarn ec2:sourceinstancearn elasticfilesystem:accesspointarn "
    "lambda:sourcefunctionarn sns:endpoint vpc-lattice-svcs:sourcevpc vpc-lattice-svcs:sourcevpcowneraccount"
)
"""Keys by which callers, or where their data goes, are named as well, and which AWS's definition of public lacks.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
https://docs.aws.amazon.com/sns/latest/dg/sns-using-identity-based-policies.html#sns-policy-keys
https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html
"""

NAMING = _words(
    "aws:principalaccount aws:principalarn aws:principalorgid aws:principalorgpaths aws:sourceaccount aws:sourcearn "
    "aws:sourceip aws:sourceorgid aws:sourceorgpaths aws:sourceowner aws:sourcevpc aws:sourcevpcarn aws:sourcevpce "
    "aws:userid aws:vpceaccount aws:vpceorgid aws:vpceorgpaths kms:calleraccount s3:dataaccesspointaccount "
    "s3:dataaccesspointarn"
)
"""Keys by which AWS's definition takes callers for named.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
"""

SENSITIVE = _words(
    "aws:principalaccount aws:resourceaccount aws:sourceaccount aws:vpceaccount aws:principalorgid aws:resourceorgid "
    "aws:sourceorgid aws:vpceorgid aws:sourcevpc aws:sourcevpce"
)
"""Keys of which other rules tell, at the value, that a wildcard or variable lets in strangers.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sensitive
"""

OFTEN_MEANT = _words(
    "s3:getobject s3:getobjectversion execute-api:invoke lambda:invokefunctionurl lambda:getlayerversion "
    "serverlessrepo:createcloudformationtemplate serverlessrepo:getapplication"
)
"""What websites, public APIs and published packages grant on purpose; and, through a function's URL, its invocation.

https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
"""

TAKEOVER = _words(
    "s3:PutBucketAcl s3:PutLifecycleConfiguration s3:PutReplicationConfiguration s3:DeleteBucket "
    "kms:CreateGrant sns:AddPermission sns:SetTopicAttributes ecr:SetRepositoryPolicy ecr:DeleteRepository "
    "secretsmanager:PutResourcePolicy secretsmanager:DeleteSecret lambda:UpdateFunctionCode lambda:DeleteFunction "
    "elasticfilesystem:PutFileSystemPolicy elasticfilesystem:DeleteFileSystem es:UpdateDomainConfig es:DeleteDomain "
    "glacier:SetVaultAccessPolicy backup:PutBackupVaultAccessPolicy events:PutRule events:DeleteRule "
    "codeartifact:PutRepositoryPermissionsPolicy codeartifact:PutDomainPermissionsPolicy dynamodb:PutResourcePolicy "
    "dynamodb:DeleteTable kinesis:PutResourcePolicy kinesis:DeleteStream glue:PutResourcePolicy kafka:DeleteCluster "
    "ses:PutIdentityPolicy"
)
"""What gives a resource away or ends it: by a policy, an access list, a grant, a rule, new code.

Not here: what the service takes from nobody but the owner, as `s3:PutBucketPolicy`, `kms:PutKeyPolicy` and
`sqs:SetQueueAttributes` are.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
"""

TELLING = (
    "s3:GetObject",
    "s3:PutObject",
    "sqs:ReceiveMessage",
    "sqs:SendMessage",
    "sns:Subscribe",
    "kms:Decrypt",
    "secretsmanager:GetSecretValue",
    "ecr:BatchGetImage",
    "lambda:InvokeFunction",
    "elasticfilesystem:ClientMount",
    "es:ESHttpGet",
    "dynamodb:GetItem",
    "backup:CopyIntoBackupVault",
    "glue:GetTable",
    "events:PutEvents",
    "glacier:GetJobOutput",
    "codeartifact:ReadFromRepository",
)
"""What tells most, if it is among what strangers may do."""

_INSIDE = (Pattern("arn:*:s3:::*/*"), Pattern("arn:*:es:*:*:domain/*/*"))


@rule(
    "IAM501",
    on=Statement,
    severity=Severity.CRITICAL,
    kinds=(PolicyKind.TRUST, PolicyKind.RESOURCE),
    needs=("Allow", "Principal"),
)
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

    Whether a stranger gets in is proved, by AWS's definition of *public* and
    with all that the policy denies; the finding tells a request that passes.

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

    A caller without an organization has no `aws:PrincipalOrgID` to compare.

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": "*",
                     ^^^ anyone can do this
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
                                                                     -------------- holds for callers that nobody named
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
      }
    }
    ```

    Worse are actions that give the resource away: by an access list, a grant,
    a policy, new code.

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
                             ^^^ anyone can take this over
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::amzn-s3-demo-bucket", "arn:aws:s3:::amzn-s3-demo-bucket/*"],
        "Condition": {"Null": {"aws:PrincipalOrgID": "false"}}
                                                     ------- holds for callers that nobody named
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
    anyone = next((entry for entry in statement.principals if entry.is_anyone), None)
    if anyone is None or any(map(_names_callers, statement.conditions)):
        return
    if any(map(_is_unfilled, context.policy.statements)) or any(_is_loose(c, context) for c in statement.conditions):
        return
    stranger = context.exposure(statement)
    if stranger is not None:
        telling = [name for name in TELLING if statement.applies_to_action(name)]
        yield _finding(anyone, statement, context, (telling and context.exposure(statement, telling)) or stranger)


def _finding(entry: PrincipalEntry, statement: Statement, context: Context, stranger: str) -> Finding:
    role = context.policy.kind is PolicyKind.TRUST
    severity, message, help_ = _weight(statement, context, role=role)
    weak = statement.conditions
    why = "`*` is every AWS account" if role else "`*` is every AWS account, and callers without one"
    why = f"{why}; no condition names the callers" if weak else why
    is_sure = bool(stranger) and all(each.key_lower.startswith("aws:") for each in weak)
    return Finding(
        entry.at,
        message,
        why=f"{why}; for example, {stranger}" if stranger else why,
        help=help_,
        severity=severity,
        confidence=_confidence(context.policy, is_sure=is_sure),
        related=tuple(Related(each.at, "holds for callers that nobody named") for each in weak),
        fix=next((fix for each in weak if (fix := _fix(each, statement))), None),
    )


def _fix(condition: Condition, statement: Statement) -> Fix | None:
    """That a key by which callers are named must be there."""
    operator = condition.operator
    plain = operator.text[: -len("IfExists")]
    is_meant = operator.if_exists and not operator.is_negated and condition.key_lower in NAMING
    if not is_meant or not statement.can_rename(condition, plain):
        return None
    return Fix.tightening(f"Compare with `{plain}`", rename(condition.operator_at, plain))


def _confidence(policy: Policy, *, is_sure: bool) -> Confidence:
    """How sure it is: a policy of several buckets is no bucket's, and likely that of an endpoint."""
    buckets = {
        resource.text.split(":")[5].partition("/")[0]
        for statement in policy.statements
        for resource in statement.resources
        if resource.text.startswith("arn:aws:s3:::")
    }
    if len(buckets) > 1 and not policy.is_attached:
        return Confidence.LOW
    return Confidence.HIGH if is_sure else Confidence.MEDIUM


def _weight(statement: Statement, context: Context, *, role: bool) -> tuple[Severity, str, str]:
    if role:
        severity = Severity.HIGH if "sts:externalid" in statement.condition_keys() else Severity.CRITICAL
        help_ = "name the accounts or roles that may assume it"
        return severity, "anyone with an AWS account can assume this role", help_
    keys = statement.condition_keys()
    meant = OFTEN_MEANT | {"lambda:invokefunction"} if "lambda:invokedviafunctionurl" in keys else OFTEN_MEANT
    if statement.actions and all(action.key in meant for action in statement.actions) and keys.isdisjoint(NAMING):
        help_ = "if it is not meant for everyone, as a website is, name the principals"
        return Severity.MEDIUM, "anyone can do this", help_
    help_ = "name the principals, or add a condition on `aws:PrincipalOrgID` or `aws:SourceAccount`"
    takeover = _takeover(statement, context)
    if takeover and context.exposure(statement, takeover):
        return Severity.CRITICAL, "anyone can take this over", help_
    return Severity.HIGH, "anyone can do this", help_


def _takeover(statement: Statement, context: Context) -> list[str]:
    """What of the statement gives the resource away; what is done to objects in a bucket or domain does not."""
    services = {action.key.partition(":")[0] for action in statement.actions} - {"*"} or {context.policy.service or ""}
    inside = bool(statement.resources) and all(any(one <= other for other in _INSIDE) for one in statement.resources)
    near = () if inside else sorted(name for name in TAKEOVER if name.partition(":")[0] in services)
    return [name for name in near if statement.applies_to_action(name)]


def _names_callers(condition: Condition) -> bool:
    """Whether a condition names the callers: plainly, in a way that the engine does not know, or once it is filled in."""
    operator, key = condition.operator, condition.key_lower
    if operator.is_negated or operator.name == "Null" or condition.holds_when_absent:
        return False
    texts = [value.text for value in condition.values]
    if key in NAMING or is_placeholder(key):
        is_plain = operator.name == "StringEquals" and all(text and "$" not in text for text in texts)
        return (is_plain and bool(texts)) or any(map(is_placeholder, (key, *texts)))
    return key in BESIDES and all(len(max(re.split(r"[*?]", text), key=len)) >= 6 for text in texts)


def _is_loose(condition: Condition, context: Context) -> bool:
    """Whether another rule tells that the condition that was to name the callers does not."""
    if condition.key_lower not in SENSITIVE or condition.operator.text not in ("StringEquals", "StringLike"):
        return False
    texts = [value.text for value in condition.values]
    is_like = condition.operator.name == "StringLike" and any("*" in text or "?" in text for text in texts)
    return is_like or (context.policy.has_variables and any("${" in text for text in texts))


def _is_unfilled(statement: Statement) -> bool:
    """Whether a Deny fences off strangers once its condition is filled in, for all that is known."""
    values = (value.text for condition in statement.conditions for value in condition.values)
    return statement.denies and any(map(is_placeholder, values))
