from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, PolicyKind, Severity, Statement, is_computed, rule

COGNITO = ("cognito-identity.amazonaws.com", "cognito-identity-us-gov.amazonaws.com")


@rule(
    "IAM571",
    on=Statement,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    kinds=(PolicyKind.TRUST,),
    needs=("Allow", "Principal", "Condition"),
)
def cognito_without_authentication(statement: Statement, _: Context) -> Iterator[Finding]:
    """Cognito's guests are trusted like its users.

    ## Why it matters

    The `aud` claim names the identity pool, and every identity of the pool has
    it, guests included. Where the pool takes guests, nobody needs to sign in
    to get this role. The `amr` claim tells `authenticated` from
    `unauthenticated`.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ guests of the identity pool are trusted as well
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
          "StringEquals": {"cognito-identity.amazonaws.com:aud": "us-east-1:12345678-abcd-abcd-abcd-123456790ab"}
        }
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
          "StringEquals": {"cognito-identity.amazonaws.com:aud": "us-east-1:12345678-abcd-abcd-abcd-123456790ab"},
          "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}
        }
      }
    }
    ```

    ## References

    - [Cognito: role trust and permissions](https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html)
    - [Available keys for OIDC federation](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif)
    """
    keys = statement.condition_keys()
    for entry in statement.principals:
        if entry.value not in COGNITO or f"{entry}:aud" not in keys or any(map(is_computed, keys)):
            continue
        if f"{entry}:amr" not in keys and f"{entry}:sub" not in keys:
            yield Finding(
                entry.at,
                "guests of the identity pool are trusted as well",
                why=f"no condition looks at `{entry}:amr`",
                help=f'add `"ForAnyValue:StringLike": {{"{entry}:amr": "authenticated"}}`',
            )
