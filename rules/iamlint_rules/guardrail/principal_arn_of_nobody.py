import re
from collections.abc import Iterator
from functools import lru_cache

from iamlint.rule import (
    Arn,
    Confidence,
    Context,
    Finding,
    Fix,
    Pointer,
    Severity,
    Statement,
    is_computed,
    replace,
    rule,
)

TYPES = {"iam": ("root", "role", "user"), "sts": ("federated-user",)}
"""What an `aws:PrincipalArn` can be of.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
"""
RESERVED = "AWSReservedSSO_"
UNPATHED = "roles of IAM Identity Center have a path, and none is like this"


@rule("IAM615", on=Statement, severity=Severity.MEDIUM, needs="Condition")
def principal_arn_of_nobody(statement: Statement, _: Context) -> Iterator[Finding]:
    """Condition on aws:PrincipalArn names an ARN that no caller has.

    ## Why it matters

    For a session of a role, `aws:PrincipalArn` is the ARN of the role, and
    never that of the session; groups and services have none. A Deny that is to
    spare such an ARN spares nobody, an administrator who relies on it is locked
    out, and an Allow for it grants nothing.

    The roles of IAM Identity Center stand under the path
    `aws-reserved/sso.amazonaws.com/`, often with a region after it; without the
    path no role is meant.

    ## Examples

    ```json bad scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "cloudtrail:StopLogging",
        "Resource": "*",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:sts::111122223333:assumed-role/audit/*"}}
                                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `aws:PrincipalArn` of a session is the ARN of its role
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "cloudtrail:StopLogging",
        "Resource": "*",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/audit"}}
      }
    }
    ```

    ```json bad scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "cloudtrail:StopLogging",
        "Resource": "*",
        "Condition": {
          "ArnNotLike": {
            "aws:PrincipalArn": [
              "arn:aws:iam::*:role/AWSReservedSSO_Audit_*",
              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ roles of IAM Identity Center have a path, and none is like this
              "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Audit_*"
            ]
          }
        }
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:DeleteBucket",
        "Resource": "*",
        "Condition": {
          "ArnNotLike": {
            "aws:PrincipalArn": [
              "arn:aws:iam::111122223333:root",
              "arn:aws:iam::*:role/admin",
              "arn:aws:sts::111122223333:federated-user/alice"
            ]
          }
        }
      }
    }
    ```

    ## References

    - [aws:PrincipalArn](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn)
    - [Referencing permission sets in resource policies](https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html)
    """
    for condition in statement.conditions:
        if condition.key_lower == "aws:principalarn" and condition.operator.family in ("String", "Arn"):
            for value in condition.values:
                message = _message(value.text)
                if message:
                    yield Finding(
                        value.at,
                        message,
                        why="it exempts nobody" if condition.operator.is_negated else "it fits nobody",
                        confidence=Confidence.MEDIUM if message == UNPATHED else None,
                        fix=_fix(value.text, value.at),
                    )


@lru_cache(1024)
def _message(text: str) -> str:
    arn = Arn.parse(text)
    if arn is None or is_computed(arn.service) or is_computed(arn.resource) or _is_wild(arn.service):
        return ""
    kind, _, name = arn.resource.partition("/")
    if arn.service == "sts" and kind == "assumed-role":
        return "`aws:PrincipalArn` of a session is the ARN of its role"
    if arn.service == "iam" and kind == "role" and name.startswith(RESERVED):
        return UNPATHED
    types = TYPES.get(arn.service, ())
    if kind in types or (_is_wild(kind) and _may_be(kind, types)):
        return ""
    return f"no caller has an ARN like `{text}`"


def _may_be(kind: str, types: tuple[str, ...]) -> bool:
    """Whether a name with wildcards can begin as a type of principal does."""
    begin = re.split(r"[*?]", kind)[0]
    return any(each.startswith(begin) for each in types)


def _is_wild(text: str) -> bool:
    return "*" in text or "?" in text


def _fix(text: str, at: Pointer) -> Fix | None:
    """Name the role of a session, where it is named in full and has no path that is missing."""
    arn = Arn.parse(text)
    kind, _, session = arn.resource.partition("/") if arn else ("", "", "")
    role = session.partition("/")[0]
    if arn is None or kind != "assumed-role" or not role or _is_wild(role) or role.startswith(RESERVED):
        return None
    return Fix.risky("Name the role", replace(at, str(arn._replace(service="iam", resource=f"role/{role}"))))
