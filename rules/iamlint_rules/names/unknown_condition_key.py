import re
from collections.abc import Iterator

from iamlint.rule import (
    Catalog,
    Condition,
    Confidence,
    Context,
    Finding,
    Fix,
    Severity,
    Statement,
    rename,
    rule,
)

_KEY = re.compile(r"([\w-]+):([^\s${}<>%#]+)")
_OF_TOKENS = ("saml", "cognito-identity-auth", "cognito-identity-unauth")
"""Prefixes of what federation puts in a session, beside those of hosts, which have a dot:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html"""
_ELSEWHERE = ("aws:arn", "aws:sourceowner", "aws:principalorgmasteraccountid")
"""The subject of `deprecated-condition-key`."""
_OF_DEVICES = ("iot:clientid", "iot:certificate", "iot:connection.thing.", "credentials-iot:")
"""What the keys begin with that devices bring to AWS IoT policies, and to the roles they borrow credentials from:
https://docs.aws.amazon.com/iot/latest/developerguide/iot-policy-variables.html
https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html"""
_TAGS = ("requesttag", "resourcetag", "principaltag")


@rule(
    "IAM112",
    on=Statement,
    severity=Severity.HIGH,
    needs="Condition",
    aws=("INVALID_GLOBAL_CONDITION_KEY", "INVALID_SERVICE_CONDITION_KEY", "INVALID_SERVICE"),
    parliament="UNKNOWN_CONDITION_FOR_ACTION",
)
def unknown_condition_key(statement: Statement, context: Context) -> Iterator[Finding]:
    """Condition key does not exist.

    ## Why it matters

    No request carries the key. A plain condition on it is never true: an Allow
    grants nothing, a Deny protects nothing. A negated one, or one with
    `IfExists`, is always true, and limits nothing.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket",
        "Condition": {
          "StringEquals": {"s3:prefx": "reports/"},
                           ^^^^^^^^^^ AWS has no condition key `s3:prefx`
          "Bool": {"aws:SecureTransprt": "true"}
                   ^^^^^^^^^^^^^^^^^^^^ AWS has no condition key `aws:SecureTransprt`
        }
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket",
        "Condition": {
          "StringEquals": {"s3:prefix": "reports/"},
          "Bool": {"aws:SecureTransport": "true"}
        }
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"StringEquals": {"notaservice:team": "reports"}}
                                       ^^^^^^^^^^^^^^^^^^ AWS has no service `notaservice`
      }
    }
    ```

    Letter case makes no difference; tag keys are free, and so are the claims
    of identity providers.

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/idp.example.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
          "StringEquals": {"idp.example.com:sub": "reports", "AWS:RequestTag/Team": "reports"}
        }
      }
    }
    ```

    ## References

    - [AWS global condition context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    - [Actions, resources and condition keys for AWS services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    - [Access Analyzer: invalid global condition key, invalid service condition key, invalid service](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for condition in statement.conditions:
        if context.catalog.condition_key(condition.key):
            continue
        key = _KEY.fullmatch(condition.key)
        if (
            key
            and not _is_known(condition, key[1].lower(), key[2].lower(), context)
            and not _is_host(key[1], statement)
        ):
            yield _finding(condition, key[1], context.catalog)


def _is_known(condition: Condition, prefix: str, name: str, context: Context) -> bool:
    if condition.key_lower in _ELSEWHERE:
        return True
    # A tag key without its tag is another fault, which Access Analyzer calls MISSING_TAG_KEY_IN_CONDITION.
    if prefix in _OF_TOKENS or condition.key_lower.startswith(_OF_DEVICES) or name.rstrip("/") in _TAGS:
        return True
    if prefix == "aws" or context.catalog.service(prefix):
        return False
    return context.catalog.is_retired_service(prefix)


def _is_host(prefix: str, statement: Statement) -> bool:
    """Whether it is a provider of the statement's own, with a name of one word."""
    return any(each.type == "Federated" and each.value.endswith(f"/{prefix}") for each in statement.principals)


def _finding(condition: Condition, prefix: str, catalog: Catalog) -> Finding:
    has_service = prefix.lower() == "aws" or catalog.service(prefix)
    near = [key for key in catalog.nearest_condition_keys(condition.key) if "${" not in key and "<" not in key]
    code = "INVALID_GLOBAL_CONDITION_KEY" if prefix.lower() == "aws" else "INVALID_SERVICE_CONDITION_KEY"
    return Finding(
        condition.at,
        f"AWS has no condition key `{condition.key}`" if has_service else f"AWS has no service `{prefix}`",
        on_key=True,
        help=f"did you mean {' or '.join(f'`{key}`' for key in near)}?" if near else "",
        fix=Fix.risky(f"Write `{near[0]}`", rename(condition.at, near[0])) if len(near) == 1 else None,
        confidence=Confidence.HIGH if near else Confidence.MEDIUM,
        aws=(code,) if has_service else ("INVALID_SERVICE",),
    )
