from collections.abc import Iterator, Mapping

from iamlint.rule import Condition, Context, Finding, Fix, Policy, PolicyKind, Severity, Statement, rename, rule

KEY = "aws:multifactorauthpresent"
AGE = "aws:multifactorauthage"


@rule("IAM519", on=Statement, severity=Severity.MEDIUM, needs="Condition", parliament="BAD_PATTERN_FOR_MFA")
def porous_mfa_condition(statement: Statement, context: Context) -> Iterator[Finding]:
    """Condition on MFA lets requests without MFA through.

    ## Why it matters

    `aws:MultiFactorAuthPresent` is absent, not false, in a request that is
    signed with a user's access keys. So a `Deny` with `Bool` `false` does not
    meet those, and an `Allow` with `BoolIfExists` `true` welcomes them. The
    other way round is right: `Deny` with `BoolIfExists`, `Allow` with `Bool`.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "ec2:TerminateInstances",
        "Resource": "*",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}
                      ^^^^^^ requests with access keys are not denied
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "ec2:TerminateInstances",
        "Resource": "*",
        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
      }
    }
    ```

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"},
        "Action": "sts:AssumeRole",
        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": true}}
                      ^^^^^^^^^^^^^^ requests with access keys need no MFA
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"},
        "Action": "sts:AssumeRole",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": true}}
      }
    }
    ```

    The age of the sign-in with MFA is absent where there was none.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "ec2:TerminateInstances",
        "Resource": "*",
        "Condition": {"NumericGreaterThan": {"aws:MultiFactorAuthAge": "3600"}}
                      ^^^^^^^^^^^^^^^^^^^^ requests without MFA are not denied
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "ec2:TerminateInstances",
        "Resource": "*",
        "Condition": {"NumericGreaterThanIfExists": {"aws:MultiFactorAuthAge": "3600"}}
      }
    }
    ```

    That the key is there says nothing of its value.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:TerminateInstances",
        "Resource": "*",
        "Condition": {"Null": {"aws:MultiFactorAuthPresent": "false"}}
                      ^^^^^^ any session fits this, with MFA or without
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:TerminateInstances",
        "Resource": "*",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
      }
    }
    ```

    ## References

    - [aws:MultiFactorAuthPresent](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent)
    - [MFA-protected API access](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html)
    """
    for condition in statement.conditions:
        if condition.key_lower == AGE:
            yield from _of_age(statement, condition, context.policy)
        if condition.key_lower != KEY:
            continue
        match statement.effect, condition.operator.text, [value.text.lower() for value in condition.values]:
            case "Deny", "Bool", ["false"] if not any(_denies_absence(other) for other in context.policy.statements):
                yield _finding(statement, condition, "requests with access keys are not denied", "BoolIfExists")
            case "Allow", "BoolIfExists", ["true"]:
                yield _finding(statement, condition, "requests with access keys need no MFA", "Bool")
            case "Allow", "Null", ["false"] if not _demands_mfa(statement):
                yield _finding(statement, condition, "any session fits this, with MFA or without", None)
            case "Allow", "Bool" | "BoolIfExists", ["false"] if context.policy.kind is PolicyKind.TRUST:
                help_ = "write `true` to demand MFA"
                yield Finding(condition.at, "only those who did not use MFA are let in", on_key=True, help=help_)


def _of_age(statement: Statement, condition: Condition, policy: Policy) -> Iterator[Finding]:
    """What lets through requests without MFA because the age of the sign-in is not there."""
    operator = condition.operator
    beyond = operator.text.startswith("NumericGreaterThan") and not operator.if_exists
    within = operator.text.startswith("NumericLessThan") and operator.if_exists
    if statement.denies and beyond and not any(map(_denies_absence, policy.statements)):
        yield _finding(statement, condition, "requests without MFA are not denied", f"{operator.name}IfExists")
    if statement.allows and within and not any(map(_is_present, statement.conditions)):
        yield _finding(statement, condition, "requests without MFA are allowed", operator.name)


def _is_present(condition: Condition) -> bool:
    return condition.key_lower == KEY and condition.operator.text == "Bool"


def _finding(statement: Statement, condition: Condition, message: str, right: str | None) -> Finding:
    block = statement.raw.get("Condition")
    free = isinstance(block, Mapping) and right not in block
    fix = Fix.tightening(f"Compare with `{right}`", rename(condition.operator_at, right)) if right and free else None
    absent = "the key is absent when a request is signed with access keys"
    return Finding(
        condition.operator_at,
        message,
        on_key=True,
        why=absent if right else "the key is there in every session, be its value true or false",
        help=f"write `{right}`" if right else 'write `"Bool": {"aws:MultiFactorAuthPresent": "true"}`',
        fix=fix,
    )


def _denies_absence(statement: Statement) -> bool:
    """Whether a statement denies on its own what is signed with access keys."""
    return statement.denies and any(
        each.key_lower in (KEY, AGE) and each.operator.text in ("Null", "BoolIfExists") and each.holds_when_absent
        for each in statement.conditions
    )


def _demands_mfa(statement: Statement) -> bool:
    return any(
        _is_present(each) or (each.key_lower == AGE and not each.holds_when_absent) for each in statement.conditions
    )
