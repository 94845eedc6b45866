from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, Severity, Statement, is_computed, rule

# https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html
TELLING = ("aws:sourcearn", "aws:principaltag/", "aws:requesttag/", "sts:sourceidentity", "sts:rolesessionname")


@rule("IAM572", on=Statement, severity=Severity.LOW, kinds=(PolicyKind.TRUST,), needs=("Allow", "Principal"))
def roles_anywhere_without_anchor(statement: Statement, context: Context) -> Iterator[Finding]:
    """Any certificate is good enough for IAM Roles Anywhere.

    ## Why it matters

    Roles Anywhere gives the role to whoever shows a certificate that one of
    the account's trust anchors signed: every machine of every certificate
    authority that is, or will be, registered. AWS strongly recommends to name
    the trust anchor in `aws:SourceArn`; the fields of the certificate are in
    `aws:PrincipalTag/x509Subject/CN` and the like.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "rolesanywhere.amazonaws.com"},
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ any certificate of any trust anchor can assume this role
        "Action": ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"]
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "rolesanywhere.amazonaws.com"},
        "Action": ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
        "Condition": {
          "ArnEquals": {"aws:SourceArn": "arn:aws:rolesanywhere:us-east-1:111122223333:trust-anchor/a1b2c3d4"}
        }
      }
    }
    ```

    ## References

    - [Roles Anywhere trust model](https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html)
    """
    for entry in statement.principals:
        if entry.value == "rolesanywhere.amazonaws.com" and statement.applies_to_action("sts:AssumeRole"):
            keys = {key for each in context.policy.statements for key in each.condition_keys()}
            if not any(key.startswith(TELLING) or is_computed(key) for key in keys):
                yield Finding(
                    entry.at,
                    "any certificate of any trust anchor can assume this role",
                    help="add a condition on `aws:SourceArn` with the trust anchor, or on the certificate's subject",
                )
