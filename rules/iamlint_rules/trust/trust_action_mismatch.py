import re
from collections.abc import Iterator

from iamlint.rule import (
    Confidence,
    Context,
    Finding,
    Fix,
    Pattern,
    PolicyKind,
    PrincipalEntry,
    Related,
    Severity,
    Statement,
    replace,
    rule,
)

# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html
ACTIONS = {"plain": "sts:AssumeRole", "saml": "sts:AssumeRoleWithSAML", "web": "sts:AssumeRoleWithWebIdentity"}
CALLERS = {action.lower(): kind for kind, action in ACTIONS.items()}
WHO = {"plain": "AWS principals and services", "saml": "SAML providers", "web": "web identity providers"}


@rule(
    "IAM508",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.TRUST,),
    needs=("Allow", "Action", "Principal"),
    aws="MISMATCHED_ACTION_FOR_PRINCIPAL",
)
def trust_action_mismatch(statement: Statement, _: Context) -> Iterator[Finding]:
    """Trust policy allows an action that its principals cannot call.

    ## Why it matters

    Each way to assume a role has its own action: `sts:AssumeRole` for users,
    roles and services, `sts:AssumeRoleWithSAML` for SAML providers,
    `sts:AssumeRoleWithWebIdentity` for OIDC providers, Cognito, Google,
    Facebook and Amazon. With another one nobody can assume the role; the
    federated ones AWS rejects for a principal they do not fit.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/corp"},
        "Action": "sts:AssumeRoleWithWebIdentity",
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `sts:AssumeRoleWithWebIdentity` is for web identity providers
        "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/corp"},
        "Action": "sts:AssumeRoleWithSAML",
        "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
      }
    }
    ```

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
                   ^^^^^^^^^^^^^^^^ `sts:AssumeRole` is for AWS principals and services
        "Condition": {
          "StringEquals": {"cognito-identity.amazonaws.com:aud": "us-east-1:12345678-abcd-abcd-abcd-123456790ab"}
        }
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
        "Condition": {
          "StringEquals": {"cognito-identity.amazonaws.com:aud": "us-east-1:12345678-abcd-abcd-abcd-123456790ab"}
        }
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": {"Service": "ec2.amazonaws.com"},
          "Action": "sts:AssumeRole"
        },
        {
          "Effect": "Allow",
          "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/corp"},
          "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
          "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
        }
      ]
    }
    ```

    ## References

    - [Requesting temporary security credentials](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html)
    - [Access Analyzer: mismatched action for principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    kinds = {entry: _kind(entry) for entry in statement.principals}
    if not statement.allows or not kinds or None in kinds.values():
        return
    for action in statement.actions:
        wanted = CALLERS.get(action.text.lower())
        strangers = [entry for entry, kind in kinds.items() if kind != wanted]
        if wanted is not None and strangers and (wanted != "plain" or len(strangers) == len(kinds)):
            yield _finding(statement, action, wanted, strangers)


def _finding(statement: Statement, action: Pattern, wanted: str, strangers: list[PrincipalEntry]) -> Finding:
    none_fits = len(strangers) == len(statement.principals)
    return Finding(
        action.at,
        f"`{action}` is for {WHO[wanted]}",
        why="none of the principals can call it" if none_fits else f"`{strangers[0]}` cannot call it",
        related=tuple(Related(entry.at, "cannot call it") for entry in strangers),
        confidence=Confidence.HIGH if none_fits else Confidence.MEDIUM,
        aws=() if wanted == "plain" else ("MISMATCHED_ACTION_FOR_PRINCIPAL",),
        fix=_fix(statement, action) if none_fits else None,
    )


def _fix(statement: Statement, action: Pattern) -> Fix | None:
    kinds = {_kind(entry) for entry in statement.principals}
    right = ACTIONS[kinds.pop() or ""] if len(kinds) == 1 else ""
    if not right or any(right.lower() == other.text.lower() for other in statement.actions):
        return None
    return Fix.risky(f"Allow `{right}`", replace(action.at, right))


def _kind(entry: PrincipalEntry) -> str | None:
    """Which way of assuming roles a principal has; None if that does not show."""
    if entry.type in ("AWS", "Service"):
        return "plain"
    if entry.type != "Federated" or re.search(r"[{}<>$%*]", entry.value):
        return None
    if ":saml-provider/" in entry.value:
        return "saml"
    return "web" if ":oidc-provider/" in entry.value or not entry.value.startswith("arn:") else None
