from collections.abc import Iterator

from iamlint.rule import (
    Condition,
    Context,
    Edit,
    Finding,
    Fix,
    Severity,
    Statement,
    insert,
    remove,
    rename,
    replace,
    rule,
)

MEANING = {
    "StringLike": ("EQUIVALENT_TO_NULL_FALSE", "is there", "false"),
    "StringNotLike": ("EQUIVALENT_TO_NULL_TRUE", "is missing", "true"),
}


@rule(
    "IAM207",
    on=Statement,
    severity=Severity.INFO,
    needs="Condition",
    aws=("EQUIVALENT_TO_NULL_FALSE", "EQUIVALENT_TO_NULL_TRUE"),
)
def null_in_disguise(statement: Statement, context: Context) -> Iterator[Finding]:
    """Wildcard alone only tests whether a key is there.

    ## Why it matters

    Every value is like `*`, so the condition says nothing of the value: only
    that the request has the key, or lacks it. The `Null` operator says so in
    plain words, and shows a reader who expected a limit that there is none.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:StopInstances",
        "Resource": "arn:aws:ec2:*:111122223333:instance/*",
        "Condition": {"StringLike": {"aws:ResourceTag/team": "*"}}
                                                             ^^^ it only tests that `aws:ResourceTag/team` is there
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:StopInstances",
        "Resource": "arn:aws:ec2:*:111122223333:instance/*",
        "Condition": {"Null": {"aws:ResourceTag/team": "false"}}
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "ec2:RunInstances",
        "Resource": "arn:aws:ec2:*:*:instance/*",
        "Condition": {
          "StringNotLike": {
            "aws:RequestTag/team": ["*"],
                                    ^^^ it only tests that `aws:RequestTag/team` is missing
            "aws:RequestTag/stage": ["dev-*"]
          }
        }
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "ec2:RunInstances",
        "Resource": "arn:aws:ec2:*:*:instance/*",
        "Condition": {
          "StringNotLike": {
            "aws:RequestTag/stage": ["dev-*"]
          },
          "Null": {"aws:RequestTag/team": "true"}
        }
      }
    }
    ```

    A wildcard with something beside it looks at the value.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:StopInstances",
        "Resource": "arn:aws:ec2:*:111122223333:instance/*",
        "Condition": {"StringLike": {"aws:ResourceTag/team": "data-*"}}
      }
    }
    ```

    ## References

    - [Condition operator to check the existence of condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null)
    - [Access Analyzer: equivalent to null false](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for condition in statement.conditions:
        operator = condition.operator
        if operator.qualifier or operator.if_exists or operator.name not in MEANING:
            continue
        if condition.values and all(value.text == "*" for value in condition.values):
            key = context.catalog.condition_key(condition.key)
            if (key is not None and key.sensitive) or condition.key_lower.endswith(":sub"):
                continue  # where a wildcard is worse than idle, and another rule says so
            code, tested, _null = MEANING[operator.name]
            message = f"it only tests that `{condition.key}` {tested}"
            yield Finding(condition.values[0].at, message, fix=_fix(statement, condition), aws=(code,))


def _fix(statement: Statement, condition: Condition) -> Fix | None:
    """Say it with Null: in place where the key is alone, else in a block of its own."""
    null = MEANING[condition.operator.name][2]
    block = statement.raw.get("Condition")
    if not isinstance(block, dict) or any(operator.lower() == "null" for operator in block):
        return None
    edits: tuple[Edit, ...] = (rename(condition.operator_at, "Null"), replace(condition.at, null))
    if len(block[condition.operator.text]) > 1:
        edits = (remove(condition.at), insert(statement.at / "Condition" / "Null", {condition.key: null}))
    return Fix.safely("Test for the key with Null", *edits)
