import re
from collections.abc import Iterator

from iamlint.rule import (
    Catalog,
    Confidence,
    Context,
    Finding,
    Fix,
    Pointer,
    Severity,
    Statement,
    replace,
    rule,
)

VARIABLE = re.compile(r"\$\{\s*([\w-]+):([\w][^\s${},:'/]*(?:/[^${},']*)?)\s*(?:,[^}]*)?\}")
"""A variable of a prefix without dots: what identity providers call theirs, such as `${www.amazon.com:user_id}`, is free."""

_ELSEWHERE = ("iot:", "credentials-iot:", "transfer:", "greengrass:", "saml:", "sts:")
"""What a service fills in itself, outside of IAM's keys.

https://docs.aws.amazon.com/iot/latest/developerguide/iot-policy-variables.html
https://docs.aws.amazon.com/transfer/latest/userguide/users-policies-session.html
"""
_OTHERS = ("aws:accountid", "aws:region")
"""Variables of the Serverless Framework, which is to fill them in: https://www.serverless.com/framework/docs/guides/variables/aws"""


@rule(
    "IAM126",
    on=Statement,
    severity=Severity.MEDIUM,
)
def unknown_variable(statement: Statement, context: Context) -> Iterator[Finding]:
    """Policy variable is one that AWS does not have.

    ## Why it matters

    AWS accepts the policy and finds nothing to put in the variable's place. The
    resource or value then matches nothing: an `Allow` is dead, a `Deny` off,
    and a `NotResource` or a negated condition takes in everything.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/${aws:usernmae}/*"
                                          ^^^^^^^^^^^^^^^ AWS has no variable `aws:usernmae`
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/${aws:username}/*"
      }
    }
    ```

    Any tag may be one, and so may what an identity provider says of its user.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": [
          "arn:aws:s3:::reports/${aws:PrincipalTag/team}/*",
          "arn:aws:s3:::reports/${cognito-identity.amazonaws.com:sub}/*"
        ]
      }
    }
    ```

    ## References

    - [IAM policy elements: Variables and tags](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
    - [AWS global condition context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    """
    if not context.policy.has_variables:
        return
    for at, text in _texts(statement):
        for match in VARIABLE.finditer(text):
            name = f"{match[1]}:{match[2].rstrip()}"
            if _is_unknown(name, context.catalog):
                yield _finding(at, text, name, match, context.catalog)


def _texts(statement: Statement) -> Iterator[tuple[Pointer, str]]:
    for pattern in (*statement.resources, *statement.not_resources):
        if "${" in pattern.text:
            yield pattern.at, pattern.text
    for condition in statement.conditions:
        yield from ((value.at, value.text) for value in condition.values if "${" in value.text)


def _is_unknown(name: str, catalog: Catalog) -> bool:
    """Whether AWS has no such key, of its own or of a service that has one of nearly that name."""
    lower = name.lower()
    if lower.startswith(_ELSEWHERE) or catalog.condition_key(name):
        return False
    prefix = lower.partition(":")[0]
    if prefix == "aws":
        return True
    # With a slash it is rather a file or parameter that another tool reads, as in `${s3:bucket/key}`.
    return "/" not in lower and catalog.service(prefix) is not None and bool(catalog.nearest_condition_keys(name))


def _finding(at: Pointer, text: str, name: str, match: re.Match[str], catalog: Catalog) -> Finding:
    near = [key for key in catalog.nearest_condition_keys(name) if "${" not in key and "<" not in key]
    start = match.start(1)
    new = f"{text[:start]}{near[0]}{text[start + len(name) :]}" if len(near) == 1 else ""
    is_ours = name.lower().startswith("aws:") and name.lower() not in _OTHERS
    return Finding(
        at,
        f"AWS has no variable `{name}`",
        part=match.span(),
        help=f"did you mean {' or '.join(f'`{key}`' for key in near)}?" if near else "",
        fix=Fix.risky(f"Write `{near[0]}`", replace(at, new)) if new else None,
        confidence=None if is_ours else Confidence.MEDIUM,
    )
