from collections.abc import Iterator

from iamlint.rule import Condition, Context, Finding, Severity, Statement, rule


@rule("IAM215", on=Statement, severity=Severity.MEDIUM, needs="Condition")
def range_of_every_address(statement: Statement, _: Context) -> Iterator[Finding]:
    """Range of addresses holds every address there is.

    ## Why it matters

    The condition is there to keep others out, and keeps nobody out: whatever
    the request's address, it is in `0.0.0.0/0`. A Deny for all addresses but
    these never denies.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": "*",
          "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
          "Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/0"]}}
                                                                         ^^^^^^^^^^^ every IPv4 address is in this range
        },
        {
          "Effect": "Deny",
          "Principal": "*",
          "Action": "s3:*",
          "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
          "Condition": {"NotIpAddress": {"aws:SourceIp": "::/0"}}
                                                         ^^^^^^ every IPv6 address is in this range
        }
      ]
    }
    ```

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]}}
      }
    }
    ```

    ## References

    - [IP address condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress)
    - [aws:SourceIp](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip)
    """
    for condition in statement.conditions:
        if not condition.operator.name.endswith("IpAddress") or _always_holds(condition):
            continue
        for value in condition.values:
            if value.text.endswith("/0"):
                kind = "IPv6" if ":" in value.text else "IPv4"
                # A Deny for all of them, or an Allow for none, is strict rather than idle.
                is_idle = statement.allows != condition.operator.is_negated
                yield Finding(
                    value.at,
                    f"every {kind} address is in this range",
                    help="name the ranges that are meant, or remove the condition",
                    severity=None if is_idle else Severity.LOW,
                )


def _always_holds(condition: Condition) -> bool:
    """Whether another rule says that this condition holds whatever the address, and without one."""
    is_open = condition.operator.if_exists or condition.operator.qualifier == "ForAllValues"
    kinds = {":" in value.text for value in condition.values if value.text.endswith("/0")}
    return is_open and len(kinds) == 2 and not condition.operator.is_negated
