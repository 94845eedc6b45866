from collections.abc import Iterator

from iamlint.rule import Context, Finding, Principal, Severity, rule

EC2 = ("ec2.amazonaws.com", "ec2.amazonaws.com.cn")


@rule("IAM701", on=Principal, severity=Severity.LOW)
def instance_role_without_profile(principal: Principal, _: Context) -> Iterator[Finding]:
    """EC2 is trusted, but no instance can be given the role.

    ## Why it matters

    An instance gets its role through an instance profile, a container with one
    role in it. The console makes one along with the role; the CLI, the API and
    templates do not. Without it the role is either of no use or left over, and
    EC2 is trusted for nothing.

    This is known only where the instance profiles are: in what `aws iam
    get-account-authorization-details` prints.

    ## Examples

    ```json bad role
    {
      "RoleName": "reports",
      "Arn": "arn:aws:iam::111122223333:role/reports",
      "InstanceProfileList": [],
      "AssumeRolePolicyDocument": {
        "Version": "2012-10-17",
        "Statement": {
          "Effect": "Allow",
          "Principal": {"Service": "ec2.amazonaws.com"},
                                   ^^^^^^^^^^^^^^^^^^^ the role is in no instance profile, so no instance can have it
          "Action": "sts:AssumeRole"
        }
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
        "Statement": {
          "Effect": "Allow",
          "Principal": {"Service": "ec2.amazonaws.com"},
          "Action": "sts:AssumeRole"
        }
      }
    }
    ```

    ## References

    - [Use instance profiles](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html)
    """
    if principal.profiles != () or principal.trust is None:
        return
    for statement in principal.trust.statements:
        for entry in statement.principals if statement.allows else ():
            if entry.type == "Service" and entry.value in EC2:
                yield Finding(
                    entry.at,
                    "the role is in no instance profile, so no instance can have it",
                    help=f"put it into one: aws iam add-role-to-instance-profile --role-name {_name(principal)} …",
                    policy=principal.trust,
                )
                return


def _name(principal: Principal) -> str:
    return principal.name.rpartition("/")[2]
