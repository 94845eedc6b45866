import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from iamlint.rule import Catalog, Confidence, Context, Finding, Fix, Severity, Statement, arn_fields, replace, rule

_HEAD = re.compile(r"[\w-]+(?=[:/])")


@rule(
    "IAM116",
    on=Statement,
    severity=Severity.MEDIUM,
    needs="ARN",
    confidence=Confidence.MEDIUM,
    aws="INVALID_ARN_RESOURCE",
    parliament="RESOURCE_MISMATCH",
)
def misspelt_resource_type(statement: Statement, context: Context) -> Iterator[Finding]:
    """Resource type of an ARN is spelled otherwise than the service does.

    ## Why it matters

    Resources are compared letter by letter, and `Role/reader` is not
    `role/reader`: the ARN names nothing that exists, so the statement does
    nothing for it.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["iam:GetRole", "states:StartExecution"],
        "Resource": [
          "arn:aws:iam::111122223333:rolle/reader",
                                     ^^^^^ `iam` has no resource type `rolle`
          "arn:aws:states:us-east-1:111122223333:statemachine:orders"
                                                 ^^^^^^^^^^^^ upper and lower case matter here: `stateMachine`
        ]
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["iam:GetRole", "states:StartExecution"],
        "Resource": [
          "arn:aws:iam::111122223333:role/reader",
          "arn:aws:states:us-east-1:111122223333:stateMachine:orders"
        ]
      }
    }
    ```

    AWS has more types than it documents: what is like none of them is left
    alone.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "iam:GetRole",
        "Resource": ["arn:aws:iam::111122223333:role/reader", "arn:aws:iam::111122223333:novelty/reader"]
      }
    }
    ```

    ## References

    - [Actions, resources and condition keys for AWS services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    - [Access Analyzer: invalid ARN resource](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for resource in (*statement.resources, *statement.not_resources):
        head, near, service = _slip(resource.text, context.catalog)
        if head and near:
            is_case = near.lower() == head[0].lower()
            yield Finding(
                resource.at,
                f"upper and lower case matter here: `{near}`"
                if is_case
                else f"`{service}` has no resource type `{head[0]}`",
                part=head.span(),
                help="" if is_case else f"did you mean `{near}`?",
                fix=Fix.risky(
                    f"Write `{near}`",
                    replace(resource.at, f"{resource.text[: head.start()]}{near}{resource.text[head.end() :]}"),
                ),
                confidence=None if is_case else Confidence.LOW,
                # AWS's check passes over `statemachine` and `connector-profile`, in its own policies.
                aws=() if _letters(near) == _letters(head[0]) else None,
            )


@lru_cache(maxsize=16384)
def _slip(text: str, catalog: Catalog) -> tuple[re.Match[str] | None, str, str]:
    """The resource type, the one that was meant if it is none, and the service."""
    arn = arn_fields(text)
    head = _HEAD.match(text, arn.start("resource")) if arn else None
    if arn is None or head is None:
        return None, "", ""
    return head, _near(head[0], arn["service"], catalog), arn["service"]


def _types(service: str, catalog: Catalog) -> Sequence[str]:
    """What the service's documented ARNs begin their last field with; nothing where that can be a name."""
    return catalog.remember(("heads", service), lambda: _heads(service, catalog))


def _heads(service: str, catalog: Catalog) -> Sequence[str]:
    arns = catalog.documented_arns(service)
    heads = [re.split(r"[:/$]", arn.resource.lstrip("/"), maxsplit=1)[0] for arn in arns]
    return list(dict.fromkeys(heads)) if all(heads) else ()


@lru_cache(maxsize=4096)
def _letters(name: str) -> str:
    return name.replace("-", "").lower()


def _near(head: str, service: str, catalog: Catalog) -> str:
    """The type that was meant; empty if it is one, or like none."""
    heads = _types(service, catalog)
    if head in heads:
        return ""
    same = [each for each in heads if each.lower() == head.lower()]
    if same or not heads:
        return "".join(same[:1])
    from difflib import get_close_matches  # noqa: PLC0415 - only for a slip

    return "".join(get_close_matches(head, heads, n=1, cutoff=0.85))
