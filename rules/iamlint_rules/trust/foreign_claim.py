import re
from collections.abc import Iterator

from iamlint.rule import (
    Condition,
    Context,
    Finding,
    PolicyKind,
    PrincipalEntry,
    Related,
    Severity,
    Statement,
    is_computed,
    rule,
)

_CLAIM = re.compile(r"([a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[^:]*)?):[\w/.-]+")


@rule(
    "IAM577",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.TRUST,),
    needs=("Allow", "Principal", "Condition"),
)
def foreign_claim(statement: Statement, _: Context) -> Iterator[Finding]:
    """Claims of two providers are demanded of one token.

    ## Why it matters

    All conditions of a statement have to hold, and a token has the claims of
    its own provider only: those of another one are absent. A statement that
    demands both, say of an old and a new cluster, lets nobody in. Each
    provider needs a statement of its own.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {
          "Federated": [
            "arn:aws:iam::111122223333:oidc-provider/blue.example.com",
            ---------------------------------------------------------- the provider
            "arn:aws:iam::111122223333:oidc-provider/green.example.com"
          ]
        },
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
          "StringEquals": {
            "blue.example.com:sub": "nightly",
            "green.example.com:sub": "nightly"
            ^^^^^^^^^^^^^^^^^^^^^^^ a token of `blue.example.com` has no `green.example.com:sub`
          }
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
          "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/blue.example.com"},
          "Action": "sts:AssumeRoleWithWebIdentity",
          "Condition": {"StringEquals": {"blue.example.com:sub": "nightly"}}
        },
        {
          "Effect": "Allow",
          "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/green.example.com"},
          "Action": "sts:AssumeRoleWithWebIdentity",
          "Condition": {"StringEquals": {"green.example.com:sub": "nightly"}}
        }
      ]
    }
    ```

    ## References

    - [Conditions with multiple keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html)
    - [Available keys for OIDC federation](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif)
    """
    if any(entry.type != "Federated" or is_computed(entry.value) for entry in statement.principals):
        return
    claims = [(condition, match[1].rstrip("/")) for condition, match in _demanded(statement)]
    issuers = {issuer for _, issuer in claims}
    known = {_issuer(entry): entry for entry in statement.principals}
    if len(issuers) < 2 or not issuers & known.keys():
        return
    first = next(issuer for issuer in known if issuer in issuers)
    condition = next(condition for condition, issuer in claims if issuer != first)
    yield Finding(
        condition.at,
        f"a token of `{known[first].value.partition(':oidc-provider/')[2] or known[first]}` has no `{condition.key}`",
        on_key=True,
        why="all conditions of a statement must hold, so nobody can assume the role by it",
        help="write a statement for each provider",
        related=(Related(known[first].at, "the provider"),),
    )


def _demanded(statement: Statement) -> Iterator[tuple[Condition, re.Match[str]]]:
    """The conditions that a token without the claim fails."""
    for condition in statement.conditions:
        match = _CLAIM.fullmatch(condition.key_lower)
        if match and condition.operator.known and not condition.holds_when_absent:
            yield condition, match


def _issuer(entry: PrincipalEntry) -> str:
    return (entry.value.partition(":oidc-provider/")[2] or entry.value).lower().rstrip("/")
