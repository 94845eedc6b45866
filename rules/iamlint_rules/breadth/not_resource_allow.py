from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, Severity, Statement, rule


@rule(
    "IAM404",
    on=Statement,
    severity=Severity.MEDIUM,
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION, PolicyKind.RESOURCE),
    needs=("Allow", "NotResource"),
    parliament="NOTRESOURCE_WITH_ALLOW",
)
def not_resource_allow(statement: Statement, _: Context) -> Iterator[Finding]:
    """Every resource that is not listed is allowed.

    ## Why it matters

    `NotResource` with `Allow` grants the actions on everything but what is
    listed, in other accounts and in times to come. It denies nothing: another
    statement may allow what is listed.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "NotResource": "arn:aws:s3:::payroll/*"
        ^^^^^^^^^^^^^ `NotResource` allows every resource but those listed
      }
    }
    ```

    With `Deny` it keeps the actions to a list.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:*",
        "NotResource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: NotResource](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html)
    """
    listed = statement.not_resources
    if statement.allows and listed and not any(resource.is_everything for resource in listed):
        yield Finding(
            statement.element_at("NotResource"),
            "`NotResource` allows every resource but those listed",
            help="list what is allowed, with `Resource`, and deny the exceptions",
            on_key=True,
        )
