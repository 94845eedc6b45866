from collections.abc import Iterator

from iamlint.rule import Condition, Confidence, Context, Finding, Fix, Severity, Statement, rename, rule

_NETWORK = ("aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn", "aws:vpcsourceip")
_OWNER = ("aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths")
_CALLER = ("aws:principalorgid", "aws:principalorgpaths", "aws:principalarn")
_SOURCE = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")

# Who lacks a key: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
WITHOUT = {
    "aws:sourceip": "requests through any VPC endpoint",
    **dict.fromkeys(_NETWORK + _OWNER, "requests from the internet"),
    **dict.fromkeys(_CALLER[:2], "callers of no organization"),
    "aws:principalarn": "anonymous callers",
    **dict.fromkeys(_SOURCE, "requests that name no source"),
}


@rule("IAM539", on=Statement, severity=Severity.MEDIUM, confidence=Confidence.MEDIUM, needs=("Allow", "Condition"))
def porous_if_exists(statement: Statement, _: Context) -> Iterator[Finding]:
    """Condition with IfExists lets in whoever lacks the key.

    ## Why it matters

    `IfExists` makes a condition true for requests without the key, and these
    are just the ones to keep out: who does not come through your VPC endpoint
    has no `aws:SourceVpce` to compare.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "444455556666"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1a2b3c4d"}}
                      ^^^^^^^^^^^^^^^^^^^^^^ requests from the internet have no `aws:SourceVpce`, and pass
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "444455556666"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}
      }
    }
    ```

    A request comes from the internet or through an endpoint: two conditions
    of this kind, one for each, leave nobody out. In a `Deny` it is `IfExists`
    that closes the gap.

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": {"AWS": "444455556666"},
          "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
          "Condition": {
            "StringEqualsIfExists": {"aws:SourceVpce": "vpce-1a2b3c4d"},
            "IpAddressIfExists": {"aws:SourceIp": "203.0.113.0/24"}
          }
        },
        {
          "Effect": "Deny",
          "Principal": "*",
          "Action": "s3:*",
          "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
          "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
        }
      ]
    }
    ```

    ## References

    - [...IfExists condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists)
    - [AWS global condition context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    """
    for condition in statement.conditions:
        who = WITHOUT.get(condition.key_lower) if condition.operator.if_exists else None
        if not who or condition.operator.is_negated or not _is_meant_for(condition.key_lower, statement):
            continue
        if not _is_closed(condition, statement):
            plain = condition.operator.text[: -len("IfExists")]
            rename_ = rename(condition.operator_at, plain)
            yield Finding(
                condition.operator_at,
                f"{who} have no `{condition.key}`, and pass",
                on_key=True,
                help=f"write `{plain}`",
                fix=Fix.tightening(f"Compare with `{plain}`", rename_)
                if statement.can_rename(condition, plain)
                else None,
            )


def _is_meant_for(key: str, statement: Statement) -> bool:
    """Whether the statement can let in anyone without the key whom it does not name itself."""
    is_anyone = any(entry.is_anyone for entry in statement.principals)
    return is_anyone or key not in (*_CALLER, *_SOURCE)


def _is_closed(condition: Condition, statement: Statement) -> bool:
    """Whether other conditions keep out requests without the key."""
    key = condition.key_lower
    group = next(group for group in (_CALLER, _SOURCE, (*_NETWORK, *_OWNER, "aws:sourceip")) if key in group)
    return any(
        other.key_lower in group and (not other.holds_when_absent or _completes(other.key_lower, key))
        for other in statement.conditions
    )


def _completes(one: str, other: str) -> bool:
    """Whether every request has one of two keys: those from the internet this, those through an endpoint that."""
    return (one == "aws:sourceip") != (other == "aws:sourceip")
