from collections.abc import Iterator

from iamlint.rule import (
    ROOT,
    Confidence,
    Context,
    Finding,
    Policy,
    PolicyKind,
    Severity,
    Statement,
    is_placeholder,
    rule,
)

NEEDED = "kms:PutKeyPolicy"

# What the policies of AWS managed keys have: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
OF_AWS = frozenset(("kms:calleraccount", "kms:viaservice"))


@rule(
    "IAM541",
    on=Policy,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    kinds=(PolicyKind.RESOURCE,),
    needs=("Allow", "Principal"),
)
def key_without_administrator(policy: Policy, context: Context) -> Iterator[Finding]:
    """Key policy lets nobody change it.

    ## Why it matters

    IAM policies alone open no key: the key's own policy must let in the
    account or the principal. If it lets nobody call `kms:PutKeyPolicy`, not
    the root user and no administrator can ever change who uses the key, and
    AWS Support has to be asked. AWS KMS refuses such a policy unless the check
    is switched off.

    `kms:*` for the account's root, which the default key policy has, is no
    mistake: it leaves the key to the account's IAM policies.

    ## Examples

    ```json bad resource:kms
    {
      "Version": "2012-10-17",
      "Statement": {
      ^^^^^^^^^^^ nobody may call `kms:PutKeyPolicy`
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*"
      }
    }
    ```

    ```json good resource:kms
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": "kms:*",
        "Resource": "*"
      }
    }
    ```

    ## References

    - [Default key policy](https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html)
    - [PutKeyPolicy: BypassPolicyLockoutSafetyCheck](https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html)
    """
    if policy.service != "kms" or context.is_repaired or _is_of_aws(policy):
        return
    allowing = [statement for statement in policy.statements if statement.allows]
    if all(_is_whole(statement) and not _lets_administer(statement) for statement in allowing):
        yield Finding(
            ROOT / "Statement",
            f"nobody may call `{NEEDED}`",
            why="whatever identity policies say, the key's policy can never be changed",
            help="allow `kms:*` to the root of the key's account, or name administrators",
            on_key=True,
        )


def _is_of_aws(policy: Policy) -> bool:
    """Whether it is the policy of a key that AWS manages, which only AWS can change."""
    named = str(policy.elements.get("Id", "")).startswith("auto-")
    return named or any(OF_AWS <= statement.condition_keys() for statement in policy.statements)


def _is_whole(statement: Statement) -> bool:
    """Whether the statement has the resource of key policies, and nothing is yet to be filled in."""
    return all(each.is_everything for each in statement.resources) and not any(
        is_placeholder(each.text) for each in (*statement.actions, *statement.not_actions)
    )


def _lets_administer(statement: Statement) -> bool:
    others = all(entry.type in ("Service", "Federated") for entry in statement.principals)
    return statement.applies_to_action(NEEDED) and not (statement.principals and others)
