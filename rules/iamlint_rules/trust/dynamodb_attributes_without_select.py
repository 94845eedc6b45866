from collections.abc import Iterator

from iamlint.rule import Condition, Context, Finding, Severity, Statement, rule

# The actions that carry dynamodb:Select, in lower case:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
READS = tuple(f"dynamodb:{name}" for name in ("getitem", "batchgetitem", "query", "scan", "partiqlselect"))


@rule(
    "IAM536",
    on=Statement,
    severity=Severity.MEDIUM,
    needs=("Allow", "Condition"),
    aws="DYNAMODB_ATTRIBUTES_WITHOUT_SELECT",
)
def dynamodb_attributes_without_select(statement: Statement, _: Context) -> Iterator[Finding]:
    """Attributes of a DynamoDB table are limited, but a reader may still ask for all of them.

    ## Why it matters

    `dynamodb:Attributes` lists what a request asks for by name. A request that
    names no attributes lists none, passes, and gets the whole item.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["dynamodb:GetItem", "dynamodb:Query"],
        "Resource": "arn:aws:dynamodb:us-east-1:111122223333:table/orders",
        "Condition": {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["id", "total"]}}
                                                    ^^^^^^^^^^^^^^^^^^^^^ who names no attributes gets all of them
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["dynamodb:GetItem", "dynamodb:Query"],
        "Resource": "arn:aws:dynamodb:us-east-1:111122223333:table/orders",
        "Condition": {
          "ForAllValues:StringEquals": {"dynamodb:Attributes": ["id", "total"]},
          "StringEquals": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}
        }
      }
    }
    ```

    ## References

    - [Using IAM policy conditions for fine-grained access control](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html)
    - [Access Analyzer: DynamoDB attributes without select](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-security-warning-dynamodb-attributes-without-select)
    """
    for condition in statement.conditions:
        if condition.key_lower != "dynamodb:attributes" or condition.operator.name == "Null":
            continue
        reads = any(statement.applies_to_action(name) for name in READS)
        if reads and not any(_selects(other) for other in statement.conditions):
            yield Finding(
                condition.at,
                "who names no attributes gets all of them",
                on_key=True,
                help='add `"StringEquals": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}`',
            )


def _selects(condition: Condition) -> bool:
    """Whether only requests that name attributes pass; AWS's own examples write `StringEqualsIfExists`."""
    names = [value.text.upper() for value in condition.values]
    is_equal = condition.operator.name in ("StringEquals", "StringEqualsIgnoreCase", "StringLike")
    return condition.key_lower == "dynamodb:select" and is_equal and names == ["SPECIFIC_ATTRIBUTES"]
