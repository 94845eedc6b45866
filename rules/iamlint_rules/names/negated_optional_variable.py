import re
from collections.abc import Iterator

from iamlint.rule import Condition, Confidence, Context, Finding, Severity, Statement, rule

VARIABLE = re.compile(r"\$\{\s*([\w.-]+:[^${},']+?)\s*\}")

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
OPTIONAL = (
    "aws:principaltag/",
    "aws:principalorgid",
    "aws:requesttag/",
    "aws:resourceorgid",
    "aws:resourcetag/",
    "aws:sourceidentity",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:username",
    "aws:ec2instancesourcevpc",
)


@rule(
    "IAM128",
    on=Statement,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    needs=("Allow", "Condition", "variable"),
)
def negated_optional_variable(statement: Statement, context: Context) -> Iterator[Finding]:
    """Negated condition compares with a variable that a request may lack, and then lets it through.

    ## Why it matters

    A variable without a value equals nothing. That makes `StringEquals` false,
    which is safe, but `StringNotEquals` true: whoever has no such tag is
    allowed what others are not.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:TerminateInstances",
        "Resource": "arn:aws:ec2:*:111122223333:instance/*",
        "Condition": {"StringNotEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/no-access-to}"}}
                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ it is true of requests without `aws:PrincipalTag/no-access-to`
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:TerminateInstances",
        "Resource": "arn:aws:ec2:*:111122223333:instance/*",
        "Condition": {
          "StringNotEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/no-access-to}"},
          "Null": {"aws:PrincipalTag/no-access-to": "false"}
        }
      }
    }
    ```

    ## References

    - [IAM policy elements: Variables and tags](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
    - [AWS global condition context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    """
    for condition in statement.conditions:
        if not condition.operator.is_negated or condition.operator.family not in ("String", "Arn"):
            continue
        for value in condition.values:
            match = VARIABLE.search(value.text) if "${" in value.text and context.policy.has_variables else None
            if match and match[1].lower().startswith(OPTIONAL) and not _is_demanded(match[1].lower(), statement):
                yield Finding(
                    value.at,
                    f"it is true of requests without `{match[1]}`",
                    part=match.span(),
                    why="a variable without a value equals nothing",
                    help=f'add `"Null": {{"{match[1]}": "false"}}`, or give the variable a default',
                )


def _is_demanded(key: str, statement: Statement) -> bool:
    """Whether another condition wants the key to be there."""
    others: Iterator[Condition] = (other for other in statement.conditions if other.key_lower == key)
    return any(not other.holds_when_absent for other in others)
