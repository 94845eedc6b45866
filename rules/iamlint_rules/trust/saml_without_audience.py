from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, Severity, Statement, is_computed, rule


@rule("IAM570", on=Statement, severity=Severity.LOW, kinds=(PolicyKind.TRUST,), needs=("Allow", "Principal"))
def saml_without_audience(statement: Statement, _: Context) -> Iterator[Finding]:
    """SAML provider is trusted whatever its assertions say.

    ## Why it matters

    The provider vouches for all of its users. Which of them get a role is
    then for the provider's administrators alone to say, and an assertion that
    was meant for one sign-in page serves at any. AWS's examples compare at
    least `SAML:aud`, the page that the assertion was sent to.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/corp"},
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ every assertion of `corp` is accepted
        "Action": "sts:AssumeRoleWithSAML"
      }
    }
    ```

    ```json good trust
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

    - [Create a role for SAML 2.0 federation](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_saml.html)
    - [Available keys for SAML-based federation](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml)
    """
    for entry in statement.principals:
        if entry.type != "Federated" or ":saml-provider/" not in entry.value:
            continue
        if any(key.startswith("saml:") or is_computed(key) for key in statement.condition_keys()):
            continue
        if statement.applies_to_action("sts:AssumeRoleWithSAML"):
            yield Finding(
                entry.at,
                f"every assertion of `{entry.value.rpartition('/')[2]}` is accepted",
                why="no condition looks at what the assertion says",
                help="add a condition on `SAML:aud`",
            )
