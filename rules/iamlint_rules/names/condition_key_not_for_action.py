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
    Service,
    Severity,
    Statement,
    rule,
)

_KINDS = [kind for kind in PolicyKind if kind is not PolicyKind.TRUST]
AWS = ("UNSUPPORTED_ACTION_FOR_CONDITION_KEY",)
# Access Analyzer's list is its own; of these services it is known to say so.
_JUDGED = ("ec2", "kms")
_OF_SESSIONS = ("sts", "saml", "iam:resourcetag", "cognito-identity")


@rule(
    "IAM113",
    on=Statement,
    severity=Severity.LOW,
    confidence=Confidence.LOW,
    kinds=_KINDS,
    needs=("Action", "Condition"),
    aws=AWS,
    parliament="UNKNOWN_CONDITION_FOR_ACTION",
)
def condition_key_not_for_action(statement: Statement, context: Context) -> Iterator[Finding]:
    """Condition key is one that no action of the statement carries.

    ## Why it matters

    A service puts a key into the requests it is documented for, and into no
    others. Where the key is missing the condition is false: an Allow grants
    nothing, a Deny protects nothing.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"StringLike": {"s3:prefix": "reports/*"}}
                                     ^^^^^^^^^^^ no action here carries `s3:prefix`
      }
    }
    ```

    One action that carries the key is enough, as for the others the condition
    may be a limit on purpose; and a negated condition, or one with `IfExists`,
    is true without the key.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": ["s3:GetObject", "s3:ListBucket"],
          "Resource": "*",
          "Condition": {"StringLike": {"s3:prefix": "reports/*"}}
        },
        {
          "Effect": "Allow",
          "Action": "ec2:DescribeInstances",
          "Resource": "*",
          "Condition": {"StringEqualsIfExists": {"ec2:InstanceType": "t3.micro"}}
        }
      ]
    }
    ```

    ## References

    - [Actions, resources and condition keys for AWS services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    - [IAM JSON policy elements: Condition](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html)
    """
    if not statement.actions:
        return
    for condition in statement.conditions:
        key = _key(condition, context.catalog)
        if not key or not all(_lacks(key, entry.key, context.catalog) for entry in statement.actions):
            continue
        service = context.catalog.services[key.partition(":")[0]]
        if _is_placed(key, service, context.catalog):
            yield Finding(
                condition.at,
                f"no action here carries `{condition.key}`",
                on_key=True,
                help=f"those that do stand on {service.url}",
                aws=AWS if _is_judged(service.prefix, statement) else (),
            )


def _is_judged(prefix: str, statement: Statement) -> bool:
    """Whether Access Analyzer would say so: of single actions of the same service only."""
    own = (entry for entry in statement.actions if entry.key.startswith(f"{prefix}:"))
    return prefix in _JUDGED and any(not entry.has_wildcard for entry in own)


def _key(condition: Condition, catalog: Catalog) -> str:
    """The documented name of the key in lower case, where it is a service's own and must be there; else empty."""
    key = condition.key_lower
    if key.startswith("aws:") or condition.holds_when_absent or condition.operator.name == "Null":
        return ""
    return catalog.remember(("service's key", key), lambda: _documented(key, catalog))


def _documented(key: str, catalog: Catalog) -> str:
    found = catalog.condition_key(key) if catalog.service(key.partition(":")[0]) else None
    is_own = found is not None and found not in catalog.global_keys() and not key.startswith(_OF_SESSIONS)
    return found.name.lower() if found and is_own else ""


def _is_placed(key: str, service: Service, catalog: Catalog) -> bool:
    """Whether AWS documents an action of the service with the key; if not, it does not say which have it."""
    return any(_has(key, action.name, catalog) for action in service.actions.values())


@lru_cache(maxsize=16384)
def _lacks(key: str, entry: str, catalog: Catalog) -> bool:
    """Whether no action of an entry carries the key: those of unknown names are not judged."""
    names = catalog.expand(entry) if Pattern(entry).has_wildcard else (entry,)
    return bool(names) and all(catalog.action(name) and not _has(key, name, catalog) for name in names)


@lru_cache(maxsize=16384)
def _has(key: str, action: str, catalog: Catalog) -> bool:
    # Of a key for tags, the part after the slash is documented now as `${TagKey}`, now as `tag-key`.
    head = key.partition("/")[0]
    return any(head == each.lower().partition("/")[0] for each in catalog.keys_of_action(action))
