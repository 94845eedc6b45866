import re
from collections.abc import Iterator

from iamlint.rule import Context, Finding, Pointer, Severity, Statement, rule

VARIABLE = re.compile(r"\$\{\s*([\w.-]+:[^\s${},']+)\s*(?:,[^}]*)?\}")


@rule("IAM127", on=Statement, severity=Severity.MEDIUM)
def multivalued_variable(statement: Statement, context: Context) -> Iterator[Finding]:
    """Policy variable is a key with several values.

    ## Why it matters

    A variable stands for one text. AWS puts none in the place of a key that
    has a list of values, and what holds the variable matches nothing.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"StringLike": {"s3:ExistingObjectTag/path": "${aws:PrincipalOrgPaths}*"}}
                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^ `aws:PrincipalOrgPaths` has several values, and a variable stands for one
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"StringEquals": {"s3:ExistingObjectTag/organization": "${aws:PrincipalOrgID}"}}
      }
    }
    ```

    ## References

    - [Single-valued vs. multivalued context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html)
    - [IAM policy elements: Variables and tags](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
    """
    if not context.policy.has_variables:
        return
    for at, text in _texts(statement):
        for match in VARIABLE.finditer(text):
            if context.catalog.is_multivalued(match[1]):
                message = f"`{match[1]}` has several values, and a variable stands for one"
                yield Finding(at, message, part=match.span())


def _texts(statement: Statement) -> Iterator[tuple[Pointer, str]]:
    for pattern in (*statement.resources, *statement.not_resources):
        if "${" in pattern.text:
            yield pattern.at, pattern.text
    for condition in statement.conditions:
        yield from ((value.at, value.text) for value in condition.values if "${" in value.text)
