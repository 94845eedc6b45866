import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from iamlint.rule import (
    Arn,
    Catalog,
    Confidence,
    Context,
    Finding,
    Pattern,
    PolicyKind,
    Severity,
    Statement,
    is_computed,
    is_placeholder,
    rule,
)

_KINDS = [kind for kind in PolicyKind if kind is not PolicyKind.TRUST]
_SETTLED = re.compile(r"arn:[\w*-]*:(dynamodb|iam|kms|lambda|s3|sns|sqs):")
"""The resources of services whose documentation says completely which action works on which type of resource."""


@rule("IAM170", on=Statement, severity=Severity.INFO, confidence=Confidence.MEDIUM, kinds=_KINDS, needs="ARN")
def unused_resource(statement: Statement, context: Context) -> Iterator[Finding]:
    """Resource is of a type that no action of the statement works on.

    ## Why it matters

    The entry grants and denies nothing. It reads as if the statement reached
    this resource; perhaps the action that was meant for it is missing.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": [
          "arn:aws:s3:::amzn-s3-demo-bucket",
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no action of the statement works on it
          "arn:aws:s3:::amzn-s3-demo-bucket/*"
        ]
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "s3:GetObject"],
        "Resource": [
          "arn:aws:s3:::amzn-s3-demo-bucket/*",
          "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
          "arn:aws:kms:us-east-1:111122223333:alias/reports"
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no action of the statement works on it
        ]
      }
    }
    ```

    With an action that works on the bucket, both entries are used.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": ["arn:aws:s3:::amzn-s3-demo-bucket", "arn:aws:s3:::amzn-s3-demo-bucket/*"]
      }
    }
    ```

    Where an action works on none of the resources, `action-resource-mismatch`
    and its like say so.

    ## References

    - [Actions, resources and condition keys for AWS services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    """
    resources = statement.resources
    if len(resources) < 2 or not statement.actions or not any(_SETTLED.match(resource.text) for resource in resources):
        return
    entries = tuple(entry.key for entry in statement.actions)
    arns = [Arn.parse(resource.text) for resource in resources]
    given = [arn for arn in arns if arn]
    if len(given) < len(arns):
        return
    own = {entry.partition(":")[0] for entry in entries} if context.policy.kind is PolicyKind.RESOURCE else ()
    unused = [
        resource
        for resource, arn in zip(resources, given, strict=True)
        if _SETTLED.match(resource.text) and _is_plain(arn) and not _is_used(arn, entries, context.catalog)
    ]
    unused = [resource for resource in unused if not own or resource.text.split(":")[2] in own]
    if unused and all(any(_works_on(entry, arn, context.catalog) for arn in given) for entry in entries):
        for resource in unused:
            help_ = "remove it, or add the action that is to work on it"
            yield Finding(resource.at, "no action of the statement works on it", help=help_)


def _is_plain(arn: Arn) -> bool:
    """Whether its type can be told: of S3, that it is a bucket or its objects."""
    of_s3 = arn.service == "s3"
    return not is_placeholder(str(arn)) and not (of_s3 and (arn.account or is_computed(arn.resource.partition("/")[0])))


def _is_used(arn: Arn, entries: Sequence[str], catalog: Catalog) -> bool:
    return any(_works_on(entry, arn, catalog) for entry in entries)


@lru_cache(maxsize=8192)
def _works_on(entry: str, arn: Arn, catalog: Catalog) -> bool:
    """Whether an action can work on a resource; one that AWS does not know is taken for one that can."""
    types = _types(entry, catalog)
    return not types or any(_fits(name, template, arn) for name, template in types)


def _fits(name: str, template: Arn, arn: Arn) -> bool:
    if template.service == "s3" == arn.service and name in _OF_S3 and not arn.account:
        return _OF_S3[name] == ("/" in arn.resource) or (arn.resource.endswith("*") and "/" not in arn.resource)
    if template.service != arn.service and not {"*", "$"} & set(template.service):
        return False
    return all(_glob(one) & _glob(other) for one, other in zip(template[2:], arn[2:], strict=True))


_OF_S3 = {"bucket": False, "object": True}
"""The resource types of S3 whose ARNs name no account, and whether a slash is in them."""


@lru_cache(maxsize=8192)
def _types(entry: str, catalog: Catalog) -> Sequence[tuple[str, Arn]]:
    """The resource types that the actions of an entry work on, each with its ARN as a template."""
    if entry in ("*", "*:*"):
        return ()
    found: dict[tuple[str, Arn], None] = {}
    for action in catalog.actions_of(entry):
        types = catalog.services[action.service].resources
        for use in action.resources:
            arns = (Arn.parse(text) for text in types[use.name.lower()].arns)
            found |= {(use.name, arn): None for arn in arns if arn}
    return tuple(found)


@lru_cache(maxsize=8192)
def _glob(field: str) -> Pattern:
    return Pattern(re.sub(r"\$\{[^}]*\}", "*", field))
