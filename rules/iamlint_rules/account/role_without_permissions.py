from collections.abc import Iterator

from iamlint.rule import ROOT, Context, Finding, Principal, Severity, rule


@rule("IAM712", on=Principal, severity=Severity.INFO, pedantic=True)
def role_without_permissions(principal: Principal, _: Context) -> Iterator[Finding]:
    """Role has no permissions of its own.

    ## Why it matters

    Whoever assumes it may do what resources' policies allow it, and nothing
    else. That can be meant, for a bucket of another account; more often the
    policy was forgotten, or the role was.

    ## Examples

    ```json bad role
    {
      "RoleName": "reports",
      "Arn": "arn:aws:iam::111122223333:role/reports",
      "RolePolicyList": [],
      "AttachedManagedPolicies": [],
      "InstanceProfileList": [{"InstanceProfileName": "reports"}],
      "AssumeRolePolicyDocument": {
                                  ^ the role has no policy
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
      }
    }
    ```

    ```json good role
    {
      "RoleName": "reports",
      "Arn": "arn:aws:iam::111122223333:role/reports",
      "AttachedManagedPolicies": [
        {"PolicyName": "CloudWatchAgentServerPolicy", "PolicyArn": "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"}
      ],
      "InstanceProfileList": [{"InstanceProfileName": "reports"}],
      "AssumeRolePolicyDocument": {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
      }
    }
    ```

    ## References

    - [IAM roles](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html)
    """
    listed = principal.profiles is not None and principal.trust is not None
    if listed and not principal.permissions and not principal.attached and not principal.unread:
        yield Finding(ROOT, "the role has no policy", help="attach one, or delete the role", policy=principal.trust)
