import re
from collections.abc import Iterator

from iamlint.rule import Condition, ConditionValue, Context, Finding, PolicyKind, Severity, Statement, rule

GITHUB = "token.actions.githubusercontent.com"
SPECIFIC, WILDCARD = "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED", "WILDCARD_USAGE_TOO_PERMISSIVE"


@rule(
    "IAM512",
    on=Statement,
    severity=Severity.LOW,
    kinds=(PolicyKind.TRUST,),
    needs=("Allow", "Principal", "Condition"),
    aws=(SPECIFIC, WILDCARD),
)
def loose_github_subject(statement: Statement, _: Context) -> Iterator[Finding]:
    """GitHub is trusted for more than one branch of one repository.

    ## Why it matters

    The `sub` claim of GitHub's tokens begins with `repo:owner/repository:`.
    A wildcard in the owner's name lets in strangers: anyone can register a
    name that fits. In the repository's, it lets in every repository of the
    owner. After it, every branch, tag and pull request, so that whoever can
    push a branch can assume the role without a review. Newer repositories have
    numbers in it, `repo:owner@12/repository@34:`, which tell them from later
    ones of the same name: a wildcard there gives that away.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
          "StringLike": {
            "token.actions.githubusercontent.com:sub": [
              "repo:example*/reports:ref:refs/heads/main",
                           ^ repositories of strangers fit this
              "repo:example/*",
                            ^ any repository of `example` fits this
              "repo:example/reports:*"
                                    ^ more than one branch fits this
            ]
          }
        }
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
          "StringEquals": {
            "token.actions.githubusercontent.com:sub": [
              "repo:example/reports:ref:refs/heads/main",
              "repo:example/reports:environment:production"
            ]
          }
        }
      }
    }
    ```

    The branch may also be told by a claim of its own.

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
          "StringLike": {"token.actions.githubusercontent.com:sub": "repo:example/reports:*"},
          "StringEquals": {"token.actions.githubusercontent.com:ref": "refs/heads/main"}
        }
      }
    }
    ```

    ## References

    - [Configuring a role for GitHub's OIDC provider](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html#idp_oidc_Create_GitHub)
    - [GitHub: subject claims](https://docs.github.com/en/actions/reference/security/oidc)
    - [Access Analyzer: specific GitHub repo and branch recommended](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    if not any(entry.value.lower().endswith(GITHUB) for entry in statement.principals):
        return
    for condition in statement.conditions:
        if condition.key_lower == f"{GITHUB}:sub" and condition.operator.name == "StringLike":
            for value in condition.values:
                yield from _findings(value, statement)


def _findings(value: ConditionValue, statement: Statement) -> Iterator[Finding]:
    wildcard = re.search(r"[*?]+", value.text)
    if wildcard is None or re.search(r"[{}<>$]", value.text[: wildcard.start()]):
        return
    before = value.text[: wildcard.start()]
    words, severity = _who(before)
    other_claims = ("repository", "repository_id") if severity is not Severity.LOW else ("ref", "environment")
    if any(_names(condition, other_claims) for condition in statement.conditions):
        return
    part = wildcard.span()
    help_ = "name the repository, and the branch or environment"
    # Access Analyzer wants six characters before each wildcard.
    aws = (SPECIFIC, WILDCARD) if any(len(run) < 6 for run in re.split(r"[*?]+", value.text)[:-1]) else (SPECIFIC,)
    yield Finding(value.at, words, part=part, severity=severity, help=help_, aws=aws)


def _who(before: str) -> tuple[str, Severity]:
    """Who fits a pattern with this text before its first wildcard."""
    if not before.startswith("repo:"):
        everyone = len(before) < 6
        words = "any repository on GitHub fits this" if everyone else "more than one subject fits this"
        return words, Severity.CRITICAL if everyone else Severity.LOW
    owner, slash, repository = before.removeprefix("repo:").partition("/")
    if not slash and owner.endswith("@"):
        return f"whoever takes the name `{owner[:-1]}` after you fits this", Severity.MEDIUM
    if not slash:
        words = "repositories of strangers fit this" if owner else "any repository on GitHub fits this"
        return words, Severity.CRITICAL
    if ":" in repository:
        what = "environment" if ":environment:" in repository else "branch"
        return f"more than one {what} fits this", Severity.LOW
    if repository.endswith("@"):
        return f"any repository that is ever called `{repository[:-1]}` fits this", Severity.LOW
    return (
        f"any repository of `{owner}` fits this" if not repository else "several repositories fit this",
        Severity.MEDIUM,
    )


def _names(condition: Condition, claims: tuple[str, ...]) -> bool:
    """Whether a condition pins one of the claims down instead."""
    host, _, claim = condition.key_lower.rpartition(":")
    return host == GITHUB and claim in claims and condition.operator.text == "StringEquals"
