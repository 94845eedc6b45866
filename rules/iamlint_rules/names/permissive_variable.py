import re
from collections.abc import Iterator

from iamlint.rule import (
    Condition,
    ConditionValue,
    Confidence,
    Context,
    Finding,
    Severity,
    Statement,
    is_placeholder,
    rule,
)

_SENSITIVE = {
    "aws:principalaccount": "account",
    "aws:resourceaccount": "account",
    "aws:sourceaccount": "account",
    "aws:vpceaccount": "account",
    "aws:principalorgid": "organization",
    "aws:resourceorgid": "organization",
    "aws:sourceorgid": "organization",
    "aws:vpceorgid": "organization",
    "aws:sourcevpc": "VPC",
    "aws:sourcevpce": "VPC endpoint",
}
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html: sensitive condition keys."""
_SERVERLESS = ("aws:accountid", "aws:region")
"""Not AWS's, and filled in before: https://www.serverless.com/framework/docs/guides/variables/aws"""
_ANY = re.compile(r"\$\{[^}]*\}")
_VARIABLE = re.compile(r"\$\{\s*([A-Za-z][\w.-]*:[^,}]*?)\s*(?:,[^}]*)?\}")


@rule(
    "IAM139",
    on=Statement,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    needs=("Condition", "variable"),
    aws="VARIABLE_USAGE_TOO_PERMISSIVE",
)
def permissive_variable(statement: Statement, context: Context) -> Iterator[Finding]:
    """Policy variable lets the caller say what a condition on accounts, organizations or endpoints compares.

    ## Why it matters

    Such a condition is there to keep strangers out. Compared with a variable,
    it holds for whoever can give the variable the right value: a request tag
    is written by the caller, the tag of a principal by whoever may tag it.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "${aws:RequestTag/org}"}}
                                                              ^^^^^^^^^^^^^^^^^^^^^ `aws:RequestTag/org` decides which organization is let in
      }
    }
    ```

    To compare an account or organization of the request with another one is
    fine: AWS fills in both.

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}}
      }
    }
    ```

    ## References

    - [Sensitive condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sensitive)
    - [Access Analyzer: variable usage too permissive](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for condition in statement.conditions:
        for value in condition.values:
            if "${" not in value.text or condition.operator.family != "String":
                continue
            if context.policy.has_variables and not is_placeholder(value.text):
                yield from _findings(statement, condition, value)


def _findings(statement: Statement, condition: Condition, value: ConditionValue) -> Iterator[Finding]:
    key, what = condition.key_lower, _SENSITIVE.get(condition.key_lower)
    is_strict = statement.allows == condition.operator.is_negated
    for match in _VARIABLE.finditer(value.text):
        variable, before = match[1], value.text[: match.start()]
        if what and variable.lower() in (*_SENSITIVE, *_SERVERLESS) and match[0] == value.text:
            continue
        if what:
            message = f"`{variable}` decides which {what} is let in"
            confidence, severity = _trust(variable, statement), None
        elif _is_loose(key, before, value.text):
            message, confidence, severity = f"`{variable}` decides who is let in", Confidence.LOW, Severity.MEDIUM
        else:
            continue
        yield Finding(
            value.at,
            message,
            part=match.span(),
            help="list the ids in full" if what else "write at least six characters before it that are yours",
            severity=Severity.LOW if is_strict else severity,
            confidence=Confidence.LOW if is_strict else confidence,
        )


def _trust(variable: str, statement: Statement) -> Confidence | None:
    """How sure it is that strangers choose the value: of a tag of the principal, its owner does."""
    if statement.allows and any(entry.is_anyone for entry in statement.principals):
        return Confidence.HIGH
    return Confidence.LOW if variable.lower().startswith("aws:principaltag/") else Confidence.MEDIUM


def _is_loose(key: str, before: str, text: str) -> bool:
    """Whether a variable in a subject of OpenID Connect, or in `aws:userid`, stands where a name should."""
    if key == "aws:userid":
        left, colon, _ = _ANY.sub("$", text).partition(":")
        return bool(colon) and left != "$" and ":" not in _ANY.sub("$", before)
    literal = re.split(r"\$\{[^}]*\}|[*?]", before)[-1]
    return key.endswith(":sub") and key != "saml:sub" and len(literal) < 6
