from collections.abc import Iterator

from iamlint.rule import Context, Finding, Fix, PolicyKind, Severity, Statement, is_computed, rename, rule

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
TYPES = {"aws": "AWS", "service": "Service", "federated": "Federated", "canonicaluser": "CanonicalUser"}
MEANT = {
    **TYPES,
    **dict.fromkeys(("account", "accounts", "iam", "arn", "user", "users", "role", "roles", "iamrole"), "AWS"),
    **dict.fromkeys(("saml", "oidc", "federation", "webidentity", "provider"), "Federated"),
}


@rule(
    "IAM504",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.RESOURCE, PolicyKind.TRUST, PolicyKind.VPC_ENDPOINT),
    aws="INVALID_PRINCIPAL_KEY",
    parliament="UNKNOWN_PRINCIPAL",
)
def unknown_principal_type(statement: Statement, _: Context) -> Iterator[Finding]:
    """Principal has a type that AWS does not know.

    ## Why it matters

    AWS rejects the policy. There are four types: `AWS`, `Service`,
    `Federated` and `CanonicalUser`, written just so.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Services": "ec2.amazonaws.com"},
                      ^^^^^^^^^^ `Services` is not a type of principal
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Account": "111122223333"},
                      ^^^^^^^^^ `Account` is not a type of principal
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "111122223333"},
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
        "Principal": {"Service": "ec2.amazonaws.com", "AWS": "111122223333"},
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ## References

    - [AWS JSON policy elements: Principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html)
    - [Access Analyzer: invalid principal key](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for element in ("Principal", "NotPrincipal"):
        principal = statement.raw.get(element)
        if not isinstance(principal, dict):
            continue
        for type_ in principal:
            if type_ not in TYPES.values() and not is_computed(type_):
                at = statement.element_at(element) / type_
                meant = _meant(type_)
                yield Finding(
                    at,
                    f"`{type_}` is not a type of principal",
                    on_key=True,
                    why="AWS rejects it",
                    help=f"did you mean `{meant}`?" if meant else "the types are `AWS`, `Service` and `Federated`",
                    fix=Fix.risky(f"Write `{meant}`", rename(at, meant)) if meant and meant not in principal else None,
                )


def _meant(type_: str) -> str | None:
    from difflib import get_close_matches  # noqa: PLC0415 - only a wrong name needs it

    near = get_close_matches(type_.lower().replace("_", ""), MEANT, n=1, cutoff=0.75)
    return MEANT[near[0]] if near else None
