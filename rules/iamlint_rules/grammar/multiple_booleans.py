from collections.abc import Iterator

from iamlint.rule import Context, Finding, Fix, Severity, Statement, replace, rule


@rule("IAM030", on=Statement, severity=Severity.HIGH, needs="Condition", aws="INVALID_CONDITION_MULTIPLE_BOOLEAN")
def multiple_booleans(statement: Statement, _: Context) -> Iterator[Finding]:
    """A Bool or Null condition has several values.

    ## Why it matters

    AWS rejects the policy. `true` or `false` would be no condition at all, and
    the same value twice says nothing new.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"Bool": {"aws:SecureTransport": ["true", "false"]}}
                                                      ^^^^^^^^^^^^^^^^^ `Bool` takes one value
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"Bool": {"aws:SecureTransport": ["true", "true"]}}
                                                      ^^^^^^^^^^^^^^^^ `Bool` takes one value
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"Bool": {"aws:SecureTransport": "true"}}
      }
    }
    ```

    A list of one is fine.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"Bool": {"aws:SecureTransport": ["true"]}}
      }
    }
    ```

    ## References

    - [Boolean condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Boolean)
    """
    for condition in statement.conditions:
        operator, values = condition.operator, condition.values
        if operator.known and operator.name in ("Bool", "Null") and len(values) > 1:
            same = len({value.text.lower() for value in values}) == 1
            yield Finding(
                condition.at,
                f"`{operator.text}` takes one value",
                why="AWS rejects the policy",
                help="" if same else "decide for one; both together would be no condition",
                fix=Fix.risky("Keep one value", replace(condition.at, values[0].raw)) if same else None,
            )
