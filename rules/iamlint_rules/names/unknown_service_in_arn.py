import re
from collections.abc import Iterator
from functools import lru_cache

from iamlint.rule import Catalog, Confidence, Context, Finding, Fix, Severity, Statement, replace, rule

_ARN = re.compile(r"(arn:[\w*?-]*:)([\w-]+)(:.*)", re.DOTALL)


@rule(
    "IAM108",
    on=Statement,
    severity=Severity.HIGH,
    needs="ARN",
    aws=("INVALID_SERVICE", "INVALID_ARN_SERVICE_CASE"),
    parliament="RESOURCE_MISMATCH",
)
def unknown_service_in_arn(statement: Statement, context: Context) -> Iterator[Finding]:
    """ARN names a service that does not exist, or not in lower case.

    ## Why it matters

    The ARN names nothing that exists, so the statement does nothing for it:
    resources are compared letter by letter, `S3` is not `s3`. The service of
    an ARN is that of its actions, with few exceptions.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "lambda:InvokeFunction"],
        "Resource": [
          "arn:aws:S3:::amzn-s3-demo-bucket/*",
                   ^^ the service of an ARN is in lower case: `s3`
          "arn:aws:lamda:us-east-1:111122223333:function:resize"
                   ^^^^^ AWS has no service `lamda`
        ]
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "lambda:InvokeFunction"],
        "Resource": [
          "arn:aws:s3:::amzn-s3-demo-bucket/*",
          "arn:aws:lambda:us-east-1:111122223333:function:resize"
        ]
      }
    }
    ```

    In an action, letter case makes no difference.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "S3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ## References

    - [Amazon Resource Names](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
    - [Access Analyzer: invalid service, invalid ARN service case](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for resource in (*statement.resources, *statement.not_resources):
        arn = _strange(resource.text, context.catalog)
        if arn is None:
            continue
        service, lower = arn[2], arn[2].lower()
        near = [lower] if _is_in_arns(lower, context.catalog) else context.catalog.nearest_services(service)
        if near == [service]:
            continue
        is_case = near == [lower]
        fixed = f"{arn[1]}{near[0]}{arn[3]}" if len(near) == 1 else None
        is_retired = context.catalog.is_retired_service(service)
        yield Finding(
            resource.at,
            f"the service of an ARN is in lower case: `{lower}`" if is_case else f"AWS has no service `{service}`",
            part=arn.span(2),
            help=f"did you mean {' or '.join(f'`{name}`' for name in near)}?" if near and not is_case else "",
            fix=Fix.risky(f"Write `{near[0]}`", replace(resource.at, fixed)) if fixed else None,
            severity=Severity.LOW if is_retired else None,
            confidence=Confidence.HIGH if near or is_retired else Confidence.MEDIUM,
            aws=("INVALID_ARN_SERVICE_CASE",) if is_case else ("INVALID_SERVICE",),
        )


@lru_cache(maxsize=16384)
def _strange(text: str, catalog: Catalog) -> re.Match[str] | None:
    """The parts of an ARN whose service is no action's prefix."""
    arn = _ARN.fullmatch(text)
    return arn if arn and arn[2] not in catalog.services else None


def _is_in_arns(name: str, catalog: Catalog) -> bool:
    """Whether ARNs have this service, be it as an action's prefix or in another service's ARNs, as Service Catalog's."""
    if name in catalog.services:
        return True
    services = catalog.services.values() if not catalog.is_retired_service(name) else ()
    types = (type_ for service in services for type_ in service.resources.values())
    return any(template.split(":")[2] == name for type_ in types for template in type_.arns)
