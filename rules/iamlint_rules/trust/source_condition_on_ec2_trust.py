from collections.abc import Iterator, Mapping

from iamlint.rule import (
    Condition,
    Confidence,
    Context,
    Edit,
    Finding,
    Fix,
    PolicyKind,
    Severity,
    Statement,
    remove,
    rule,
)

EC2 = ("ec2.amazonaws.com", "ec2.amazonaws.com.cn")
SOURCE = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")


@rule(
    "IAM517",
    on=Statement,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    kinds=(PolicyKind.TRUST,),
    needs=("Allow", "Principal", "Condition"),
)
def source_condition_on_ec2_trust(statement: Statement, _: Context) -> Iterator[Finding]:
    """EC2 is trusted on a condition that it never fulfils.

    ## Why it matters

    When an instance gets the credentials of its role, EC2 does not say for
    which instance or account it asks: `aws:SourceArn` and `aws:SourceAccount`
    are absent, the condition is false, and the instance gets no credentials.
    Some scanners ask for these conditions all the same. Nothing is lost
    without them: a role can only be passed to instances of its own account,
    and `iam:PassRole` is where to say by whom.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}
                                       ^^^^^^^^^^^^^^^^^^^ EC2 sends no `aws:SourceAccount`, so no instance gets credentials
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": "sts:AssumeRole"
      }
    }
    ```

    Other services do send these keys.

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "scheduler.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}
      }
    }
    ```

    ## References

    - [IAM roles for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html)
    - [Granting permissions to pass a role to a service](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html)
    - [aws:SourceArn](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcearn)
    """
    principals = statement.principals
    if (
        not statement.allows
        or not principals
        or any(each.type != "Service" or each.value not in EC2 for each in principals)
    ):
        return
    for condition in statement.conditions:
        if condition.key_lower in SOURCE and _needs_the_key(condition):
            yield Finding(
                condition.at,
                f"EC2 sends no `{condition.key}`, so no instance gets credentials",
                on_key=True,
                help="remove the condition; say in `iam:PassRole` who may give the role to an instance",
                fix=Fix.risky("Remove the condition", _removal(statement, condition)),
            )


def _needs_the_key(condition: Condition) -> bool:
    operator = condition.operator
    return operator.known and not condition.holds_when_absent and operator.name != "Null"


def _removal(statement: Statement, condition: Condition) -> Edit:
    """Remove the key, and with the last one its operator, and with the last of those the whole element."""
    block = statement.raw["Condition"]
    keys = block[condition.operator.text] if isinstance(block, Mapping) else {}
    if len(keys) > 1:
        return remove(condition.at)
    single = isinstance(block, Mapping) and len(block) == 1
    return remove(statement.element_at("Condition") if single else condition.operator_at)
