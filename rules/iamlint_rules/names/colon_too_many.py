from collections.abc import Iterator

from iamlint.rule import Catalog, Confidence, Context, Finding, Fix, Severity, Statement, arn_fields, replace, rule


@rule(
    "IAM181",
    on=Statement,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    needs="ARN",
    parliament="RESOURCE_MISMATCH",
)
def colon_too_many(statement: Statement, context: Context) -> Iterator[Finding]:
    """ARN has a colon too many before its last field.

    ## Why it matters

    The last field begins after the fifth colon. One more makes the name begin
    with a colon, as no name does, so the resource matches nothing.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:us-east-1:111122223333::orders"
                                                        ^ the name follows five colons, and these are 6
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:us-east-1:111122223333:orders"
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "logs:PutLogEvents",
        "Resource": "arn:aws:logs:us-east-1:111122223333:log-group:orders:*"
      }
    }
    ```

    ## References

    - [Amazon Resource Names](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
    """
    for resource in (*statement.resources, *statement.not_resources):
        if "::" not in resource.text:
            continue
        arn = arn_fields(resource.text)
        extra = _extra(arn["service"], arn["resource"], context.catalog) if arn else 0
        if arn and extra:
            start = arn.start("resource")
            fewer = resource.text[:start] + resource.text[start + extra :]
            yield Finding(
                resource.at,
                f"the name follows five colons, and these are {5 + extra}",
                part=(start, start + extra),
                fix=Fix.risky("Remove what is too much", replace(resource.at, fewer)),
            )


def _extra(service: str, resource: str, catalog: Catalog) -> int:
    """How many colons the last field begins with; none where AWS documents the service's names so, or not at all."""
    bare = resource.lstrip(":")
    if bare in (resource, "") or catalog.service(service) is None:
        return 0
    documented = catalog.documented_arns(service)
    if any(each.resource.startswith(":") for each in documented) or not catalog.documented_arns(service, bare):
        return 0
    return len(resource) - len(bare)
