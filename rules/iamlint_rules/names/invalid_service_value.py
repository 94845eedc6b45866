import re
from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Fix, Pattern, Severity, Statement, is_computed, replace, rule

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html and
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_NAMES = """
aws:calledvia aws:calledviafirst aws:calledvialast aws:principalservicename aws:principalservicenameslist
codeconnections:passedtoservice codestar-connections:passedtoservice iam:awsservicename iam:passedtoservice
kms:granteeserviceprincipal kms:retiringserviceprincipal organizations:serviceprincipal
"""
_KEYS = frozenset(_NAMES.split())
_VIA = "kms:viaservice"
_SERVICE = Pattern("*.amazonaws.com*")
# https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
_NO_REGION = re.compile(r"[\w-]+\.amazonaws\.com(\.cn)?")


@rule("IAM147", on=Statement, severity=Severity.HIGH, needs="Condition")
def invalid_service_value(statement: Statement, context: Context) -> Iterator[Finding]:
    """Value for a condition on a service is no service principal.

    ## Why it matters

    The key holds the whole name, such as `ec2.amazonaws.com`, and no short
    one equals it: nobody may pass the role, or a Deny for all other services
    denies this one too. `kms:ViaService` has the Region in it as well.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": "arn:aws:iam::111122223333:role/app",
        "Condition": {"StringEquals": {"iam:PassedToService": "ec2"}}
                                                              ^^^^^ `ec2` is no service principal
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": "arn:aws:iam::111122223333:role/app",
        "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "kms:Decrypt",
        "Resource": "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "Condition": {"StringEquals": {"kms:ViaService": "s3.amazonaws.com"}}
                                                         ^^^^^^^^^^^^^^^^^^ `kms:ViaService` has a Region in it, and `s3.amazonaws.com` has none
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
        "Condition": {
          "StringLike": {"kms:ViaService": ["s3.us-east-1.amazonaws.com", "secretsmanager.*.amazonaws.com"]},
          "ForAnyValue:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"}
        }
      }
    }
    ```

    ## References

    - [iam:PassedToService](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_PassedToService)
    - [kms:ViaService](https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service)
    - [Service principals](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services)
    """
    for condition in statement.conditions:
        key = condition.key_lower
        if (key not in _KEYS and key != _VIA) or condition.operator.family != "String":
            continue
        for value in condition.values:
            if is_computed(value.text):
                continue
            if not Pattern(value.text) & _SERVICE:
                named = f"{value.text.lower()}.amazonaws.com"
                fix = (
                    Fix.risky(f"Write `{named}`", replace(value.at, named)) if _is_short(value.text, context) else None
                )
                message = (
                    f"`{value}` is no service principal" if value.text else "an empty string is no service principal"
                )
                yield Finding(
                    value.at, message, help="write it as in `ec2.amazonaws.com`", fix=fix if key != _VIA else None
                )
            elif key == _VIA and _NO_REGION.fullmatch(value.text):
                message = f"`{condition.key}` has a Region in it, and `{value}` has none"
                name = value.text.partition(".")[0]
                help_ = f"write `{name}.us-east-1.amazonaws.com`, or `{name}.*.amazonaws.com` with StringLike"
                yield Finding(value.at, message, help=help_, confidence=Confidence.MEDIUM)


def _is_short(text: str, context: Context) -> bool:
    """Whether this is the prefix of a service; principals of most begin with it."""
    return re.fullmatch(r"[\w-]+", text) is not None and text.lower() in context.catalog.services
