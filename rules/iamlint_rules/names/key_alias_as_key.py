import re
from collections.abc import Iterator

from iamlint.rule import Context, Finding, Fix, Pattern, Severity, Statement, insert, is_computed, replace, rule

ALIAS = re.compile(r"(arn:[\w-]+:kms:[\w*-]*:[\w*-]*:)(alias/.+)", re.DOTALL)
ON_ALIAS = ("kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias")
"""The actions that work on an alias.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
"""


@rule("IAM177", on=Statement, severity=Severity.MEDIUM, needs=("Action", "ARN"), parliament="RESOURCE_MISMATCH")
def key_alias_as_key(statement: Statement, _: Context) -> Iterator[Finding]:
    """Alias stands where a KMS key is meant.

    ## Why it matters

    Every use of a key is checked against the key's own ARN, also when the caller
    gave the alias. An alias in `Resource` is the alias itself, which can be made
    and moved, and nothing else: an Allow to decrypt with it allows nothing, and a
    Deny protects nothing. The alias belongs into a condition.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": "arn:aws:kms:us-east-1:111122223333:alias/reports"
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the alias is no key, so `kms:Decrypt` does not work on it
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": "arn:aws:kms:us-east-1:111122223333:key/*",
        "Condition": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/reports"}}
      }
    }
    ```

    To make or move an alias takes the alias and the key.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["kms:UpdateAlias", "kms:Decrypt"],
        "Resource": [
          "arn:aws:kms:us-east-1:111122223333:alias/reports",
          "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
        ]
      }
    }
    ```

    ## References

    - [Use aliases to control access to KMS keys](https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html)
    - [Specifying KMS keys in IAM policy statements](https://docs.aws.amazon.com/kms/latest/developerguide/cmks-in-iam-policies.html)
    """
    aliases = statement.resources
    if not all(":alias/" in resource.text for resource in aliases):
        return
    uses = [action for action in statement.actions if action.key.startswith("kms:")]
    if not uses or any(action.matches(name) for action in statement.actions for name in ON_ALIAS):
        return
    for resource in aliases:
        match = ALIAS.fullmatch(resource.text)
        if match:
            yield Finding(
                resource.at,
                f"the alias is no key, so `{uses[0]}` does not work on it",
                help='write the ARN of the key, or "key/*" with a condition on `kms:ResourceAliases`',
                fix=_fix(statement, resource, *match.groups()),
            )


def _fix(statement: Statement, resource: Pattern, before: str, alias: str) -> Fix | None:
    """Any key with this alias, where it is the only resource and there is no condition."""
    if len(statement.resources) > 1 or statement.has("Condition") or is_computed(alias):
        return None
    operator = "ForAnyValue:StringLike" if resource.has_wildcard else "ForAnyValue:StringEquals"
    condition = {operator: {"kms:ResourceAliases": alias}}
    edits = replace(resource.at, f"{before}key/*"), insert(statement.at / "Condition", condition)
    return Fix.risky("Name the key by its alias", *edits)
