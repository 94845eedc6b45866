from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, Severity, Statement, rule


@rule(
    "IAM502",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.RESOURCE, PolicyKind.VPC_ENDPOINT),
    needs=("Allow", "NotPrincipal"),
    aws="ALLOW_WITH_NOT_PRINCIPAL",
)
def allow_with_not_principal(statement: Statement, _: Context) -> Iterator[Finding]:
    """Everyone but the listed principals is allowed.

    ## Why it matters

    `NotPrincipal` with `Allow` does not mean "only not these": it lets in the
    rest of the world, callers without an AWS account included.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:user/alice"},
        ^^^^^^^^^^^^^^ everyone but these is allowed
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    Allow those who need it, and deny those who must not have it.

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": {"AWS": "111122223333"},
          "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
        },
        {
          "Effect": "Deny",
          "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"},
          "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
        }
      ]
    }
    ```

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "NotPrincipal": {"AWS": ["111122223333", "arn:aws:iam::111122223333:user/alice"]},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ## References

    - [AWS JSON policy elements: NotPrincipal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html)
    - [Access Analyzer: allow with NotPrincipal](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    if statement.allows and statement.has("NotPrincipal"):
        yield Finding(
            statement.element_at("NotPrincipal"),
            "everyone but these is allowed",
            on_key=True,
            why="that takes in every other AWS account, and callers without one",
            help="list in `Principal` those who need it, and deny the others in a statement of its own",
        )
