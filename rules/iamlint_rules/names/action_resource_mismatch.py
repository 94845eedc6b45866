import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

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


_OF_BOTH_BALANCERS = ("elasticloadbalancing:addtags", "elasticloadbalancing:removetags")
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

    Several actions that work on nothing there are told together.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                   ^^^^^^^^^^^^^^^^^^^^^^ `logs:CreateLogStream` and 1 more work on none of the resources
                                           ------------------- nor does this
        "Resource": "arn:aws:logs:us-east-1:111122223333:log-group:/reports"
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
    known: dict[_Kind, bool] = {}
    alike: dict[tuple[bool, Confidence | None], list[tuple[Pattern, list[Action]]]] = {}
    for entry in statement.actions:
        if not _works(entry.key, given, known, context.catalog):
            actions = list(context.catalog.actions_of(entry.text))
            if actions and not _is_elsewhere(actions[0], given, context) and not all(map(_is_alias, given)):
                kind = _sort(actions, given, context.catalog)
                alike.setdefault(kind, []).append((entry, actions))
    for (none, confidence), found in alike.items():
        yield _finding(found, statement, given, context.catalog, none=none, confidence=confidence)


class _Kind(NamedTuple):
    """The actions of a service that work on the same types of resources; most statements have few kinds of actions."""

    service: str
    types: tuple[str, ...]


def _works(entry: str, given: Sequence[Arn], known: dict[_Kind, bool], catalog: Catalog) -> bool:
    """Whether an action of an entry can work on one of the ARNs; `known`: which kinds can."""
    wild = ("*" in entry or "?" in entry) and Pattern(entry).has_wildcard
    for name in catalog.expand(entry) if wild else (entry,):
        kind = _kind(name, catalog)
        if kind and kind not in known:
            known[kind] = _fits(kind, given, catalog)
        if kind and known[kind]:
            return True
    return False


@lru_cache(maxsize=16384)
def _kind(action: str, catalog: Catalog) -> _Kind | None:
    prefix, _, name = action.lower().partition(":")
    service = catalog.services.get(prefix)
    if service is None or name not in service.actions:
        return None
    of_both = action.lower() in _OF_BOTH_BALANCERS
    return _every(prefix, catalog) if of_both else _Kind(prefix, tuple([type_ for type_, _ in service.uses(name)]))


def _is_alias(arn: Arn) -> bool:
    """Whether it is a key's alias: another rule's."""
    return arn.service == "kms" and arn.resource.startswith("alias/")


def _fits(kind: _Kind, given: Sequence[Arn], catalog: Catalog) -> bool:
    """Whether such an action can work on one of the ARNs; what AWS does not document at all is taken for fitting."""
    if kind.types:
        return any(_works_on(kind, arn, catalog) for arn in given)
    # S3 takes `arn:aws:s3:::*` for `*`, and others may do alike.
    own = [arn.resource for arn in given if _meet(arn.service, kind.service)]
    return any(resource == "*" if kind.service in _SETTLED else "*" in resource for resource in own)


@lru_cache(maxsize=16384)
def _works_on(kind: _Kind, arn: Arn, catalog: Catalog) -> bool:
    near = _near(kind, arn.service, catalog)
    return bool(near) and (_has(near, arn) or not _is_documented(kind.service, arn, catalog) or _is_of_s3(kind, arn))


@lru_cache(maxsize=16384)
def _near(kind: _Kind, service: str, catalog: Catalog) -> Sequence[tuple[str, Arn]]:
    """The templates of a kind that are ARNs of a service, each with what its last field begins with."""
    templates = _templates(kind, catalog)
    return [(_head(template.resource), template) for template in templates if _meet(template.service, service)]


def _templates(kind: _Kind, catalog: Catalog) -> Sequence[Arn]:
    types = catalog.services[kind.service].resources
    return [arn for name in kind.types for text in types[name.lower()].arns if (arn := Arn.parse(text))]


@lru_cache(maxsize=16384)
def _is_documented(service: str, arn: Arn, catalog: Catalog) -> bool:
    """Whether any type of a service has ARNs of this shape."""
    return _has(_near(_every(service, catalog), arn.service, catalog), arn)


@lru_cache(maxsize=1024)
def _every(service: str, catalog: Catalog) -> _Kind:
    """All types of a service."""
    return _Kind(service, tuple(catalog.services[service].resources))


def _has(templates: Sequence[tuple[str, Arn]], arn: Arn) -> bool:
    head = _head(arn.resource)
    for start, template in templates:
        is_near = (start.startswith(head) or head.startswith(start)) and _meet(template.resource, arn.resource)
        if is_near and _meet(template.region, arn.region) and _meet(template.account, arn.account):
            return True
    return False


@lru_cache(maxsize=65536)
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


def _is_of_s3(kind: _Kind, arn: Arn) -> bool:
    """Whether it is a bucket or object, and the action for either."""
    return arn.service == "s3" and not arn.account and any(name in ("bucket", "object") for name in kind.types)


def _sort(actions: Sequence[Action], given: Sequence[Arn], catalog: Catalog) -> tuple[bool, Confidence | None]:
    """Whether some actions have no resources, and how sure that is."""
    none = not any(action.resources for action in actions)
    is_sure = actions[0].service in _SETTLED and (none or _is_foreign(actions[0], given, catalog))
    return none, Confidence.MEDIUM if is_sure else None


def _finding(
    found: Sequence[tuple[Pattern, Sequence[Action]]],
    statement: Statement,
    given: Sequence[Arn],
    catalog: Catalog,
    *,
    none: bool,
    confidence: Confidence | None,
) -> Finding:
    (entry, actions), *others = found
    what = f"`{entry}` and {len(others)} more work" if others else f"`{entry}` works"
    related: tuple[Related, ...] = ()
    if none:
        message = f"{what} with the resource `*` only"
        help_ = f'move {"them" if others else "it"} to a statement with `"Resource": "*"`'
    else:
        first = next(action for action in actions if action.resources)
        kind = _Kind(first.service, tuple(use.name for use in first.resources))
        templates = list(dict.fromkeys(str(arn) for arn in _templates(kind, catalog)))
        message = f"{what} on none of the resources"
        more = " and others" if len(templates) > 3 else ""
        help_ = f"{'those of the first' if others else 'its resources'} are `{'`, `'.join(templates[:3])}`{more}"
        related = _related(first, statement) if len(given) == 1 and not entry.has_wildcard and not others else ()
    related += tuple(Related(other.at, "nor does this" if not none else "and this") for other, _ in others)
    return Finding(entry.at, message, help=help_, related=related, confidence=confidence)


def _is_elsewhere(action: Action, given: Sequence[Arn], context: Context) -> bool:
    """Whether, in the policy of a resource, it is another rule's, or AWS's documents take more than they list."""
    if context.policy.kind is not PolicyKind.RESOURCE:
        return False
    is_foreign = context.policy.service is not None and _is_foreign(action, given, context.catalog)
    is_of_none = context.policy.is_attached and not action.resources
    return is_foreign or is_of_none or action.service not in _SETTLED


def _is_foreign(action: Action, given: Sequence[Arn], catalog: Catalog) -> bool:
    """Whether all is of other services."""
    return not any(_near(_every(action.service, catalog), arn.service, catalog) for arn in given)


def _related(action: Action, statement: Statement) -> tuple[Related, ...]:
    types = " or ".join(use.name for use in action.resources[:3])
    return (Related(statement.resources[0].at, f"this is no {types}"),)
