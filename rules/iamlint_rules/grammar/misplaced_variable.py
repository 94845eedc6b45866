import re
from collections.abc import Iterator

from iamlint.rule import ROOT, Arn, Confidence, Context, Finding, Pointer, Policy, Severity, Statement, rule

VARIABLE = re.compile(r"\$\{([\w.-]+:[\w-]+)[^{}]*\}")
ELEMENT = "VARIABLE_UNSUPPORTED_IN_ELEMENT"
OPERATOR = "INVALID_VARIABLE_FOR_OPERATOR"


@rule("IAM028", on=Policy, severity=Severity.HIGH, needs="variable", aws=(ELEMENT, OPERATOR))
def misplaced_variable(policy: Policy, context: Context) -> Iterator[Finding]:
    """A policy variable stands where AWS puts no value in its place.

    ## Why it matters

    Variables work in the resource part of `Resource` and `NotResource`, and in
    the values of string and ARN conditions. Anywhere else AWS rejects the
    policy, or reads the characters as they are.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:${aws:PrincipalTag/verb}Object",
                      ^^^^^^^^^^^^^^^^^^^^^^^^ `Action` takes no variables
        "Resource": "arn:aws:s3:::reports/${aws:username}/*",
        "Condition": {"NumericLessThan": {"s3:max-keys": "${aws:PrincipalTag/most}"}}
                                                          ^^^^^^^^^^^^^^^^^^^^^^^^ `NumericLessThan` takes no variables
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:${aws:RequestedRegion}:111122223333:orders"
                                 ^^^^^^^^^^^^^^^^^^^^^^ variables work only after the fifth colon of an ARN
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:*:111122223333:orders-${aws:PrincipalTag/team}",
        "Condition": {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
      }
    }
    ```

    ## References

    - [IAM policy elements: Where you can use policy variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-wheretouse)
    """
    for element, at, text in _elsewhere(policy):
        yield from _rejected(at, text, element, ELEMENT, context)
    for statement in [statement for statement in policy.statements if "${" in statement.text]:
        for condition in statement.conditions:
            if condition.operator.known and condition.operator.family not in ("String", "Arn"):
                for value in condition.values:
                    yield from _rejected(value.at, value.text, condition.operator.text, OPERATOR, context)
        yield from _early(statement, context)


def _rejected(at: Pointer, text: str, where: str, aws: str, context: Context) -> Iterator[Finding]:
    for part in _variables(text, context):
        message = f"`{where}` takes no variables"
        yield Finding(at, message, why="AWS rejects the policy", part=part, aws=(aws,))


def _early(statement: Statement, context: Context) -> Iterator[Finding]:
    for resource in (*statement.resources, *statement.not_resources):
        arn = Arn.parse(resource.text) if "${" in resource.text else None
        for part in _variables(resource.text, context) if arn else ():
            if arn and part[0] < len(resource.text) - len(arn.resource):
                message = "variables work only after the fifth colon of an ARN"
                yield Finding(
                    resource.at,
                    message,
                    part=part,
                    severity=Severity.MEDIUM,
                    confidence=Confidence.MEDIUM,
                    help="write `*` here, and a condition such as `aws:RequestedRegion` or `aws:ResourceAccount`",
                    aws=(),
                )


def _elsewhere(policy: Policy) -> Iterator[tuple[str, Pointer, str]]:
    """The texts of the elements that take no variables at all."""
    for element in ("Version", "Id"):
        if "${" in str(policy.elements.get(element, "")):
            yield element, ROOT / element, str(policy.elements[element])
    for statement in policy.statements:
        for element in ("Sid", "Effect"):
            if "${" in str(statement.raw.get(element, "")):
                yield element, statement.element_at(element), str(statement.raw[element])
        for name, patterns in (("Action", statement.actions), ("NotAction", statement.not_actions)):
            if "${" in "".join([pattern.text for pattern in patterns]):
                yield from ((name, pattern.at, pattern.text) for pattern in patterns if "${" in pattern.text)
        if "${" in statement.text:
            for name, entries in (("Principal", statement.principals), ("NotPrincipal", statement.not_principals)):
                yield from ((name, entry.at, entry.value) for entry in entries if "${" in entry.value)


def _variables(text: str, context: Context) -> Iterator[tuple[int, int]]:
    """Where variables of IAM stand; the placeholders of other tools name no key that AWS knows."""
    for match in VARIABLE.finditer(text) if "${" in text else ():
        if any(context.catalog.condition_key(key) for key in (match[1], f"{match[1]}/tag")):
            yield match.span()
