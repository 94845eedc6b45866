from collections.abc import Iterator

from iamlint.rule import Condition, Confidence, Context, Finding, Fix, Severity, Statement, rename, rule

# Documented as single, and yet Access Analyzer accepts ForAllValues for them, as AWS's own policies use it.
LISTS = ("codestar-connections:provideraction", "codeconnections:provideraction")


@rule("IAM522", on=Statement, severity=Severity.MEDIUM, needs="Condition", aws="FORALLVALUES_WITH_SINGLE_VALUED_KEY")
def for_all_values_of_one(statement: Statement, context: Context) -> Iterator[Finding]:
    """ForAllValues is used with a key that has one value.

    ## Why it matters

    `ForAllValues:` is true when the key is absent from the request. For a list
    of values that may be meant; for a single one it turns "must be this" into
    "must be this, or nothing at all".

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "111122223333"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"ForAllValues:StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}
                                                    ^^^^^^^^^^^^^^^^ `aws:SourceVpce` has one value, or none, which fits too
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "111122223333"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:CreateTags",
        "Resource": "arn:aws:ec2:us-east-1:111122223333:instance/*",
        "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["team", "cost-center"]}}
      }
    }
    ```

    ## References

    - [Multivalued context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html)
    - [Access Analyzer: ForAllValues with single valued key](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for condition in statement.conditions:
        if condition.operator.qualifier != "ForAllValues" or not condition.operator.known:
            continue
        key = context.catalog.condition_key(condition.key)
        if key is None or key.multivalued:
            continue
        if condition.key_lower.endswith(":aud") or condition.key_lower in LISTS:
            continue
        yield Finding(
            condition.at,
            f"`{condition.key}` has one value, or none, which fits too",
            on_key=True,
            why="`ForAllValues:` is true when the key is absent",
            help=f"write `{condition.operator.unqualified}`",
            confidence=Confidence.HIGH if condition.key_lower.startswith("aws:") else Confidence.MEDIUM,
            severity=Severity.MEDIUM if statement.allows else Severity.LOW,
            fix=_fix(statement, condition),
        )


def _fix(statement: Statement, condition: Condition) -> Fix | None:
    plain = condition.operator.unqualified
    if not statement.allows or not statement.can_rename(condition, plain):
        return None
    return Fix.tightening(f"Compare with `{plain}`", rename(condition.operator_at, plain))
