import re
from collections.abc import Iterator
from functools import lru_cache

from iamlint.rule import Context, Finding, Fix, Pattern, PolicyKind, Severity, Statement, is_computed, replace, rule

_ARN = re.compile(r"(arn|[*?].*|a[*?].*|ar[*?].*|arn[*?].*):.*|[*?].*", re.DOTALL)
_SHORT_S3 = re.compile(r"arn:([\w-]+):s3:{1,2}([^:]+)")
_BUCKET = re.compile(r"(?:s3://|arn:s3:::|aws:s3:::|:::)?([a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[^:]*)?)")


@rule(
    "IAM104",
    on=Statement,
    severity=Severity.HIGH,
    needs="ARN",
    aws=("INVALID_ARN_PREFIX", "MISSING_ARN_FIELD"),
    parliament="INVALID_ARN",
)
def invalid_arn(statement: Statement, context: Context) -> Iterator[Finding]:
    """Resource is neither `*` nor an ARN of six fields.

    ## Why it matters

    AWS rejects a resource that is no ARN. One with too few fields may be
    saved, and then names nothing that exists.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "amzn-s3-demo-bucket/*"
                    ^^^^^^^^^^^^^^^^^^^^^^^ a resource is `*` or an ARN, and an ARN begins with `arn:`
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

    Fields that are empty still need their colons.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:amzn-s3-demo-bucket/*"
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ an ARN has six fields, and this 4
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

    A wildcard at the end of an ARN stands for the fields that follow.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": ["arn:aws:s3*", "arn:aws:s3:::${aws:username}/*"]
      }
    }
    ```

    ## References

    - [Amazon Resource Names](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
    - [IAM JSON policy elements: Resource](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html)
    - [Access Analyzer: invalid ARN prefix, missing ARN field](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for resource in (*statement.resources, *statement.not_resources):
        if _is_fine(resource.text) or _is_relative(resource.text, context.policy.kind):
            continue
        fields = resource.text.split(":", 5)
        if not _ARN.fullmatch(resource.text):
            yield _no_arn(resource, statement)
        elif fields[0] == "arn" and len(fields) < 6 and not _stands_for_the_rest(fields):
            yield _short(resource, fields)


@lru_cache(maxsize=16384)
def _is_fine(text: str) -> bool:
    return (text.startswith("arn:") and text.count(":") > 4) or is_computed(text)


def _is_relative(text: str, kind: PolicyKind) -> bool:
    """API Gateway puts the rest of the ARN in: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html"""
    return kind is PolicyKind.RESOURCE and text.startswith("execute-api:/")


def _stands_for_the_rest(fields: list[str]) -> bool:
    """Whether a wildcard at the end can; not in `arn:aws:s3:bucket/*`, as no Region and no account has a slash."""
    return "*" in fields[-1] and (len(fields) < 4 or "/" not in fields[-1])


def _no_arn(resource: Pattern, statement: Statement) -> Finding:
    return Finding(
        resource.at,
        "a resource is `*` or an ARN, and an ARN begins with `arn:`",
        why="AWS rejects the policy",
        fix=_fix(resource, _meant(resource.text, statement)),
        aws=("INVALID_ARN_PREFIX",),
    )


def _meant(text: str, statement: Statement) -> str:
    """What was most likely meant by a text that is no ARN; empty if that is unclear."""
    bare = text.strip()
    if bare.lower().startswith("arn:") and bare.count(":") >= 5:
        return "arn:" + bare[4:]
    if re.fullmatch(r"aws[\w-]*(:[^:]*){3,4}:.+", bare):
        return f"arn:{bare}"
    bucket = _BUCKET.fullmatch(bare)
    of_s3 = statement.actions and all(action.text.lower().startswith("s3:") for action in statement.actions)
    return f"arn:aws:s3:::{bucket[1]}" if bucket and of_s3 else ""


def _short(resource: Pattern, fields: list[str]) -> Finding:
    meant = _SHORT_S3.fullmatch(resource.text)
    return Finding(
        resource.at,
        f"an ARN has six fields, and this {len(fields)}",
        help="write `arn:partition:service:region:account:resource`; a field may be empty, its colon stays",
        fix=_fix(resource, f"arn:{meant[1]}:s3:::{meant[2]}" if meant else ""),
        aws=() if "*" in fields[-1] else ("MISSING_ARN_FIELD",),
    )


def _fix(resource: Pattern, meant: str) -> Fix | None:
    return Fix.risky(f"Write `{meant}`", replace(resource.at, meant)) if meant else None
