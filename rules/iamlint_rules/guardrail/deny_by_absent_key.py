from collections.abc import Iterator

from iamlint.rule import Action, Catalog, Condition, Confidence, Context, Finding, Pattern, Severity, Statement, rule

ABOUT_CALLER = ("aws:principal", "aws:userid", "aws:username", "aws:sourceidentity")
TAGS = ("aws:requesttag", "aws:tagkeys")
DETAILED = ("dynamodb:", "ec2:", "iam:", "kms:", "lambda:", "s3:", "secretsmanager:")
"""The services that document the keys of each single action in guides of their own as well.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policies-for-amazon-ec2.html
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
"""
UNJUDGED = "iam:awsservicename"
"""AWS's guides show it with actions that are not documented to have it."""


@rule(
    "IAM608",
    on=Statement,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    needs=("Deny", "Action", "Condition"),
)
def deny_by_absent_key(statement: Statement, context: Context) -> Iterator[Finding]:
    """Deny compares a key that the action does not send, and so denies it always.

    ## Why it matters

    A negated comparison (`StringNotEquals`, `StringNotLike`, …) is true where
    the request lacks the key, with `IfExists` and without. A Deny that is to
    let only some instance types through, or only encrypted uploads, therefore
    denies every action that knows no instance type and no encryption. Amazon EC2
    asks about each resource of an action, and only one of them may carry the
    key: name that one in `Resource`.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": ["s3:PutObject", "s3:GetObject"],
                                   ^^^^^^^^^^^^^^ no request for it carries `s3:x-amz-server-side-encryption`: it is always denied
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}
      }
    }
    ```

    ```json bad scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "ec2:RunInstances",
                  ^^^^^^^^^^^^^^^^^^ its `image` carries no `ec2:InstanceType`: it is always denied
        "Resource": "*",
        "Condition": {"StringNotEquals": {"ec2:InstanceType": "t3.micro"}}
      }
    }
    ```

    ```json good scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "ec2:RunInstances",
        "Resource": "arn:aws:ec2:*:*:instance/*",
        "Condition": {"StringNotEquals": {"ec2:InstanceType": "t3.micro"}}
      }
    }
    ```

    ## References

    - [Condition operators: a key that is missing](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    - [Example SCP: require EC2 instances to use a specific type](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_ec2.html)
    - [Actions, resources and condition keys for AWS services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    """
    keys = _keys(statement, context.catalog)
    if keys:
        everywhere = any(resource.is_everything for resource in statement.resources)
        for entry in statement.actions:
            cause = _cause(entry, keys, context.catalog, everywhere=everywhere)
            if cause:
                yield Finding(
                    entry.at,
                    cause,
                    help="deny only the actions, on the resources, that carry the key",
                    confidence=None if _is_detailed(entry, keys) and not cause.startswith("its") else Confidence.LOW,
                )


def _keys(statement: Statement, catalog: Catalog) -> dict[str, str]:
    """The keys that alone decide, by what identifies them; none if another condition may spare a request.

    A key of a service decides, and one for the tags of a request; one about the caller only spares some callers.
    """
    keys: dict[str, str] = {}
    for condition in statement.conditions:
        head = condition.key_lower.partition("/")[0]
        if not condition.holds_when_absent or condition.operator.qualifier:
            return {}
        if not head.startswith(ABOUT_CALLER):
            if not (_is_negated(condition) and _is_placed(head, catalog)):
                return {}
            keys[head] = condition.key
    return keys


def _is_detailed(entry: Pattern, keys: dict[str, str]) -> bool:
    """Whether the documentation of the keys is to be relied on: of tags, it is for Amazon EC2."""
    return all(entry.key.startswith("ec2:") if head in TAGS else head.startswith(DETAILED) for head in keys)


def _is_negated(condition: Condition) -> bool:
    return condition.operator.is_negated or condition.operator.name == "Null"


def _is_placed(head: str, catalog: Catalog) -> bool:
    """Whether AWS documents which actions carry a key: it is one for tags, or a service's own and some action has it."""
    if head in TAGS:
        return True
    service = catalog.services.get(head.partition(":")[0])
    if service is None or head == UNJUDGED or any(key.name.lower() == head for key in catalog.global_keys()):
        return False
    actions = service.actions.values()
    return bool(catalog.remember(("carried", head), lambda: any(_has(head, each.name, catalog) for each in actions)))


def _has(head: str, action: str, catalog: Catalog) -> bool:
    return any(head == key.lower().partition("/")[0] for key in catalog.keys_of_action(action))


def _cause(entry: Pattern, keys: dict[str, str], catalog: Catalog, *, everywhere: bool) -> str:
    named = " and ".join(f"`{key}`" for key in keys.values())
    if entry.has_wildcard:
        names = catalog.expand(entry.text)
        without = sum(not any(_has(head, name, catalog) for head in keys) for name in names)
        return f"most of these requests carry no {named} and are always denied" if without * 2 > len(names) else ""
    action = catalog.action(entry.text)
    if action is None:
        return ""
    if not any(_has(head, action.name, catalog) for head in keys):
        return f"no request for it carries {named}: it is always denied"
    lacking = _lacking(action, keys) if everywhere and action.service == "ec2" else ""
    return f"its `{lacking}` carries no {named}: it is always denied" if lacking else ""


def _lacking(action: Action, keys: dict[str, str]) -> str:
    """A resource that the action always needs and that carries none of the keys; Amazon EC2 asks about each."""
    if _carries(action.condition_keys, keys):
        return ""
    return next((use.name for use in action.resources if use.required and not _carries(use.condition_keys, keys)), "")


def _carries(documented: tuple[str, ...], keys: dict[str, str]) -> bool:
    return any(key.lower().partition("/")[0] in keys for key in documented)
