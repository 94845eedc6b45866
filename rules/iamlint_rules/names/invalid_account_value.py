import re
from collections.abc import Iterator

from iamlint.rule import ConditionValue, Context, Finding, Fix, Severity, Statement, is_computed, replace, rule

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html and, for the keys of
# services, https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_NAMES = """
aws:principalaccount aws:principalorgmasteraccountid aws:resourceaccount aws:sourceaccount aws:vpceaccount
events:creatoraccount kms:calleraccount mpa:protectedresourceaccount ram:shareowneraccountid
s3:dataaccesspointaccount s3:resourceaccount s3-outposts:dataaccesspointaccount s3express:dataaccesspointaccount
s3express:resourceaccount securityhub:targetaccount ssm:nodeaccountid sso:applicationaccount
vpc-lattice-svcs:sourcevpcowneraccount
"""
_KEYS = frozenset(_NAMES.split())
_INSIDE = re.compile(r"arn:aws[\w-]*:\w+:[\w-]*:(\d{12}):.*|(\d{4}-\d{4}-\d{4})|\s*(\d{12})\s*")


@rule("IAM140", on=Statement, severity=Severity.HIGH, needs="Condition")
def invalid_account_value(statement: Statement, _: Context) -> Iterator[Finding]:
    """Value for a condition on an account is no account id.

    ## Why it matters

    The key holds twelve digits, so the value never equals it: an Allow grants
    nothing, and a Deny for all but this account denies everyone. As a number
    without quotes, an account id loses the zeros it begins with.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:ResourceAccount": ["arn:aws:iam::111122223333:root", "11112222333"]}}
                                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `arn:aws:iam::111122223333:root` is no account id
                                                                                                    ^^^^^^^^^^^^^ `11112222333` is no account id: it has 11 digits, not 12
      }
    }
    ```

    ```json bad resource:sns
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": "arn:aws:sns:us-east-1:111122223333:reports",
        "Condition": {"StringEquals": {"aws:SourceAccount": "1111-2222-3333"}}
                                                            ^^^^^^^^^^^^^^^^ an account id is written without hyphens
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": "arn:aws:sns:us-east-1:111122223333:reports",
        "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:ResourceAccount": ["111122223333", "${aws:PrincipalAccount}"]}}
      }
    }
    ```

    ## References

    - [Global condition context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    - [AWS account identifiers](https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html)
    """
    for condition in statement.conditions:
        if condition.key_lower not in _KEYS or condition.operator.family != "String":
            continue
        for value in condition.values:
            text = value.text
            if not (len(text) == 12 and text.isdecimal()) and not is_computed(text) and not re.search(r"[*?]", text):
                yield Finding(value.at, _message(value), help="write the twelve digits, in quotes", fix=_fix(value))


def _message(value: ConditionValue) -> str:
    text = value.text
    if re.fullmatch(r"\d{4}-\d{4}-\d{4}", text):
        return "an account id is written without hyphens"
    if text.isdecimal():
        lost = ", and a number loses the zeros before it" if not isinstance(value.raw, str) and len(text) < 12 else ""
        return f"`{text}` is no account id: it has {len(text)} digits, not 12{lost}"
    return f"`{text}` is no account id" if text else "an empty string is no account id"


def _fix(value: ConditionValue) -> Fix | None:
    inside = _INSIDE.fullmatch(value.text)
    account = next((group for group in inside.groups() if group), "").replace("-", "") if inside else ""
    return Fix.risky(f"Write `{account}`", replace(value.at, account)) if account else None
