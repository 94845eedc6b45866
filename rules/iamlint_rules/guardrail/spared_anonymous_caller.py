from collections.abc import Iterator

from iamlint.rule import Condition, Context, Finding, Fix, PolicyKind, Severity, Statement, rename, rule

KEY = "aws:principalisawsservice"


@rule("IAM604", on=Statement, severity=Severity.MEDIUM, kinds=(PolicyKind.RCP,), needs=("Deny", "Condition"))
def spared_anonymous_caller(statement: Statement, _: Context) -> Iterator[Finding]:
    """A resource control policy denies all but AWS services, and lets anonymous callers pass.

    ## Why it matters

    `aws:PrincipalIsAWSService` is in every signed request, and in no unsigned
    one. `Bool` with `false` is not true without the key, so the RCP does not
    apply to anonymous callers: a bucket made public by mistake stays public.
    `BoolIfExists` meets them.

    ## Examples

    ```json bad rcp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {
          "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
          "Bool": {"aws:PrincipalIsAWSService": "false"}
          ^^^^^^ anonymous callers are not denied
        }
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {
          "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
          "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}
        }
      }
    }
    ```

    Whoever signs in by a token of an identity provider calls unsigned, too: for
    AWS STS alone nothing is said.

    ```json good rcp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sts:*",
        "Resource": "*",
        "Condition": {
          "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
          "Bool": {"aws:PrincipalIsAWSService": "false"}
        }
      }
    }
    ```

    ## References

    - [aws:PrincipalIsAWSService](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice)
    - [Condition operators: IfExists](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists)
    """
    if all(action.key.startswith("sts:") for action in statement.actions):
        return
    for condition in statement.conditions:
        if condition.key_lower == KEY and _wants(condition, "false") and not _demands_signature(statement):
            yield Finding(
                condition.operator_at,
                "anonymous callers are not denied",
                on_key=True,
                why="an unsigned request lacks the key",
                help="write `BoolIfExists`",
                fix=_fix(statement, condition),
            )


def _wants(condition: Condition, word: str) -> bool:
    return condition.operator.text == "Bool" and [value.text.lower() for value in condition.values] == [word]


def _demands_signature(statement: Statement) -> bool:
    """Whether another condition leaves anonymous callers out: it needs a key that tells who calls."""
    return any(
        each.key_lower.startswith("aws:principal") and each.key_lower != KEY and not each.holds_when_absent
        for each in statement.conditions
    )


def _fix(statement: Statement, condition: Condition) -> Fix | None:
    if not statement.can_rename(condition, "BoolIfExists"):
        return None
    return Fix.tightening("Compare with `BoolIfExists`", rename(condition.operator_at, "BoolIfExists"))
