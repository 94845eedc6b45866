import re
from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, PrincipalEntry, Severity, Statement, is_computed, rule

GITHUB = "token.actions.githubusercontent.com"
_CLAIM = re.compile(r"(?:https?://)?[a-z0-9-]+(\.[a-z0-9-]+)+(/[^:]*)?:[\w/.-]+")
CODES = ("MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", "MISSING_GITHUB_REPO_CONDITION_KEY")


@rule(
    "IAM510",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.TRUST,),
    needs=("Allow", "Principal"),
    aws=CODES,
)
def oidc_without_condition(statement: Statement, _: Context) -> Iterator[Finding]:
    """Identity provider is trusted whatever its tokens say.

    ## Why it matters

    An OIDC provider vouches for everybody it knows: every user of an identity
    pool, every pod of a cluster, every customer of a build service. Without a
    condition on the claims of its tokens, all of them can assume the role.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/idp.example.com"},
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ every token of `idp.example.com` is accepted
        "Action": "sts:AssumeRoleWithWebIdentity"
      }
    }
    ```

    The claims of another provider are of no help.

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/idp.example.com"},
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no condition looks at a claim of `idp.example.com`
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {"login.example.com:sub": "nightly"}}
      }
    }
    ```

    The condition keys are the provider's address and the claim.

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/idp.example.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {"idp.example.com:aud": "reports", "idp.example.com:sub": "nightly"}}
      }
    }
    ```

    ## References

    - [Create a role for OpenID Connect federation](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html)
    - [Available keys for OIDC federation](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif)
    - [Access Analyzer: missing condition key for OIDC principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    keys = statement.condition_keys()
    for entry in statement.principals:
        issuer = _issuer(entry)
        if issuer and not any(_is_claim(key, issuer) for key in keys):
            yield _finding(entry, issuer, next(filter(_CLAIM.fullmatch, sorted(keys)), None))


def _finding(entry: PrincipalEntry, issuer: str, other: str | None) -> Finding:
    """Of one issuer; `other` is a condition's key that is a claim of another one."""
    return Finding(
        entry.at,
        f"no condition looks at a claim of `{issuer}`" if other else f"every token of `{issuer}` is accepted",
        why=f"its tokens have no `{other}`" if other else "no condition looks at the claims of its tokens",
        help=f"add a condition on `{issuer}:sub`",
        severity=Severity.CRITICAL if issuer == GITHUB and not other else None,
        aws=CODES if issuer == GITHUB else CODES[:1],
    )


def _issuer(entry: PrincipalEntry) -> str | None:
    """The address of a web identity provider, as it begins the condition keys; None for others."""
    if entry.type != "Federated" or "*" in entry.value or is_computed(entry.value):
        return None
    before, found, issuer = entry.value.partition(":oidc-provider/")
    if found:
        return issuer
    return before if "." in before and "/" not in before and ":" not in before else None


def _is_claim(key: str, issuer: str) -> bool:
    """Whether a condition key is a claim of the provider, or may become one once a template is filled."""
    return key.startswith((f"{issuer.lower()}:", f"{issuer.lower().rstrip('/')}:")) or is_computed(key)
