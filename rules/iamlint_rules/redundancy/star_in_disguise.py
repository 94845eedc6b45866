import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from iamlint.rule import Arn, Catalog, Context, Finding, Pattern, PolicyKind, Severity, Statement, is_computed, rule


@rule(
    "IAM222",
    on=Statement,
    severity=Severity.INFO,
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
    needs=("Allow", "Resource"),
    parliament="RESOURCE_EFFECTIVELY_STAR",
    pedantic=True,
)
def star_in_disguise(statement: Statement, context: Context) -> Iterator[Finding]:
    """Resources are all that the actions can work on.

    ## Why it matters

    The list reads like a limit and is none: of every type of resource that the
    actions work on, it takes in all there are. (The access points of S3, which
    are other names for buckets, are left aside.) Reviewers who look for `*`
    pass over it.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": ["arn:aws:s3:::*", "arn:aws:s3:::*/*"]
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the actions work on no other resources: this means `*`
      }
    }
    ```

    Buckets whose names begin alike are fewer than all, and so are the queues
    of one account, and what a variable is put in for.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports-*"},
        {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:*:111122223333:*"},
        {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::${transfer:HomeDirectory}*"}
      ]
    }
    ```

    ## References

    - [IAM JSON policy elements: Resource](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html)
    - [Grant least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    """
    texts = [resource.text for resource in statement.resources if not is_computed(resource.text)]
    arns = tuple(arn for text in texts if (arn := Arn.parse(text)))
    if len(arns) < len(statement.resources) or not any(arn.resource.endswith("*") for arn in arns):
        return
    if statement.actions and all(_has_all(entry.key, arns, context.catalog) for entry in statement.actions):
        yield Finding(
            statement.element_at("Resource"),
            "the actions work on no other resources: this means `*`",
            help="name the resources that are needed, or write `*`",
        )


@lru_cache(maxsize=4096)
def _has_all(entry: str, arns: Sequence[Arn], catalog: Catalog) -> bool:
    """Whether some ARNs take in every resource that the actions of an entry can work on; none may need a bare `*`."""
    actions = list(catalog.actions_of(entry)) if not entry.startswith("*") else []
    return bool(actions) and all(action.resources and _covers(action.name, arns, catalog) for action in actions)


def _covers(action: str, arns: Sequence[Arn], catalog: Catalog) -> bool:
    """Whether each kind of resource, in any partition, is within one of the ARNs."""
    known = (arn for text in catalog.arns_of(action) if (arn := Arn.parse(text)))
    templates = [arn for arn in known if not (arn.service == "s3" and arn.account)]
    return bool(templates) and all(
        any(all(_glob(one) <= _glob(two) for one, two in zip(template[1:], arn[1:], strict=True)) for arn in arns)
        for template in templates
    )


@lru_cache(maxsize=8192)
def _glob(field: str) -> Pattern:
    return Pattern(re.sub(r"\$\{[^}]*\}", "*", field))
