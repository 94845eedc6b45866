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

ENTITY = "urn:amazon:webservices"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
SIGN_IN = {
    ENTITY: "https://signin.aws.amazon.com/saml",
    f"{ENTITY}:cn-north-1": "https://signin.amazonaws.cn/saml",
    f"{ENTITY}:govcloud": "https://signin.amazonaws-us-gov.com/saml",
}


@rule(
    "IAM576",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.TRUST,),
    needs=("Allow", "Principal", "Condition"),
)
def saml_audience_mismatch(statement: Statement, _: Context) -> Iterator[Finding]:
    """Audience of SAML is compared with a name that it never is.

    ## Why it matters

    `SAML:aud` is the `Recipient` of an assertion: the address of the sign-in
    page. What the assertion itself calls its audience,
    `urn:amazon:webservices`, is something else. With it nobody can assume the
    role.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/corp"},
        "Action": "sts:AssumeRoleWithSAML",
        "Condition": {"StringEquals": {"SAML:aud": "urn:amazon:webservices"}}
                                                   ^^^^^^^^^^^^^^^^^^^^^^^^ `SAML:aud` is where an assertion is sent, which is never `urn:amazon:webservices`
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

    ## References

    - [Configure SAML assertions](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html)
    - [saml:aud](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml)
    """
    for condition in statement.conditions:
        if condition.key_lower == "saml:aud" and condition.operator.family == "String":
            yield from (_finding(value) for value in condition.values if _is_wrong(value.text))


def _is_wrong(text: str) -> bool:
    """Whether it is the name of AWS, or its sign-in page without the path."""
    return text.startswith(ENTITY) or text.rstrip("/") in {page.removesuffix("/saml") for page in SIGN_IN.values()}


def _finding(value: ConditionValue) -> Finding:
    right = SIGN_IN.get(value.text)
    if not value.text.startswith(ENTITY):
        right = f"{value.text.rstrip('/')}/saml"
    return Finding(
        value.at,
        f"`SAML:aud` is where an assertion is sent, which is never `{value}`",
        help=f"write `{right or SIGN_IN[ENTITY]}`",
        fix=Fix.risky(f"Write `{right}`", replace(value.at, right)) if right else None,
    )
