from collections.abc import Iterator

from iamlint.rule import ROOT, Context, Finding, Principal, Severity, rule


@rule("IAM708", on=Principal, severity=Severity.INFO, pedantic=True)
def policy_on_user(principal: Principal, _: Context) -> Iterator[Finding]:
    """Permissions are given to a single user.

    ## Why it matters

    Permissions of groups are found, reviewed and taken away in one place. What
    one user has beyond the groups is forgotten when the user changes jobs.

    ## Examples

    ```json bad role
    {
      "UserName": "alice",
      "UserPolicyList": [
        {
          "PolicyName": "read",
          "PolicyDocument": {
                            ^ it gives permissions to `user/alice` alone
            "Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}
          }
        }
      ]
    }
    ```

    ```json good role
    {
      "GroupName": "analysts",
      "GroupPolicyList": [
        {
          "PolicyName": "read",
          "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}
          }
        }
      ]
    }
    ```

    ## References

    - [IAM user groups](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html)
    - [Security Hub control IAM.2](https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-2)
    """
    if not principal.name.startswith("user/"):
        return
    for policy in principal.permissions:
        if policy.address and policy.address.startswith(f"{principal.name} "):
            yield Finding(
                ROOT,
                f"it gives permissions to `{principal.name}` alone",
                help="give them to a group, or to a role that the user assumes",
                policy=policy,
            )
    for attached in principal.attached:
        if attached.policy is not None and not attached.group:
            yield Finding(
                ROOT,
                f"it is attached to `{principal.name}` itself",
                help="attach it to a group",
                policy=attached.policy,
            )
