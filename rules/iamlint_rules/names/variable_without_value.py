import re
from collections.abc import Iterator

from iamlint.rule import Catalog, Confidence, Context, Finding, Fix, Pointer, Severity, Statement, replace, rule

VARIABLE = re.compile(r"\$\{\s*([\w-]+:\w[^\s${},:'/]*(?:/[^${},']*)?)\s*(?:,[^}]*)?\}")
"""A variable of a prefix without dots: identity providers name theirs as they like, such as `${www.amazon.com:user_id}`."""

_ELSEWHERE = ("iot:", "credentials-iot:", "transfer:", "greengrass:", "saml:", "sts:")
"""What a service fills in itself, outside of IAM's keys.

https://docs.aws.amazon.com/iot/latest/developerguide/iot-policy-variables.html
https://docs.aws.amazon.com/transfer/latest/userguide/users-policies-session.html
"""
_OTHERS = {"aws:accountid": "aws:PrincipalAccount", "aws:region": "aws:RequestedRegion"}
"""Variables that the Serverless Framework is to fill in, and what AWS has.

https://www.serverless.com/framework/docs/guides/variables/aws
"""


@rule("IAM126", on=Statement, severity=Severity.MEDIUM, needs="variable")
def variable_without_value(statement: Statement, context: Context) -> Iterator[Finding]:
    """Policy variable is one that never has a value.

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

    A variable stands for one text, so a key with a list of values is none.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/${aws:PrincipalOrgPaths}*"
                                          ^^^^^^^^^^^^^^^^^^^^^^^^ `aws:PrincipalOrgPaths` has several values, and a variable stands for one
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
    - [Single-valued vs. multivalued context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html)
    - [AWS global condition context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    """
    if "${" not in statement.text or not context.policy.has_variables:
        return
    for at, text in _texts(statement):
        for match in VARIABLE.finditer(text):
            name = match[1].rstrip()
            if fault := _fault(name, context.catalog):
                yield _finding(at, text, fault, match, context.catalog)


def _texts(statement: Statement) -> Iterator[tuple[Pointer, str]]:
    for patterns in (statement.resources, statement.not_resources):
        for pattern in patterns:
            if "${" in pattern.text:
                yield pattern.at, pattern.text
    for condition in statement.conditions:
        for value in condition.values:
            if "${" in value.text:
                yield value.at, value.text


def _fault(name: str, catalog: Catalog) -> str:
    return catalog.remember(("variable", name), lambda: _new_fault(name, catalog))


def _new_fault(name: str, catalog: Catalog) -> str:
    """Why a variable has no value, in words; empty if it has one, or is none of AWS's."""
    lower = name.lower()
    prefix = lower.partition(":")[0]
    if key := catalog.condition_key(name):
        return f"`{name}` has several values, and a variable stands for one" if key.multivalued else ""
    if lower.startswith(_ELSEWHERE) or (prefix != "aws" and not _is_near(name, catalog)):
        return ""
    return f"AWS has no variable `{name}`"


def _is_near(name: str, catalog: Catalog) -> bool:
    """Whether a service has a key of nearly that name.

    With a slash it is rather a file or parameter that another tool reads, as in `${s3:bucket/key}`.
    """
    known = "/" not in name and catalog.service(name.partition(":")[0]) is not None
    return known and bool(catalog.nearest_condition_keys(name))


def _finding(at: Pointer, text: str, fault: str, match: re.Match[str], catalog: Catalog) -> Finding:
    name = match[1].rstrip()
    keys = () if catalog.condition_key(name) else catalog.nearest_condition_keys(name)
    near = [key for key in keys if "${" not in key and "<" not in key]
    start = match.start(1)
    new = f"{text[:start]}{near[0]}{text[start + len(name) :]}" if len(near) == 1 else ""
    other = _OTHERS.get(name.lower())
    help_ = f"did you mean {' or '.join(f'`{key}`' for key in near)}?" if near else ""
    sure = None if name.lower().startswith("aws:") else Confidence.MEDIUM
    return Finding(
        at,
        fault,
        part=match.span(),
        help=f"AWS's is `{other}`; this one the Serverless Framework fills in" if other else help_,
        fix=Fix.risky(f"Write `{near[0]}`", replace(at, new)) if new else None,
        confidence=Confidence.LOW if other else sure,
    )
