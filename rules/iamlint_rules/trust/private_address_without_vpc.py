from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, Severity, Statement, rule

AWS = ("MISSING_PAIRED_CONDITION_KEYS",)

VPC = frozenset(
    ("aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn", "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths")
)
"""Keys that say which VPC, or at least whose.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpcsourceip
"""


@rule(
    "IAM535",
    on=Statement,
    severity=Severity.MEDIUM,
    kinds=[kind for kind in PolicyKind if kind is not PolicyKind.VPC_ENDPOINT],  # which is of one VPC
    needs="Condition",
    aws=AWS,
)
def private_address_without_vpc(statement: Statement, _: Context) -> Iterator[Finding]:
    """Private address is compared without its VPC.

    ## Why it matters

    Private addresses are not unique: anyone may make a VPC with the same
    range in an account of their own. The address says something only together
    with the VPC or the endpoint.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/24"}}
                                    ^^^^^^^^^^^^^^^^^ any VPC may have these addresses
      }
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
        "Condition": {
          "IpAddress": {"aws:VpcSourceIp": "10.0.0.0/24"},
          "StringEquals": {"aws:SourceVpc": "vpc-1a2b3c4d"}
        }
      }
    }
    ```

    The address of the instance that credentials were delivered to is no
    different.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"IpAddress": {"aws:Ec2InstanceSourcePrivateIPv4": "10.0.0.17"}}
                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ any VPC may have these addresses
      }
    }
    ```

    ## References

    - [aws:VpcSourceIp](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpcsourceip)
    - [aws:Ec2InstanceSourcePrivateIPv4](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-ec2instancesourceprivateip4)
    - [Access Analyzer: missing paired condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-security-warning-missing-paired-condition-keys)
    """
    keys = statement.condition_keys()
    for condition in statement.conditions:
        key = condition.key_lower
        if key == "aws:vpcsourceip" and not keys & VPC:
            yield Finding(
                condition.at, MESSAGE, on_key=True, help="compare `aws:SourceVpc` or `aws:SourceVpce` as well"
            )
        elif key == INSTANCE and statement.allows and "aws:ec2instancesourcevpc" not in keys:
            help_ = "compare `aws:Ec2InstanceSourceVpc` as well"
            yield Finding(condition.at, MESSAGE, on_key=True, help=help_, aws=())


INSTANCE = "aws:ec2instancesourceprivateipv4"
MESSAGE = "any VPC may have these addresses"
