from collections.abc import Iterator

from iamlint.rule import Context, Finding, Fix, Related, Severity, Statement, replace, rule

TYPES = {str: "a string", bool: "a boolean", int: "a number", float: "a number"}


@rule("IAM021", on=Statement, severity=Severity.HIGH, needs="Condition", aws="INVALID_CONDITION_DATA_TYPE")
def mixed_condition_values(statement: Statement, _: Context) -> Iterator[Finding]:
    """The values of one condition key are of several JSON types.

    ## Why it matters

    AWS rejects a list that mixes strings, numbers and booleans. Numbers and
    booleans may go without quotes, but then all of a list or none.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:RunInstances",
        "Resource": "arn:aws:ec2:*:111122223333:volume/*",
        "Condition": {"NumericEquals": {"ec2:VolumeSize": ["8", 16]}}
                                                           --- a string
                                                                ^^ among strings, `16` is a number
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:RunInstances",
        "Resource": "arn:aws:ec2:*:111122223333:volume/*",
        "Condition": {"NumericEquals": {"ec2:VolumeSize": ["8", "16"]}}
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:RunInstances",
        "Resource": "arn:aws:ec2:*:111122223333:volume/*",
        "Condition": {"NumericEquals": {"ec2:VolumeSize": [8, 16]}}
      }
    }
    ```

    ## References

    - [Grammar of the IAM JSON policy language](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html)
    - [Access Analyzer: Invalid condition data type](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for condition in [condition for condition in statement.conditions if len(condition.values) > 1]:
        types = [TYPES[type(value.raw)] for value in condition.values]
        odd = next((i for i, type_ in enumerate(types) if type_ != types[0]), None)
        if odd is not None:
            first, value = condition.values[0], condition.values[odd]
            quoted = [replace(each.at, each.text) for each in condition.values if not isinstance(each.raw, str)]
            yield Finding(
                value.at,
                f"among {types[0].partition(' ')[2]}s, `{value}` is {types[odd]}",
                why="AWS rejects the policy",
                help="put all of them in quotes",
                related=(Related(first.at, types[0]),),
                fix=Fix.risky("Put all of them in quotes", *quoted),
            )
