from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Pattern, Severity, Statement, is_computed, rule

# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
# names the keys, https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html shows the ids.
_PREFIXES = {
    "i-": ("id of an instance", "ec2:instanceid"),
    "ami-": ("id of an image", "ec2:imageid autoscaling:imageid"),
    "vpc-": ("id of a VPC", "aws:ec2instancesourcevpc ec2:vpcid lambda:vpcids"),
    "subnet-": ("id of a subnet", "ec2:subnetid lambda:subnetids elasticloadbalancing:subnet sagemaker:vpcsubnets"),
    "sg-": (
        "id of a security group",
        "ec2:securitygroupid lambda:securitygroupids elasticloadbalancing:securitygroup sagemaker:vpcsecuritygroupids",
    ),
    "vol-": ("id of a volume", "ec2:volumeid"),
    "snap-": ("id of a snapshot", "ec2:snapshotid"),
    "eni-": ("id of a network interface", "ec2:networkinterfaceid"),
    "rtb-": ("id of a route table", "ec2:routetableid"),
    "acl-": ("id of a network ACL", "ec2:networkaclid"),
    "igw-": ("id of an internet gateway", "ec2:internetgatewayid"),
    "tgw-": ("id of a transit gateway", "ec2:transitgatewayid"),
    # https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-resource-aliases
    "alias/": ("name of a KMS alias", "kms:requestalias kms:resourcealiases"),
    "pcx-": ("id of a peering connection", "ec2:vpcpeeringconnectionid"),
}
_KEYS = {key: (prefix, what) for prefix, (what, keys) in _PREFIXES.items() for key in keys.split()}


@rule("IAM148", on=Statement, severity=Severity.MEDIUM, confidence=Confidence.MEDIUM, needs="Condition")
def mistaken_id_value(statement: Statement, _: Context) -> Iterator[Finding]:
    """Value for a condition on an id is the id of something else, or an ARN.

    ## Why it matters

    The value never equals the key: an Allow grants nothing, and a Deny for
    all but this subnet denies every one.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": ["lambda:CreateFunction", "lambda:UpdateFunctionConfiguration"],
        "Resource": "*",
        "Condition": {
          "ForAllValues:StringNotEquals": {
            "lambda:SubnetIds": ["subnet-0abc1234def567890", "vpc-0abc1234def567890"],
                                                             ^^^^^^^^^^^^^^^^^^^^^^^ `vpc-0abc1234def567890` is no id of a subnet
            "lambda:VpcIds": "arn:aws:ec2:us-east-1:111122223333:vpc/vpc-0abc1234def567890"
                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this is an ARN, not the id of a VPC
          }
        }
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": ["lambda:CreateFunction", "lambda:UpdateFunctionConfiguration"],
        "Resource": "*",
        "Condition": {
          "ForAllValues:StringNotEquals": {"lambda:SubnetIds": ["subnet-0abc1234def567890", "subnet-1a2b3c4d"]}
        }
      }
    }
    ```

    ## References

    - [Using VPC condition keys for Lambda](https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#vpc-condition-keys)
    - [Condition keys for Amazon EC2](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html#amazonec2-policy-keys)
    """
    for condition in statement.conditions:
        prefix, what = _KEYS.get(condition.key_lower, ("", ""))
        if not prefix or condition.operator.family != "String":
            continue
        for value in condition.values:
            if not value.text or is_computed(value.text) or Pattern(value.text) & Pattern(f"{prefix}*"):
                continue
            is_arn = value.text.startswith("arn:")
            message = f"this is an ARN, not the {what}" if is_arn else f"`{value}` is no {what}"
            yield Finding(value.at, message, help=f"it begins with `{prefix}`")
