from collections.abc import Iterator

from iamlint.rule import Context, Finding, Pattern, Policy, Principal, Related, Severity, Statement, rule


@rule("IAM705", on=Principal, severity=Severity.LOW)
def broad_policy_beside_narrow(principal: Principal, _: Context) -> Iterator[Finding]:
    """One policy allows everywhere what another one limits to some resources.

    ## Why it matters

    Permissions add up. A policy that names the bucket a program needs is worth
    nothing beside one like `AmazonS3FullAccess`: whoever takes over the program
    has every bucket. Mostly the broad policy came first, and was forgotten when
    the narrow one was written.

    ## Examples

    ```json bad role
    {
      "RoleName": "reports",
      "AssumeRolePolicyDocument": {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
      },
      "RolePolicyList": [
        {
          "PolicyName": "full",
          "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Action": ["s3:*", "s3-object-lambda:*"], "Resource": "*"}
                                                        ^^^^^^ it allows everywhere what `role/reports policy/read` limits
                                                                                                   --- because of this
          }
        },
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

    ```json good role
    {
      "RoleName": "reports",
      "AssumeRolePolicyDocument": {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
      },
      "RolePolicyList": [
        {
          "PolicyName": "list",
          "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Action": "s3:List*", "Resource": "*"}
          }
        },
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

    - [Policy evaluation logic](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html)
    - [Security best practices in IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    """
    if len(principal.permissions) < 2:
        return
    every = [(policy, each) for policy in principal.permissions for each in policy.statements if each.allows]
    narrow = [(policy, each) for policy, each in every if _is_narrow(each)]
    for policy, broad in every if narrow else ():
        resource = broad.any_resource
        if resource is None or broad.conditions or broad.any_action:
            continue
        for other, statement in narrow:
            covers = _covers(broad, statement) if other is not policy else None
            if covers:
                yield Finding(
                    covers.at,
                    f"it allows everywhere what {_words(other)} limits",
                    help="keep the narrow policy only, and add to it what is missing",
                    related=(Related(resource.at, "because of this"),),
                    severity=Severity.MEDIUM if _is_whole(covers) else None,
                    policy=policy,
                )
                break


def _is_narrow(statement: Statement) -> bool:
    resources = statement.resources
    return bool(resources and statement.actions) and not statement.any_resource


def _covers(broad: Statement, narrow: Statement) -> Pattern | None:
    """The entry that takes in the first of a statement's actions, if each of them is taken in by one."""
    found = [next((entry for entry in broad.actions if action <= entry), None) for action in narrow.actions]
    return found[0] if all(found) else None


def _is_whole(action: Pattern) -> bool:
    """Whether an entry allows all that a service can do."""
    return not action.text.partition(":")[2].strip("*")


def _words(policy: Policy) -> str:
    return f"`{policy.address}`" if policy.address else "another policy"
