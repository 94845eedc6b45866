from collections.abc import Iterator

from iamlint.rule import ROOT, Context, Finding, Principal, Severity, rule

EC2 = ("ec2.amazonaws.com", "ec2.amazonaws.com.cn")


@rule("IAM711", on=Principal, severity=Severity.MEDIUM)
def profile_without_ec2_trust(principal: Principal, _: Context) -> Iterator[Finding]:
    """Role is in an instance profile and does not trust EC2.

    ## Why it matters

    EC2 assumes the role of the profile for the instance, and the trust policy
    must let `ec2.amazonaws.com` do so. Otherwise the instance starts, asks the
    metadata service for credentials and gets none.

    ## Examples

    ```json bad role
    {
      "RoleName": "reports",
      "Arn": "arn:aws:iam::111122223333:role/reports",
      "InstanceProfileList": [{"InstanceProfileName": "reports"}],
      "AssumeRolePolicyDocument": {
                                  ^ the role is in instance profile `reports` and does not trust EC2
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
      }
    }
    ```

    ```json good role
    {
      "RoleName": "reports",
      "Arn": "arn:aws:iam::111122223333:role/reports",
      "InstanceProfileList": [{"InstanceProfileName": "reports"}],
      "AssumeRolePolicyDocument": {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
      }
    }
    ```

    ## References

    - [IAM roles for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html)
    - [Troubleshoot Amazon EC2 and IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_iam-ec2.html)
    """
    trust = principal.trust
    if not principal.profiles or trust is None or not trust.statements:
        return
    entries = [entry for statement in trust.statements if statement.allows for entry in statement.principals]
    if not any(entry.value in EC2 or entry.is_anyone for entry in entries):
        yield Finding(
            ROOT,
            f"the role is in instance profile `{principal.profiles[0]}` and does not trust EC2",
            help="trust `ec2.amazonaws.com`, or take the role out of the profile",
            policy=trust,
        )
