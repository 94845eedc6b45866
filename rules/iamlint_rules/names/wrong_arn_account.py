import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from iamlint.rule import (
    Catalog,
    Confidence,
    Context,
    Finding,
    Fix,
    Pattern,
    Severity,
    Statement,
    arn_fields,
    replace,
    rule,
)

# Owners that are no account, in AWS's managed policies and in the ARN formats of
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_OWNERS = ("aws", "aws-managed", "aws-marketplace", "amazon", "cloudfront", "third-party", "self", "offering")
# Where AWS's own resources have the documented ARN without an account, as observed in AWS's managed policies.
_OF_AWS = ("ssm", "resource-explorer-2", "kms", "ec2", "imagebuilder", "inspector", "config", "securityhub", "bedrock")
# Where every documented ARN with this service has an account, and AWS has no resources of its own.
_OF_ACCOUNTS = ("dynamodb", "ecr", "ecs", "iam", "kinesis", "lambda", "logs", "secretsmanager", "sns", "sqs", "states")


@rule(
    "IAM107",
    on=Statement,
    severity=Severity.HIGH,
    needs="ARN",
    aws=("INVALID_ARN_ACCOUNT", "ARN_ACCOUNT_NOT_ALLOWED", "MISSING_ARN_ACCOUNT"),
    parliament=("INVALID_ARN", "RESOURCE_MISMATCH"),
)
def wrong_arn_account(statement: Statement, context: Context) -> Iterator[Finding]:
    """Account of an ARN is no account id, is missing, or is one too many.

    ## Why it matters

    The ARN names nothing that exists, so the statement does nothing for it.
    An account is twelve digits. ARNs of S3 buckets, of API Gateway and of a
    few others have none, as their names are unique without it.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "lambda:InvokeFunction",
        "Resource": [
          "arn:aws:lambda:us-east-1:12345:function:resize",
                                    ^^^^^ `12345` is no account id: it has 5 digits, not 12
          "arn:aws:lambda:us-east-1:1111-2222-3333:function:resize"
                                    ^^^^^^^^^^^^^^ an account id is written without hyphens
        ]
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3::111122223333:amzn-s3-demo-bucket/*"
                                 ^^^^^^^^^^^^ ARNs of this kind have no account
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:us-east-1::orders"
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ARNs of this kind need an account
      }
    }
    ```

    What belongs to AWS has `aws` there, or nothing.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["iam:GetPolicy", "ssm:GetDocument", "sqs:SendMessage"],
        "Resource": [
          "arn:aws:iam::aws:policy/ReadOnlyAccess",
          "arn:aws:ssm:*::document/AWS-RunShellScript",
          "arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:orders"
        ]
      }
    }
    ```

    ## References

    - [Amazon Resource Names](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
    - [Access Analyzer: invalid ARN account, ARN account not allowed, missing ARN account](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for resource in (*statement.resources, *statement.not_resources):
        make = _fault(resource.text, context.catalog)
        arn = arn_fields(resource.text) if make else None
        if make and arn:
            yield make(resource, arn)


@lru_cache(maxsize=16384)
def _fault(text: str, catalog: Catalog) -> Callable[[Pattern, re.Match[str]], Finding] | None:
    """What makes the finding on a resource, if there is one."""
    arn = arn_fields(text)
    account = arn["account"] if arn else "*"
    if arn is None or "*" in account or "?" in account or "$" in account:
        return None
    wanted = _wanted(arn, catalog)
    if not account and wanted and "" not in wanted and arn["service"] not in _OF_AWS:
        return _missing
    if account and wanted == {""}:
        return _superfluous
    is_known = account in (*wanted, *_OWNERS) or re.fullmatch(r"\d{12}", account)
    return _invalid if account and not is_known else None


def _wanted(arn: re.Match[str], catalog: Catalog) -> frozenset[str]:
    """What the documented ARNs have in this field, of those whose last field the resource may be."""
    return frozenset(each.account for each in catalog.documented_arns(arn["service"], arn["resource"]))


def _missing(resource: Pattern, arn: re.Match[str]) -> Finding:
    return Finding(
        resource.at,
        "ARNs of this kind need an account",
        help="write the account id, or `*`",
        confidence=Confidence.MEDIUM if arn["service"] in _OF_ACCOUNTS else Confidence.LOW,
        aws=("MISSING_ARN_ACCOUNT",),
    )


def _superfluous(resource: Pattern, arn: re.Match[str]) -> Finding:
    fix = Fix.risky("Remove the account", replace(resource.at, _with(arn, "")))
    aws = ("ARN_ACCOUNT_NOT_ALLOWED",)
    return Finding(resource.at, "ARNs of this kind have no account", part=arn.span("account"), fix=fix, aws=aws)


def _invalid(resource: Pattern, arn: re.Match[str]) -> Finding:
    account, aws = arn["account"], ("INVALID_ARN_ACCOUNT",)
    digits = account.replace("-", "")
    if digits.isdigit() and len(digits) == 12:
        fix = Fix.risky("Remove the hyphens", replace(resource.at, _with(arn, digits)))
        message = "an account id is written without hyphens"
        return Finding(resource.at, message, part=arn.span("account"), fix=fix, aws=aws)
    reason = f": it has {len(digits)} digits, not 12" if digits.isdigit() else ""
    return Finding(resource.at, f"`{account}` is no account id{reason}", part=arn.span("account"), aws=aws)


def _with(arn: re.Match[str], account: str) -> str:
    start, end = arn.span("account")
    return arn.string[:start] + account + arn.string[end:]
