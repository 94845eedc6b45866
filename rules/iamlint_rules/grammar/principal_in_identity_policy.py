from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, Severity, Statement, rule

KINDS = {PolicyKind.BOUNDARY: "a permissions boundary", PolicyKind.SESSION: "a session policy"}


@rule(
    "IAM015",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SESSION),
    aws="UNSUPPORTED_PRINCIPAL",
)
def principal_in_identity_policy(statement: Statement, context: Context) -> Iterator[Finding]:
    """An identity policy names a principal.

    ## Why it matters

    An identity policy is about whoever it is attached to; IAM rejects one that
    has a `Principal`. It is most often a trust policy or the policy of a
    bucket, a queue or a key that went to the wrong place.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/reader"},
        ^^^^^^^^^^^ an identity policy has no `Principal`
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/reader"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ## References

    - [AWS JSON policy elements: Principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html)
    - [Identity-based policies and resource-based policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html)
    """
    for element in ("Principal", "NotPrincipal"):
        if element in statement.raw:
            yield Finding(
                statement.element_at(element),
                f"{KINDS.get(context.policy.kind, 'an identity policy')} has no `{element}`",
                why="IAM rejects the policy: it is about whoever it is attached to",
                help="remove it, or attach the policy to the role (as its trust policy) or resource it is meant for",
                on_key=True,
            )
