import re
from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, PolicyKind, PrincipalEntry, Severity, Statement, rule

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-federated-web-identity
BUILT_IN = (
    "accounts.google.com",
    "cognito-identity.amazonaws.com",
    "cognito-identity-us-gov.amazonaws.com",
    "graph.facebook.com",
    "www.amazon.com",
)
_PROVIDER = re.compile(r"arn:[\w-]+:iam::\d{12}:(saml-provider/[\w.-]+|oidc-provider/.+)")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)


@rule(
    "IAM515",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.TRUST, PolicyKind.RESOURCE),
    aws=("INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY", "FEDERATED_PRINCIPAL_NOT_SUPPORTED"),
    parliament="UNKNOWN_FEDERATION_SOURCE",
)
def invalid_federated_principal(statement: Statement, context: Context) -> Iterator[Finding]:
    """Federated principal is no identity provider, or has no place here.

    ## Why it matters

    AWS rejects the policy. A `Federated` principal is the ARN of a SAML or
    OIDC provider in IAM, or one of the few that AWS knows by itself, such as
    `cognito-identity.amazonaws.com`. Only trust policies take one: a bucket or
    a queue sees the role that was assumed, not the provider.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {
          "Federated": [
            "arn:aws:iam::111122223333:role/reader",
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `arn:aws:iam::111122223333:role/reader` is not an identity provider
            "https://token.actions.githubusercontent.com",
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `https://token.actions.githubusercontent.com` is not an identity provider
            "token.actions.githubusercontent.com"
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `token.actions.githubusercontent.com` is not an identity provider
          ]
        },
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
          "StringEquals": {"token.actions.githubusercontent.com:sub": "repo:example/reports:ref:refs/heads/main"}
        }
      }
    }
    ```

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/corp"},
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ only trust policies take a `Federated` principal
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
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
          "StringEquals": {"token.actions.githubusercontent.com:sub": "repo:example/reports:ref:refs/heads/main"}
        }
      }
    }
    ```

    ## References

    - [Federated principals](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-federated-web-identity)
    - [Access Analyzer: invalid federated principal syntax](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for entry in (*statement.principals, *statement.not_principals):
        if entry.type != "Federated" or re.search(r"[{}<>$%*]", entry.value):
            continue
        if context.policy.kind is PolicyKind.RESOURCE:
            yield _misplaced(entry)
        elif not _PROVIDER.fullmatch(entry.value) and entry.value not in BUILT_IN:
            yield _unknown(entry)


def _misplaced(entry: PrincipalEntry) -> Finding:
    return Finding(
        entry.at,
        "only trust policies take a `Federated` principal",
        why="AWS rejects it",
        help="allow the role that the provider's users assume",
        aws=("FEDERATED_PRINCIPAL_NOT_SUPPORTED",),
    )


def _unknown(entry: PrincipalEntry) -> Finding:
    domain = _DOMAIN.fullmatch(entry.value) is not None
    return Finding(
        entry.at,
        f"`{entry}` is not an identity provider",
        why="AWS rejects it",
        help="write the ARN of the SAML or OIDC provider in IAM, such as "
        f"`arn:aws:iam::111122223333:oidc-provider/{entry.value if domain else 'idp.example.com'}`",
        confidence=Confidence.MEDIUM if domain else Confidence.HIGH,
        aws=() if domain else ("INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY",),
    )
