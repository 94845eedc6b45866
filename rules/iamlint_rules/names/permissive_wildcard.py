import re
from collections.abc import Iterator

from iamlint.rule import (
    Condition,
    ConditionValue,
    Confidence,
    Context,
    Finding,
    Severity,
    Statement,
    is_placeholder,
    rule,
)

# "Sensitive condition keys", for which AWS sees no valid use of a wildcard. That subjects of OpenID Connect are
# looked at as well was observed; what else is, AWS does not publish.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
_ACCOUNT, _ORGANIZATION, _VPC, _ENDPOINT = (
    ("account", ""),
    ("organization", "o-"),
    ("VPC", "vpc-"),
    ("endpoint", "vpce-"),
)
_SENSITIVE = {
    "aws:principalaccount": _ACCOUNT,
    "aws:resourceaccount": _ACCOUNT,
    "aws:sourceaccount": _ACCOUNT,
    "aws:vpceaccount": _ACCOUNT,
    "aws:principalorgid": _ORGANIZATION,
    "aws:resourceorgid": _ORGANIZATION,
    "aws:sourceorgid": _ORGANIZATION,
    "aws:vpceorgid": _ORGANIZATION,
    "aws:sourcevpc": _VPC,
    "aws:sourcevpce": _ENDPOINT,
}
_GITHUB = "token.actions.githubusercontent.com"
# Providers of which another rule tells that the name of the customer is not written out, and how their subjects begin.
_BEGINS = {
    "agent.buildkite.com": "organization:",
    "app.terraform.io": "organization:",
    "gitlab.com": "project_path:",
    "oidc.codefresh.io": "account:",
    "scalr.io": "account:",
}
_CLUSTER = re.compile(r"oidc\.eks\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/id/\w+")
_CODE, _NULL = (
    "WILDCARD_USAGE_TOO_PERMISSIVE",
    {"StringLike": "EQUIVALENT_TO_NULL_FALSE", "StringNotLike": "EQUIVALENT_TO_NULL_TRUE"},
)


@rule(
    "IAM138",
    on=Statement,
    severity=Severity.HIGH,
    needs="Condition",
    aws=(_CODE, *_NULL.values()),
)
def permissive_wildcard(statement: Statement, _: Context) -> Iterator[Finding]:
    """Wildcard lets strangers meet a condition on who they are or where they come from.

    ## Why it matters

    Account, organization and endpoint ids have no order that a pattern could
    follow: whoever else gets a fitting id is let in. The subject of an OpenID
    Connect token must name something of yours, with at least six characters
    before each wildcard; and the id of a role or user stands left of the
    colon in `aws:userid`, where a wildcard means anyone.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {
          "StringLike": {
            "aws:PrincipalOrgID": "o-*",
                                     ^ any organization fits this
            "aws:SourceVpce": "vpce-0abc*"
                                        ^ more than one endpoint fits this
          }
        }
      }
    }
    ```

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "444455556666"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"StringLike": {"aws:userid": ["AROA*:alice", "AROAEXAMPLEID:*"]}}
                                                         ^ more than one role or user fits this
      }
    }
    ```

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/gitlab.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
          "StringEquals": {"gitlab.com:aud": "https://gitlab.com"},
          "StringLike": {"gitlab.com:sub": "project_path:example/app:ref_type:*:ref:*"}
                                                                                    ^ only 5 characters stand before this wildcard, `:ref:`
        }
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/gitlab.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
          "StringEquals": {"gitlab.com:aud": "https://gitlab.com", "aws:PrincipalOrgID": "o-a1b2c3d4e5"},
          "StringLike": {"gitlab.com:sub": "project_path:example/app:ref_type:branch:ref:*"}
        }
      }
    }
    ```

    ## References

    - [Sensitive condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sensitive)
    - [Access Analyzer: wildcard usage too permissive](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for condition in statement.conditions:
        if condition.operator.name not in _NULL:
            continue
        for value in condition.values:
            if ("*" in value.text or "?" in value.text) and not is_placeholder(value.text):
                yield from _findings(statement, condition, value)


def _findings(statement: Statement, condition: Condition, value: ConditionValue) -> Iterator[Finding]:
    key, text, permissive = condition.key_lower, value.text, _is_permissive(statement, condition)
    if key in _SENSITIVE:
        yield from _sensitive(statement, condition, value)
    elif permissive and key.endswith(":sub") and key != "saml:sub":
        if not _is_of_github(statement, key):
            yield from _subject(value, _begin(key.removesuffix(":sub")))
    elif permissive and key == "aws:userid" and not _is_for_anyone(statement):
        wildcard = re.search(r"[*?]+", text.partition(":")[0])
        if wildcard and ":" in text and not text.startswith("*:"):
            message, help_ = "more than one role or user fits this", "write the id in full, left of the colon"
            part = wildcard.span()
            yield Finding(value.at, message, part=part, help=help_, severity=Severity.MEDIUM, aws=(_CODE,))


def _begin(issuer: str) -> str:
    return "system:serviceaccount:" if _CLUSTER.fullmatch(issuer) else _BEGINS.get(issuer, "")


def _is_for_anyone(statement: Statement) -> bool:
    return statement.allows and any(entry.is_anyone for entry in statement.principals)


def _is_permissive(statement: Statement, condition: Condition) -> bool:
    """A Deny of all that fit, or an Allow of all that do not, is strict rather than permissive."""
    return statement.allows != condition.operator.is_negated


def _subject(value: ConditionValue, begin: str) -> Iterator[Finding]:
    if begin and begin.startswith(re.split(r"[*?]", value.text)[0]):
        return
    for number, (before, part) in enumerate(_runs(value.text)):
        if len(before) >= 6 or value.text == "*":
            continue
        many = "1 character stands" if len(before) == 1 else f"{len(before)} characters stand"
        few = f"only {many} before this wildcard, `{before}`"
        yield Finding(
            value.at,
            few if before else "no character stands before this wildcard",
            part=part,
            help="name what is yours, in at least six characters right before it",
            severity=Severity.LOW if number else Severity.MEDIUM,  # what comes first tells whose it is
            confidence=Confidence.MEDIUM,
            aws=(_CODE,),
        )


def _sensitive(statement: Statement, condition: Condition, value: ConditionValue) -> Iterator[Finding]:
    what, prefix = _SENSITIVE[condition.key_lower]
    wildcard = re.search(r"[*?]+", value.text)
    is_open = condition.operator.qualifier or condition.operator.if_exists
    if wildcard is None or (value.text == "*" and is_open):
        return
    is_any = value.text[: wildcard.start()] in ("", prefix)
    is_null = value.text == "*" and len(condition.values) == 1
    permissive, names_nobody = _is_permissive(statement, condition), is_any and _is_for_anyone(statement)
    role = names_nobody and not statement.has("Resource")
    yield Finding(
        value.at,
        f"any {what} fits this" if is_any else f"more than one {what} fits this",
        part=wildcard.span(),
        help="list the ids in full",
        why="the principal is everyone, so this lets in strangers" if permissive and names_nobody else "",
        severity=(Severity.CRITICAL if role else None) if permissive else Severity.LOW,
        confidence=None if permissive else Confidence.LOW,
        aws=(_CODE, _NULL[condition.operator.name]) if is_null else (_CODE,),
    )


def _runs(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """The literal text right before each wildcard, and the wildcard's place; variables end a text as wildcards do."""
    start = 0
    for match in re.finditer(r"\$\{[^}]*\}|[*?]+", text):
        if not match[0].startswith("$"):
            yield text[start : match.start()], match.span()
        start = match.end()


def _is_of_github(statement: Statement, key: str) -> bool:
    """Whether another rule tells of the first wildcard: in a subject of GitHub, without the repository elsewhere."""
    pinned = (f"{_GITHUB}:repository", f"{_GITHUB}:repository_id")
    return key == f"{_GITHUB}:sub" and not any(
        condition.key_lower in pinned and condition.operator.text == "StringEquals"
        for condition in statement.conditions
    )
