from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Severity, Statement, rule

SINGLE = "events:"
"""AWS's guide compares these lists with `StringEquals`, to ask for exactly one value.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
"""


@rule("IAM121", on=Statement, severity=Severity.MEDIUM, needs="Condition", aws="MISSING_QUALIFIER")
def missing_set_operator(statement: Statement, context: Context) -> Iterator[Finding]:
    """Condition on a key with several values does not say how many of them must fit.

    ## Why it matters

    A request may carry a list under one key, such as the keys of all tags it
    sets. `ForAllValues:` asks that every member of the list fits, and
    `ForAnyValue:` that one does; what a plain operator asks, AWS does not
    document.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:CreateTags",
        "Resource": "arn:aws:ec2:us-east-1:111122223333:instance/*",
        "Condition": {"StringEquals": {"aws:TagKeys": ["team", "stage"]}}
                                       ^^^^^^^^^^^^^ `aws:TagKeys` has several values, and `StringEquals` asks of one
      }
    }
    ```

    Whether the key is there at all is one question however long the list is.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:CreateTags",
        "Resource": "arn:aws:ec2:us-east-1:111122223333:instance/*",
        "Condition": {
          "ForAllValues:StringEquals": {"aws:TagKeys": ["team", "stage"]},
          "Null": {"aws:TagKeys": "false"}
        }
      }
    }
    ```

    ## References

    - [Single-valued vs. multivalued context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html)
    - [Access Analyzer: missing qualifier](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-missing-qualifier)
    """
    for condition in statement.conditions:
        operator = condition.operator
        if operator.qualifier or not operator.known or operator.name == "Null":
            continue
        if context.catalog.is_multivalued(condition.key) and not condition.key_lower.startswith(SINGLE):
            yield Finding(
                condition.at,
                f"`{condition.key}` has several values, and `{operator.text}` asks of one",
                on_key=True,
                help=f"write `ForAllValues:{operator.text}` if all must fit, `ForAnyValue:{operator.text}` if one must",
                # A service's key may have become a list after the policy was written.
                confidence=Confidence.HIGH if condition.key_lower.startswith("aws:") else Confidence.MEDIUM,
            )
