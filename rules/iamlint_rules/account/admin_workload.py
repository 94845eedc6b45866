from collections.abc import Iterator

from iamlint.rule import Context, Finding, Principal, PrincipalEntry, Severity, Statement, rule

RUN = frozenset(
    (
        "ec2.amazonaws.com",
        "ec2.amazonaws.com.cn",
        "ecs-tasks.amazonaws.com",
        "edgelambda.amazonaws.com",
        "lambda.amazonaws.com",
        "pods.eks.amazonaws.com",
        "sagemaker.amazonaws.com",
        "tasks.apprunner.amazonaws.com",
    )
)
"""The services that run programs with a role.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
"""


@rule("IAM707", on=Principal, severity=Severity.HIGH)
def admin_workload(principal: Principal, _: Context) -> Iterator[Finding]:
    """Program runs as an administrator.

    ## Why it matters

    A program meets what comes from outside. One that can be made to fetch a URL
    or to run a command gives its role away, from EC2's metadata service or from
    the environment of a function, and with this role the account.

    ## Examples

    ```json bad role
    {
      "RoleName": "reports",
      "AssumeRolePolicyDocument": {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
                                                                  ^^^^^^^^^^^^^^^^^^^ its programs are administrators
      },
      "RolePolicyList": [
        {
          "PolicyName": "all",
          "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}
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

    - [Security best practices in IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    - [IAM roles for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html)
    """
    entry = _program(principal)
    if entry is None or principal.limits or principal.boundary:
        return
    statements = [statement for policy in principal.permissions for statement in policy.statements]
    if any(map(_is_everything, statements)) and not any(map(_may_limit, statements)):
        yield Finding(
            entry.at,
            "its programs are administrators",
            label=f"whoever takes over one has the account, as {principal.name}",
            help="allow what the program calls; `iamlint suggest` writes such a policy",
            policy=principal.trust,
        )


def _program(principal: Principal) -> PrincipalEntry | None:
    """The service that the role trusts to run programs with it."""
    trusting = principal.trust.statements if principal.trust else ()
    entries = (entry for statement in trusting if statement.allows for entry in statement.principals)
    return next((entry for entry in entries if entry.type == "Service" and entry.value in RUN), None)


def _is_everything(statement: Statement) -> bool:
    everywhere = any(resource.is_everything for resource in statement.resources)
    whole = any(action.is_everything or action.text == "*:*" for action in statement.actions)
    return statement.allows and whole and everywhere and not statement.conditions


def _may_limit(statement: Statement) -> bool:
    """Whether a Deny may leave less than an administrator: it takes from IAM, or all but a list."""
    return statement.denies and statement.applies_to_action("iam:AttachRolePolicy")
