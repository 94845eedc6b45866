from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, Severity, rule


@rule("IAM911", on=Policy, severity=Severity.MEDIUM, confidence=Confidence.LOW, parliament="UNKNOWN_FEDERATION_SOURCE")
def parliament_unknown_federation_source(_: Policy, context: Context) -> Iterator[Finding]:
    """Federated principal is no identity provider.

    ## Why it matters

    A federated principal is a SAML or OIDC provider of the account, given by its
    ARN, or one of four public ones. With any other the role cannot be assumed.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "login.example.com"},
                                   ^^^^^^^^^^^^^^^^^^^ `login.example.com` is no identity provider that AWS knows
        "Action": "sts:AssumeRoleWithWebIdentity"
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/login.example.com"},
        "Action": "sts:AssumeRoleWithWebIdentity"
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html)
    """
    for opinion in context.opinions("UNKNOWN_FEDERATION_SOURCE"):
        yield Finding(opinion.at, f"`{opinion.detail}` is no identity provider that AWS knows")
