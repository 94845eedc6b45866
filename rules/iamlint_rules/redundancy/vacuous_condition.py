from collections.abc import Iterator

from iamlint.rule import Condition, Context, Finding, Severity, Statement, rule

ALWAYS, NEVER = "REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION", "REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION"


@rule("IAM210", on=Statement, severity=Severity.MEDIUM, aws=(ALWAYS, NEVER))
def vacuous_condition(statement: Statement, _: Context) -> Iterator[Finding]:
    """Condition always or never holds, as its value is a wildcard alone.

    ## Why it matters

    Everything is like `*`, and with `IfExists` or `ForAllValues` a request
    without the key passes as well: the condition limits nothing, although it
    looks so. `ForAnyValue` with `NotLike` is the reverse, and makes the
    statement apply to no request at all.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"StringLikeIfExists": {"aws:PrincipalTag/team": "*"}}
                                                                      ^^^ `StringLikeIfExists` with `*` always holds
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "ec2:CreateTags",
        "Resource": "*",
        "Condition": {"ForAnyValue:StringNotLike": {"aws:TagKeys": "*"}}
                                                                   ^^^ `ForAnyValue:StringNotLike` with `*` never holds
      }
    }
    ```

    Without `IfExists` the key must at least be there.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"StringLike": {"aws:PrincipalTag/team": "*"}}
      }
    }
    ```

    ## References

    - [Set operators for multivalued context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html)
    - [Access Analyzer: redundant key, redundant statement due to wildcard in condition](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for condition in statement.conditions:
        code = _code(condition)
        if code:
            word = "always" if code == ALWAYS else "never"
            at = next(value.at for value in condition.values if value.text == "*")
            yield Finding(at, f"`{condition.operator.text}` with `*` {word} holds", aws=(code,))


def _code(condition: Condition) -> str | None:
    operator = condition.operator
    if not operator.known or all(value.text != "*" for value in condition.values):
        return None
    if operator.name == "StringLike" and (operator.qualifier == "ForAllValues" or operator.if_exists):
        return ALWAYS if operator.qualifier != "ForAnyValue" else None
    return NEVER if operator.name == "StringNotLike" and operator.qualifier == "ForAnyValue" else None
