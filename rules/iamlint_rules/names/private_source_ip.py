from collections.abc import Iterator, Mapping, Sequence

from iamlint.rule import Condition, ConditionValue, Context, Finding, Severity, Statement, rule

_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
"""RFC 1918 and RFC 4193."""
_ALL: Mapping[str, str] = {"IpAddress": "PRIVATE_IP_ADDRESS", "NotIpAddress": "PRIVATE_NOT_IP_ADDRESS"}


@rule(
    "IAM117",
    on=Statement,
    severity=Severity.HIGH,
    needs="Condition",
    aws=(
        "PRIVATE_IP_ADDRESS",
        "PRIVATE_NOT_IP_ADDRESS",
        "PRIVATE_IP_ADDRESS_SUBSET",
        "PRIVATE_NOT_IP_ADDRESS_SUBSET",
    ),
)
def private_source_ip(statement: Statement, _: Context) -> Iterator[Finding]:
    """Private address is compared with `aws:SourceIp`, which is always public.

    ## Why it matters

    `aws:SourceIp` is the address that AWS sees: a public one. A request
    through a VPC endpoint has `aws:VpcSourceIp` instead. So an Allow for
    private addresses grants nothing, and a Deny for all but private ones
    denies everyone who comes over the internet.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "192.168.1.0/24"]}}
                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `aws:SourceIp` is never private, so this never holds
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
                                                       ^^^^^^^^^^^^ `aws:SourceIp` is never private, so this always holds
      }
    }
    ```

    Among public addresses a private one is only useless.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "203.0.113.0/24"]}}
                                                     ^^^^^^^^^^^^ `aws:SourceIp` is never private
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {
          "IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"},
          "StringEquals": {"aws:SourceVpc": "vpc-0abc1234def567890"}
        }
      }
    }
    ```

    ## References

    - [aws:SourceIp](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip)
    - [Access Analyzer: private IP address](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for condition in statement.conditions:
        if condition.key_lower != "aws:sourceip" or condition.operator.name not in _ALL:
            continue
        private = [value for value in condition.values if _is_private(value.text)]
        if private:
            yield from _findings(condition, private)


def _findings(condition: Condition, private: Sequence[ConditionValue]) -> Iterator[Finding]:
    help_ = (
        "give the public addresses, or use `aws:VpcSourceIp` with `aws:SourceVpc` for requests through a VPC endpoint"
    )
    name = condition.operator.name
    if len(private) == len(condition.values):
        holds = "always" if condition.operator.is_negated else "never"
        message = f"`{condition.key}` is never private, so this {holds} holds"
        yield Finding(condition.at, message, help=help_, aws=(_ALL[name],))
        return
    for value in private:
        message, aws = f"`{condition.key}` is never private", (f"{_ALL[name]}_SUBSET",)
        yield Finding(value.at, message, help=help_, severity=Severity.LOW, aws=aws)


def _is_private(text: str) -> bool:
    from ipaddress import ip_network  # noqa: PLC0415 - few policies have addresses

    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        return False
    ranges = [ip_network(each) for each in _PRIVATE]
    return any(network.version == each.version and network.subnet_of(each) for each in ranges)  # type: ignore[arg-type]
