import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from iamlint.rule import (
    Action,
    Arn,
    Catalog,
    Confidence,
    Context,
    Finding,
    Pattern,
    PolicyKind,
    Related,
    Severity,
    Statement,
    rule,
)

_KINDS = [kind for kind in PolicyKind if kind is not PolicyKind.TRUST]
_SETTLED = ("dynamodb", "ec2", "kms", "lambda", "s3")
"""Services whose documentation is complete enough to go by; elsewhere AWS takes more than it documents, to judge from its
own policies for DataZone or Marketplace: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html"""


_OF_BOTH_BALANCERS = ("elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags")
"""Two services share a prefix and these names, and the catalogue knows what they work on in the older only:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html"""


@rule(
    "IAM109",
    on=Statement,
    severity=Severity.MEDIUM,
    needs="ARN",
    confidence=Confidence.LOW,
    kinds=_KINDS,
    parliament="RESOURCE_MISMATCH",
)
def action_resource_mismatch(statement: Statement, context: Context) -> Iterator[Finding]:
    """Action works on none of the statement's resources.

    ## Why it matters

    An action is allowed or denied on resources of its own types only. Over
    other resources it grants nothing, and in a Deny it protects nothing,
    although it reads otherwise. Many actions that list or describe work on no
    type of resource at all, and need `"Resource": "*"`.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "dynamodb:GetItem"],
                                   ^^^^^^^^^^^^^^^^^^ `dynamodb:GetItem` works on none of the resources
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
                    ------------------------------------ this is no table
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["ec2:StartInstances", "ec2:DescribeInstances"],
                                         ^^^^^^^^^^^^^^^^^^^^^^^ `ec2:DescribeInstances` works with the resource `*` only
        "Resource": "arn:aws:ec2:us-east-1:111122223333:instance/*"
      }
    }
    ```

    Actions of several services may share a statement with the resources of
    each; and of a wildcard it is enough that one action fits.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:*", "dynamodb:GetItem"],
        "Resource": [
          "arn:aws:s3:::amzn-s3-demo-bucket/*",
          "arn:aws:dynamodb:us-east-1:111122223333:table/orders"
        ]
      }
    }
    ```

    Bucket and object mixed up in S3 are left to `object-action-on-bucket` and
    `bucket-action-on-objects`.

    ## References

    - [Actions, resources and condition keys for AWS services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    - [IAM JSON policy elements: Resource](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html)
    """
    arns = [Arn.parse(resource.text) for resource in statement.resources]
    given = [arn for arn in arns if arn]
    if len(given) < len(arns) or not given:  # `*`, or what other rules report
        return
    for entry in statement.actions:
        if not any(_fits(action, given, context.catalog) for action in context.catalog.actions_of(entry.text)):
            actions = list(context.catalog.actions_of(entry.text))
            if actions and not _is_elsewhere(actions[0], given, context) and not all(map(_is_alias, given)):
                yield _finding(entry, actions, statement, given, context.catalog)


def _is_alias(arn: Arn) -> bool:
    """Whether it is a key's alias: another rule's."""
    return arn.service == "kms" and arn.resource.startswith("alias/")


def _fits(action: Action, given: Sequence[Arn], catalog: Catalog) -> bool:
    """Whether the action can work on one of the ARNs; what AWS does not document at all is taken for fitting."""
    if not action.resources:
        # S3 takes `arn:aws:s3:::*` for `*`, and others may do alike.
        is_settled = action.service in _SETTLED
        own = [arn.resource for arn in given if _meet(arn.service, action.service)]
        return any(resource == "*" if is_settled else "*" in resource for resource in own)
    known = _known(action.service, catalog)
    templates = known if action.name in _OF_BOTH_BALANCERS else _templates(action, catalog)
    for arn in given:
        near = [template for template in templates if _meet(template.service, arn.service)]
        if near and (_has(near, arn) or not _has(known, arn) or _is_of_s3(action, arn)):
            return True
    return False


def _templates(action: Action, catalog: Catalog) -> Sequence[Arn]:
    names = tuple(use.name.lower() for use in action.resources)
    types = catalog.services[action.service].resources
    return catalog.remember(
        ("templates", action.service, names),
        lambda: [arn for name in names for text in types[name].arns if (arn := Arn.parse(text))],
    )


def _known(service: str, catalog: Catalog) -> Sequence[Arn]:
    types = catalog.services[service].resources
    return catalog.remember(
        ("templates", service),
        lambda: [arn for each in types.values() for text in each.arns if (arn := Arn.parse(text))],
    )


def _has(templates: Sequence[Arn], arn: Arn) -> bool:
    return any(
        _meet(template.service, arn.service)
        and _meet(template.resource, arn.resource)
        and _meet(template.region, arn.region)
        and _meet(template.account, arn.account)
        for template in templates
    )


def _meet(one: str, other: str) -> bool:
    """Whether some text is meant by both."""
    if one == other or "*" in (one, other):
        return True
    mine, theirs = _head(one), _head(other)
    return (mine.startswith(theirs) or theirs.startswith(mine)) and Pattern(one) & Pattern(other)


@lru_cache(maxsize=4096)
def _head(text: str) -> str:
    """What comes before the first wildcard or variable."""
    return re.split(r"[*?$]", text, maxsplit=1)[0]


def _is_of_s3(action: Action, arn: Arn) -> bool:
    """Whether it is a bucket or object, and the action for either."""
    return arn.service == "s3" and not arn.account and any(use.name in ("bucket", "object") for use in action.resources)


def _finding(
    entry: Pattern, actions: Sequence[Action], statement: Statement, given: Sequence[Arn], catalog: Catalog
) -> Finding:
    first, none = actions[0], not any(action.resources for action in actions)
    if none:
        message, help_ = f"`{entry}` works with the resource `*` only", 'move it to a statement with `"Resource": "*"`'
    else:
        first = next(action for action in actions if action.resources)
        templates = list(dict.fromkeys(str(arn) for arn in _templates(first, catalog)))
        message = f"`{entry}` works on none of the resources"
        help_ = f"its resources are `{'`, `'.join(templates[:3])}`" + (" and others" if len(templates) > 3 else "")
    is_foreign = _is_foreign(first, given, catalog)
    return Finding(
        entry.at,
        message,
        help=help_,
        related=() if none or len(given) > 1 or entry.has_wildcard else _related(first, statement),
        confidence=Confidence.MEDIUM if first.service in _SETTLED and (none or is_foreign) else None,
    )


def _is_elsewhere(action: Action, given: Sequence[Arn], context: Context) -> bool:
    """Whether, in the policy of a resource, it is another rule's, or AWS's documents take more than they list."""
    if context.policy.kind is not PolicyKind.RESOURCE:
        return False
    is_foreign = context.policy.service is not None and _is_foreign(action, given, context.catalog)
    is_of_none = context.policy.is_attached and not action.resources
    return is_foreign or is_of_none or action.service not in _SETTLED


def _is_foreign(action: Action, given: Sequence[Arn], catalog: Catalog) -> bool:
    """Whether all is of other services."""
    return all(
        not _meet(arn.service, template.service) for arn in given for template in _known(action.service, catalog)
    )


def _related(action: Action, statement: Statement) -> tuple[Related, ...]:
    types = " or ".join(use.name for use in action.resources[:3])
    return (Related(statement.resources[0].at, f"this is no {types}"),)
