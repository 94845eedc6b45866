from collections.abc import Iterator, Sequence

from iamlint.rule import Arn, Catalog, Context, Finding, Pattern, PolicyKind, Severity, Statement, is_placeholder, rule

ANYTHING = frozenset(("backup", "s3tables"))
"""Services that keep resources of others, whose policies may name those.

https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
"""

ALSO = {
    "s3": ("s3express", "s3-object-lambda", "s3-outposts", "s3tables", "s3vectors"),
    "ecr": ("ecr-public", "codeartifact"),
    "execute-api": ("apigateway", "vpc-lattice"),
    "apigateway": ("execute-api",),
    "es": ("opensearch", "aoss"),
    "kms": ("payment-cryptography",),
    "elasticfilesystem": ("s3files",),
    "glue": ("lakeformation",),
}
"""Services whose policies go by the same name, besides those whose ARNs the catalogue gives to a service's resources."""


@rule(
    "IAM157",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.RESOURCE,),
    needs="Resource",
    aws="UNSUPPORTED_RESOURCE_ARN_IN_POLICY",
    parliament="RESOURCE_MISMATCH",
)
def resource_of_another_service(statement: Statement, context: Context) -> Iterator[Finding]:
    """Resource is of another service than the policy is about.

    ## Why it matters

    A resource's policy speaks of that resource alone. A bucket policy with the
    ARN of a key protects no key, and grants nothing on it; most often an ARN
    was copied from elsewhere. Amazon S3 and others reject such a policy.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/reader"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this is no resource of Amazon S3
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
        "Resource": "arn:aws:s3:us-east-1:111122223333:accesspoint/reports/object/*"
      }
    }
    ```

    ## References

    - [Access Analyzer: unsupported resource ARN in policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-unsupported-resource-arn-in-policy)
    - [Amazon Resource Names](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
    """
    service = context.policy.service
    if service is None or service in ANYTHING:
        return
    for resource in statement.resources:
        arn = Arn.parse(resource.text)
        if arn and arn.service != service and _is_foreign(arn.service.lower(), service, context.catalog):
            yield Finding(
                resource.at,
                f"this is no resource of {context.catalog.title(service)}",
                why=f"the policy is one of `{service}`, and the ARN is one of `{arn.service}`",
                help="name the resource that the policy is attached to",
            )


def _is_foreign(given: str, service: str, catalog: Catalog) -> bool:
    """Whether an ARN's service is known, and neither the policy's nor one that lends it ARNs."""
    if Pattern(given).has_wildcard or is_placeholder(given) or catalog.service(given) is None:
        return False
    own = catalog.remember(("arn services", service), lambda: _own(service, catalog))
    return bool(own) and not any(Pattern(given) & Pattern(each) for each in own)


def _own(service: str, catalog: Catalog) -> Sequence[str]:
    """The services in the ARNs that a service's resources are documented to have; `*` where it is a variable."""
    known = catalog.service(service)
    texts = [text for each in known.resources.values() for text in each.arns] if known else []
    names = [arn.service for text in texts if (arn := Arn.parse(text))]
    return [*ALSO.get(service, ()), service, *("*" if "$" in name else name for name in names)] if names else []
