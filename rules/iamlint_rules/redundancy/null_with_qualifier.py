from collections.abc import Iterator

from iamlint.rule import Condition, Context, Finding, Fix, Severity, Statement, rename, rule


@rule("IAM208", on=Statement, severity=Severity.MEDIUM, needs="Condition", aws="NULL_WITH_QUALIFIER")
def null_with_qualifier(statement: Statement, _: Context) -> Iterator[Finding]:
    """Null operator has a set qualifier, and does not test the key.

    ## Why it matters

    `ForAllValues:Null` always holds and `ForAnyValue:Null` never does, be the
    key there or not. The condition looks like a guard; the statement applies
    to every request, or to none.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:CreateTags",
        "Resource": "arn:aws:ec2:*:111122223333:instance/*",
        "Condition": {"ForAllValues:Null": {"aws:TagKeys": "false"}}
                      ^^^^^^^^^^^^^^^^^^^ `ForAllValues:Null` always holds
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:CreateTags",
        "Resource": "arn:aws:ec2:*:111122223333:instance/*",
        "Condition": {"Null": {"aws:TagKeys": "false"}}
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:CreateTags",
        "Resource": "arn:aws:ec2:*:111122223333:instance/*",
        "Condition": {"ForAnyValue:Null": {"aws:TagKeys": "false"}}
                      ^^^^^^^^^^^^^^^^^^ `ForAnyValue:Null` never holds
      }
    }
    ```

    ## References

    - [Condition operator to check the existence of condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null)
    - [Access Analyzer: null with qualifier](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for condition in statement.conditions:
        operator = condition.operator
        if operator.name == "Null" and operator.known and operator.qualifier:
            holds = "always" if operator.qualifier == "ForAllValues" else "never"
            yield Finding(
                condition.operator_at,
                f"`{operator.text}` {holds} holds",
                on_key=True,
                why=f"whether `{condition.key}` is in the request makes no difference",
                help="write `Null`",
                fix=_fix(statement, condition),
            )


def _fix(statement: Statement, condition: Condition) -> Fix | None:
    """Without the qualifier the condition is tested: that grants less where it always held in an Allow."""
    block = statement.raw.get("Condition")
    if not isinstance(block, dict) or any(operator.lower() == "null" for operator in block):
        return None
    always = condition.operator.qualifier == "ForAllValues"
    make = Fix.tightening if always == statement.allows else Fix.risky
    return make("Test the key with Null", rename(condition.operator_at, "Null"))
