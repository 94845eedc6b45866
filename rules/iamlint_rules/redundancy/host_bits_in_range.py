from collections.abc import Iterator

from iamlint.rule import Context, Finding, Fix, Severity, Statement, is_computed, replace, rule


@rule("IAM214", on=Statement, severity=Severity.INFO, needs="Condition", aws="IMPROVE_IP_RANGE")
def host_bits_in_range(statement: Statement, _: Context) -> Iterator[Finding]:
    """Range of addresses is written with the address of a single host.

    ## Why it matters

    AWS compares only the bits that the prefix counts: `203.0.113.77/24` is
    all of `203.0.113.0/24`, although it reads like one address. If one was
    meant, the prefix is too short.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.77/24", "198.51.100.7/32"]}}
                                                     ^^^^^^^^^^^^^^^^^ this is the range `203.0.113.0/24`
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.7/32"]}}
      }
    }
    ```

    ## References

    - [IP address condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress)
    - [Access Analyzer: improve IP range](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for condition in statement.conditions:
        if not condition.operator.name.endswith("IpAddress"):
            continue
        for value in condition.values:
            network = _network(value.text)
            if network:
                yield Finding(
                    value.at,
                    f"this is the range `{network}`",
                    help=f"write `{network}`, or leave the prefix away for the one address",
                    fix=Fix.safely(f"Write `{network}`", replace(value.at, network)),
                )


def _network(text: str) -> str:
    """The range that a text means, if it is written with bits that do not count."""
    from ipaddress import ip_interface  # noqa: PLC0415 - few policies have addresses

    _address, slash, length = text.partition("/")
    if not slash or not length.isdecimal() or "%" in text or is_computed(text):
        return ""
    try:
        range_ = ip_interface(text)
    except ValueError:
        return ""
    return "" if range_.ip == range_.network.network_address else str(range_.network)
