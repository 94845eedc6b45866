import re
from collections.abc import Iterator

from iamlint.rule import (
    ConditionValue,
    Context,
    Finding,
    Fix,
    PolicyKind,
    Severity,
    Statement,
    replace,
    rule,
)

GITHUB = "token.actions.githubusercontent.com"
# What people write after the repository, and what GitHub writes:
# https://docs.github.com/en/actions/reference/security/oidc
_CONTEXT = re.compile(r"(repo:[^/:]+/[^/:]+):(?:ref:)?(branch|tag|refs/heads|heads|refs/tags|tags)[:/](.+)")
MEANT = {"branch": "heads", "tag": "tags"}
_ENVIRONMENT = re.compile(r"(repo:[^/:]+/[^/:]+):(?:env|environments)([:/].+)")
_BARE = re.compile(r"[\w.-]+/[\w.-]+:(?:ref:refs/(?:heads|tags)/.+|environment:.+|pull_request)")


@rule(
    "IAM579",
    on=Statement,
    severity=Severity.MEDIUM,
    kinds=(PolicyKind.TRUST,),
    needs=("Allow", "Principal", "Condition"),
)
def impossible_github_subject(statement: Statement, _: Context) -> Iterator[Finding]:
    """Subject is not written as GitHub writes it.

    ## Why it matters

    A branch stands in the subject of GitHub's tokens as
    `repo:owner/repository:ref:refs/heads/main`, a tag as `…:ref:refs/tags/v1`.
    Anything else that looks like one matches no token, and the workflow cannot
    assume the role.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
          "StringEquals": {
            "token.actions.githubusercontent.com:sub": "repo:example/reports:refs/heads/main"
                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no token of GitHub has such a subject
          }
        }
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
          "StringEquals": {
            "token.actions.githubusercontent.com:sub": "repo:example/reports:ref:refs/heads/main"
          }
        }
      }
    }
    ```

    ## References

    - [GitHub: subject claims](https://docs.github.com/en/actions/reference/security/oidc)
    - [Configuring a role for GitHub's OIDC provider](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html#idp_oidc_Create_GitHub)
    """
    for condition in statement.conditions:
        if condition.key_lower == f"{GITHUB}:sub" and not condition.operator.is_negated:
            yield from (finding for value in condition.values for finding in _finding(value))


def _finding(value: ConditionValue) -> Iterator[Finding]:
    right = _right(value.text)
    if not right:
        return
    yield Finding(
        value.at,
        "no token of GitHub has such a subject",
        help=f"did you mean `{right}`?",
        fix=Fix.risky(f"Write `{right}`", replace(value.at, right)),
    )


def _right(text: str) -> str:
    """How GitHub writes what is meant; empty if it is written so."""
    environment = _ENVIRONMENT.fullmatch(text)
    if environment:
        return f"{environment[1]}:environment:{environment[2][1:]}"
    if _BARE.fullmatch(text):
        return f"repo:{text}"
    found = _CONTEXT.fullmatch(text)
    if found is None or text.startswith(f"{found[1]}:ref:refs/"):
        return ""
    kind = found[2].rpartition("/")[2]
    return f"{found[1]}:ref:refs/{MEANT.get(kind, kind)}/{found[3]}"
