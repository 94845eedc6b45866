from collections.abc import Iterator

from iamlint.rule import Condition, Confidence, Context, Finding, Fix, Severity, Statement, rename, rule

_NETWORK = ("aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn", "aws:vpcsourceip")
_OWNER = ("aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths")

# Who lacks a key: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
WITHOUT = {
    "aws:sourceip": "requests through any VPC endpoint",
    **dict.fromkeys(_NETWORK + _OWNER, "requests from the internet"),
}


@rule("IAM539", on=Statement, severity=Severity.MEDIUM, confidence=Confidence.MEDIUM, needs=("Allow", "Condition"))
def porous_if_exists(statement: Statement, context: Context) -> Iterator[Finding]:
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
        if _is_porous(condition) and not _is_closed(condition, statement) and not _is_public(statement, context):
            plain = condition.operator.text[: -len("IfExists")]
            fix = Fix.tightening(f"Compare with `{plain}`", rename(condition.operator_at, plain))
            yield Finding(
                condition.operator_at,
                f"{WITHOUT[condition.key_lower]} have no `{condition.key}`, and pass",
                on_key=True,
                help=f"write `{plain}`",
                fix=fix if statement.can_rename(condition, plain) else None,
            )


def _is_porous(condition: Condition) -> bool:
    """Whether it compares such a key, if there is one; `vacuous-condition` says where every value fits anyway."""
    operator = condition.operator
    if not operator.if_exists or not operator.known or operator.is_negated or condition.key_lower not in WITHOUT:
        return False
    return operator.name != "Null" and not any(
        each.text == "*" or each.text.endswith("/0") for each in condition.values
    )


def _is_closed(condition: Condition, statement: Statement) -> bool:
    """Whether other conditions keep out requests without the key."""
    is_address = condition.key_lower == "aws:sourceip"
    return any(
        other.key_lower in WITHOUT
        # Every request has one of the two keys: those from the internet this, those through an endpoint that.
        and (not other.holds_when_absent or is_address != (other.key_lower == "aws:sourceip"))
        for other in statement.conditions
    )


def _is_public(statement: Statement, context: Context) -> bool:
    """Whether strangers get in, as `public-principal` says."""
    return any(entry.is_anyone for entry in statement.principals) and context.exposure(statement) is not None
