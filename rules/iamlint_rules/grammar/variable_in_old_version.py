import re
from collections.abc import Iterator

from iamlint.rule import ROOT, Context, Finding, Fix, Pointer, Severity, Statement, insert, replace, rule

VARIABLE = re.compile(r"\$\{(?:[*?$]|([\w.-]+:[\w-]+)[^{}]*)\}")
VERSION = ROOT / "Version"
CURRENT = "2012-10-17"


@rule("IAM027", on=Statement, severity=Severity.HIGH, needs="variable", aws="VARIABLE_UNSUPPORTED_IN_VERSION")
def variable_in_old_version(statement: Statement, context: Context) -> Iterator[Finding]:
    """A policy variable stands in a policy whose version has none.

    ## Why it matters

    Variables came with version `2012-10-17`. In a policy of `2008-10-17`, or
    without `Version`, `${aws:username}` is just these characters: an Allow
    grants nothing, and a Deny protects nothing.

    ## Examples

    ```json bad
    {
      "Version": "2008-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/${aws:username}/*"
                                          ^^^^^^^^^^^^^^^ version 2008-10-17 has no variables: this is plain text
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

    The placeholders of other tools are none of IAM's variables.

    ```json good
    {
      "Version": "2008-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::${var.bucket}/${AWS::AccountId}/*"
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Version](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html)
    - [IAM policy elements: Variables and tags](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
    """
    policy = context.policy
    has_version = any(key[:1] in "vV" for key in policy.elements)  # a slip such as `version` counts
    if has_version and policy.version != "2008-10-17":
        return
    for at, text in _texts(statement):
        for match in VARIABLE.finditer(text):
            if match[1] is None or _is_key(match[1], context):
                add = replace(VERSION, CURRENT) if has_version else insert(VERSION, CURRENT)
                yield Finding(
                    at,
                    f"{'version 2008-10-17' if has_version else 'a policy without version'} has no variables: this is plain text",
                    help=f'write `"Version": "{CURRENT}"`',
                    part=match.span(),
                    fix=Fix.risky(f"Set the version to {CURRENT}", add),
                )


def _texts(statement: Statement) -> Iterator[tuple[Pointer, str]]:
    for pattern in (*statement.resources, *statement.not_resources):
        if "${" in pattern.text:
            yield pattern.at, pattern.text
    for condition in statement.conditions:
        for value in condition.values:
            if "${" in value.text:
                yield value.at, value.text


def _is_key(name: str, context: Context) -> bool:
    """Whether AWS knows the key, or tags of that name: other tools have their own placeholders."""
    return any(context.catalog.condition_key(key) for key in (name, f"{name}/tag"))
