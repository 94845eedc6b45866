from collections.abc import Iterator
from functools import lru_cache

from iamlint.rule import (
    Catalog,
    Condition,
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

SERVICES = ("dynamodb", "ec2", "iam", "kms", "lambda", "s3", "secretsmanager")
"""Services that say of each single action which keys it carries, in guides of their own as well.

https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policies-for-amazon-ec2.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
"""

UNSAID = ("ec2:resourcetag", "ec2:vpc")
UNJUDGED = "iam:awsservicename"
"""AWS's guides show it with `iam:PutRolePolicy` and `iam:DeleteServiceLinkedRole`, which are not documented to have it.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/using-service-linked-roles.html
"""


@rule(
    "IAM122",
    on=Statement,
    severity=Severity.LOW,
    confidence=Confidence.LOW,
    kinds=_KINDS,
    needs=("Action", "Condition"),
    aws="UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
    parliament="UNKNOWN_CONDITION_FOR_ACTION",
)
def action_without_condition_key(statement: Statement, context: Context) -> Iterator[Finding]:
    """Action stands beside others under a condition on a key that it never carries.

    ## Why it matters

    The condition is made for the other actions. For this one the key is always
    missing and the condition false: an Allow never grants it, a Deny never
    denies it.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": [
          "ec2:RunInstances",
          "ec2:DescribeInstances"
          ----------------------- it never carries the key
        ],
        "Resource": "*",
        "Condition": {"StringEquals": {"ec2:InstanceType": "t3.micro"}}
                                       ^^^^^^^^^^^^^^^^^^ `ec2:DescribeInstances` never carries `ec2:InstanceType`
      }
    }
    ```

    The same goes for actions of another service.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["iam:PassRole", "ec2:RunInstances"],
                                   ------------------ it never carries the key
        "Resource": "*",
        "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
                                       ^^^^^^^^^^^^^^^^^^^^^ `ec2:RunInstances` never carries `iam:PassedToService`
      }
    }
    ```

    A statement of its own grants it.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "ec2:RunInstances",
          "Resource": "*",
          "Condition": {"StringEquals": {"ec2:InstanceType": "t3.micro"}}
        },
        {
          "Effect": "Allow",
          "Action": "ec2:DescribeInstances",
          "Resource": "*"
        }
      ]
    }
    ```

    ## References

    - [Actions, resources and condition keys for AWS services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    - [Access Analyzer: unsupported action for condition key](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-unsupported-action-for-condition-key)
    """
    for condition in statement.conditions:
        prefix = condition.key_lower.partition(":")[0]
        key = _key(condition, context.catalog) if prefix in SERVICES else ""
        if not key:
            continue
        without = [entry for entry in statement.actions if _lacks(key, entry.key, context.catalog)]
        # Where no action carries the key, `condition-key-not-for-action` says so.
        if 0 < len(without) < len(statement.actions) and any(
            _carries(key, e.key, context.catalog) for e in statement.actions
        ):
            more = f" and {len(without) - 1} more" if len(without) > 1 else ""
            yield Finding(
                condition.at,
                f"`{without[0]}`{more} never {'carry' if more else 'carries'} `{condition.key}`",
                on_key=True,
                help=f"move {'them' if more else 'it'} into a statement without this condition",
                related=tuple(Related(entry.at, "it never carries the key") for entry in without),
                aws=None if any(_is_judged(key, entry) for entry in without) else (),
            )


def _is_judged(key: str, entry: Pattern) -> bool:
    """Whether Access Analyzer says so, too: it does of some actions of the key's own service.

    It passes over what `ec2:Describe*` asks of tags and VPCs in AWS's own policies, as KafkaConnectServiceRolePolicy.
    """
    return entry.key.startswith(f"{key.partition(':')[0]}:") and key not in UNSAID


def _key(condition: Condition, catalog: Catalog) -> str:
    """The documented name of a service's own key, up to a tag's, where the request must have it; else empty."""
    if condition.holds_when_absent or condition.operator.name == "Null" or not condition.operator.known:
        return ""
    return catalog.remember(("own key", condition.key_lower), lambda: _own_key(condition.key_lower, catalog))


def _own_key(name: str, catalog: Catalog) -> str:
    found = catalog.condition_key(name) if name != UNJUDGED else None
    return _head(found.name) if found and found not in catalog.global_keys() else ""


@lru_cache(maxsize=16384)
def _lacks(key: str, entry: str, catalog: Catalog) -> bool:
    """Whether an entry names one action, known and without the key."""
    return not Pattern(entry).has_wildcard and catalog.is_action(entry) and not _carries(key, entry, catalog)


@lru_cache(maxsize=16384)
def _carries(key: str, entry: str, catalog: Catalog) -> bool:
    actions = catalog.expand(entry) if Pattern(entry).has_wildcard else (entry,)
    return any(key == _head(name) for action in actions for name in catalog.keys_of_action(action))


def _head(key: str) -> str:
    # Of a key for tags, the part after the slash is documented now as `${TagKey}`, now as `tag-key`.
    return key.lower().partition("/")[0]
