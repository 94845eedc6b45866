from collections.abc import Iterator
from functools import lru_cache

from iamlint.rule import Context, Finding, Pattern, PolicyKind, Severity, Statement, rule

CREATES, KEY = ("iam:CreateRole", "iam:CreateUser"), "iam:permissionsboundary"


@rule(
    "IAM416",
    on=Statement,
    severity=Severity.LOW,
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
    needs=("Allow", "Action"),
    pedantic=True,
)
def principal_without_boundary(statement: Statement, context: Context) -> Iterator[Finding]:
    """Users or roles may be created without a permissions boundary.

    ## Why it matters

    Who creates roles for programs decides what these may do, unless a
    permissions boundary has to be set on them: then nothing that is attached
    later goes beyond it. It is how teams can be left to make their own roles.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["iam:GetRole", "iam:CreateRole"],
                                  ^^^^^^^^^^^^^^^^ `iam:CreateRole` asks for no permissions boundary
        "Resource": "arn:aws:iam::111122223333:role/team/*"
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "iam:CreateRole",
        "Resource": "arn:aws:iam::111122223333:role/team/*",
        "Condition": {"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/limits"}}
      }
    }
    ```

    A Deny can ask for it as well.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "iam:CreateRole", "Resource": "*"},
        {
          "Effect": "Deny",
          "Action": ["iam:CreateRole", "iam:CreateUser"],
          "Resource": "*",
          "Condition": {"StringNotEquals": {"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/limits"}}
        }
      ]
    }
    ```

    ## References

    - [Permissions boundaries for IAM entities](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html)
    """
    if KEY in statement.condition_keys():
        return
    for entry in statement.actions:
        name = next((name for name in _created(entry.key) if not _is_denied(name, context)), "")
        if name:
            help_ = "add a condition on `iam:PermissionsBoundary`"
            yield Finding(entry.at, f"`{name}` asks for no permissions boundary", help=help_)


@lru_cache(maxsize=4096)
def _created(entry: str) -> tuple[str, ...]:
    """What an entry creates, if it does not allow all of IAM anyway."""
    service, _, name = entry.partition(":")
    if service != "iam" or not name.strip("*"):
        return ()
    return tuple(action for action in CREATES if Pattern(entry, fold=True).matches(action))


def _is_denied(action: str, context: Context) -> bool:
    """Whether a Deny takes the action back, be it only where there is no boundary."""
    denies = [each for each in context.policy.statements if each.denies and each.applies_to_action(action)]
    return any(not each.conditions or KEY in each.condition_keys() for each in denies)
