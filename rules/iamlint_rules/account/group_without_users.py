from collections.abc import Iterator

from iamlint.rule import ROOT, Account, Context, Finding, Severity, rule


@rule("IAM710", on=Account, severity=Severity.INFO, pedantic=True)
def group_without_users(account: Account, _: Context) -> Iterator[Finding]:
    """Group has no users.

    ## Why it matters

    Its policies are kept up, reviewed and counted, and give nobody anything. Who
    is put into it one day gets what it was once meant for.

    ## Examples

    ```json bad role
    {
      "UserDetailList": [
        {
          "UserName": "alice",
          "Arn": "arn:aws:iam::111122223333:user/alice",
          "GroupList": ["analysts"],
          "AttachedManagedPolicies": []
        }
      ],
      "GroupDetailList": [
        {"GroupName": "analysts", "Arn": "arn:aws:iam::111122223333:group/analysts", "GroupPolicyList": []},
        {
          "GroupName": "operators",
          "Arn": "arn:aws:iam::111122223333:group/operators",
          "GroupPolicyList": [
            {
              "PolicyName": "read",
              "PolicyDocument": {
                                ^ no user is in `group/operators`
                "Version": "2012-10-17",
                "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"}
              }
            }
          ]
        }
      ]
    }
    ```

    ```json good role
    {
      "UserDetailList": [
        {
          "UserName": "alice",
          "Arn": "arn:aws:iam::111122223333:user/alice",
          "GroupList": ["analysts"],
          "AttachedManagedPolicies": []
        }
      ],
      "GroupDetailList": [
        {
          "GroupName": "analysts",
          "Arn": "arn:aws:iam::111122223333:group/analysts",
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
      ]
    }
    ```

    ## References

    - [IAM user groups](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html)
    """
    users = [each for each in account.principals if each.name.startswith("user/")]
    held = {group for user in users for group in user.groups}
    for each in account.principals if users else ():
        if each.name.startswith("group/") and each.name not in held and each.policies:
            yield Finding(
                ROOT,
                f"no user is in `{each.name}`",
                help="delete it, or put its users in",
                policy=each.policies[0],
            )
