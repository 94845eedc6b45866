from collections.abc import Iterator

from iamlint.rule import Condition, Context, Finding, Fix, Severity, Statement, rename, rule

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html says of each of these that it
# is included in the context of every request.
ALWAYS = frozenset(
    (
        "aws:currenttime",
        "aws:epochtime",
        "aws:principalaccount",
        "aws:principaltype",
        "aws:requestedregion",
        "aws:securetransport",
        "aws:userid",
        "aws:viaawsservice",
    )
)


@rule("IAM211", on=Statement, severity=Severity.INFO, needs="Condition", pedantic=True)
def superfluous_if_exists(statement: Statement, _: Context) -> Iterator[Finding]:
    """IfExists makes no difference.

    ## Why it matters

    `IfExists` says that a request without the key passes. A negated operator
    says so already, and some keys no request lacks: there the suffix only makes
    a reader look for a gap that is not there.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:PutObject",
        "Resource": "*",
        "Condition": {"StringNotEqualsIfExists": {"aws:ResourceOrgID": "o-a1b2c3d4e5"}}
                      ^^^^^^^^^^^^^^^^^^^^^^^^^ `StringNotEquals` is true without the key as well
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:PutObject",
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:ResourceOrgID": "o-a1b2c3d4e5"}}
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:PutObject",
        "Resource": "*",
        "Condition": {
          "BoolIfExists": {"aws:SecureTransport": "true"}
          ^^^^^^^^^^^^^^ every request has `aws:SecureTransport`
        }
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:PutObject",
        "Resource": "*",
        "Condition": {
          "Bool": {"aws:SecureTransport": "true"}
        }
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:PutObject",
        "Resource": "*",
        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
      }
    }
    ```

    ## References

    - [...IfExists condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists)
    - [AWS global condition context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    """
    for condition in statement.conditions:
        operator = condition.operator
        if not operator.if_exists or operator.qualifier or not operator.known:
            continue
        plain = operator.text[: -len("IfExists")]
        fixable = statement.can_rename(condition, plain)
        if operator.is_negated:
            fix = Fix.safely(f"Write `{plain}`", rename(condition.operator_at, plain)) if fixable else None
            yield _finding(condition, f"`{plain}` is true without the key as well", fix)
        elif condition.key_lower in ALWAYS:
            fixable = fixable and statement.allows
            fix = Fix.tightening(f"Write `{plain}`", rename(condition.operator_at, plain)) if fixable else None
            yield _finding(condition, f"every request has `{condition.key}`", fix)


def _finding(condition: Condition, message: str, fix: Fix | None) -> Finding:
    return Finding(condition.operator_at, message, on_key=True, fix=fix)
