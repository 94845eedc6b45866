from collections.abc import Iterator

from iamlint.rule import Condition, Context, Finding, Fix, PolicyKind, Severity, Statement, rename, rule

CODES = {"ForAnyValue": "FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE", "ForAllValues": "CONFIRM_AUDIENCE_CLAIM_TYPE"}


@rule(
    "IAM521",
    on=Statement,
    severity=Severity.LOW,
    kinds=(PolicyKind.TRUST,),
    needs="Condition",
    aws=tuple(CODES.values()),
)
def qualified_audience(statement: Statement, _: Context) -> Iterator[Finding]:
    """Audience of a token is compared as if it were many.

    ## Why it matters

    The `aud` claim is one value. `ForAnyValue:` is for keys with several, and
    `ForAllValues:` is true for a token without the claim.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/idp.example.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
          "ForAllValues:StringEquals": {"idp.example.com:aud": "reports"},
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^ `idp.example.com:aud` is one value
          "StringLike": {"idp.example.com:sub": "nightly-*"}
        }
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/idp.example.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
          "StringEquals": {"idp.example.com:aud": "reports"},
          "StringLike": {"idp.example.com:sub": "nightly-*"}
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

    - [Multivalued context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html)
    - [Access Analyzer: ForAnyValue with audience claim type](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for condition in statement.conditions:
        code = CODES.get(condition.operator.qualifier or "")
        if code and condition.key_lower.endswith(":aud"):
            yield Finding(
                condition.operator_at,
                f"`{condition.key}` is one value",
                on_key=True,
                help=f"write `{condition.operator.unqualified}`",
                severity=Severity.MEDIUM if code.startswith("FORANY") else Severity.LOW,
                aws=(code,),
                fix=_fix(statement, condition),
            )


def _fix(statement: Statement, condition: Condition) -> Fix | None:
    plain = condition.operator.unqualified
    if not statement.allows or not statement.can_rename(condition, plain):
        return None
    return Fix.tightening(f"Compare with `{plain}`", rename(condition.operator_at, plain))
