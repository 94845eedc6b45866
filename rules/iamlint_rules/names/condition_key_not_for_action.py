from collections.abc import Iterator

from iamlint.rule import Catalog, Condition, Confidence, Context, Finding, PolicyKind, Severity, Statement, rule

_KINDS = [kind for kind in PolicyKind if kind is not PolicyKind.TRUST]
AWS = ("UNSUPPORTED_ACTION_FOR_CONDITION_KEY",)
# Access Analyzer's list is its own: those it is known to judge, and those that document keys action by action.
_JUDGED = ("dynamodb", "ec2", "iam", "kms", "lambda", "s3", "secretsmanager")
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
    for condition in statement.conditions:
        key = _key(condition, context)
        service = context.catalog.service(key.partition(":")[0])
        if service and not _is_carried(key, statement, context):
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


def _key(condition: Condition, context: Context) -> str:
    """The documented name of the key in lower case, where it is a service's own and must be there; else empty."""
    if condition.holds_when_absent or condition.operator.name == "Null":
        return ""
    prefix = condition.key_lower.partition(":")[0]
    found = context.catalog.condition_key(condition.key) if context.catalog.service(prefix) else None
    if found is None or found in context.catalog.global_keys() or condition.key_lower.startswith(_OF_SESSIONS):
        return ""
    return found.name.lower() if _is_placed(found.name.lower(), prefix, context.catalog) else ""


def _is_placed(key: str, prefix: str, catalog: Catalog) -> bool:
    """Whether AWS documents an action of the service with the key; if not, it does not say which have it."""
    actions = catalog.services[prefix].actions.values()
    head = key.partition("/")[0]
    return catalog.remember(
        ("placed", key),
        lambda: any(
            head == each.lower().partition("/")[0] for action in actions for each in catalog.keys_of_action(action.name)
        ),
    )


def _is_carried(key: str, statement: Statement, context: Context) -> bool:
    """Whether an action carries the key, or may: those of unknown names are not judged."""
    if not statement.actions:
        return True
    for entry in statement.actions:
        names = context.catalog.expand(entry.text) if entry.has_wildcard else (entry.text,)
        if not names or any(context.catalog.action(name) is None or _has(key, name, context) for name in names):
            return True
    return False


def _has(key: str, action: str, context: Context) -> bool:
    # Of a key for tags, the part after the slash is documented now as `${TagKey}`, now as `tag-key`.
    head = key.partition("/")[0]
    return any(head == each.lower().partition("/")[0] for each in context.catalog.keys_of_action(action))
