import re
from collections.abc import Iterator

from iamlint.rule import Condition, Context, Finding, Policy, Principal, Severity, rule

MFA = "aws:multifactorauthpresent"
ABSENT = frozenset(("aws:username", "aws:multifactorauthage", "aws:federatedprovider"))
PROVIDER = re.compile(r"(?:saml|[\w-]+\.[\w.-]+(?:/[\w./-]+)?):", re.IGNORECASE)
"""What only the sessions of users and of federated identities have.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""


@rule("IAM703", on=Principal, severity=Severity.MEDIUM)
def deny_meant_for_people(principal: Principal, _: Context) -> Iterator[Finding]:
    """Deny for want of a second factor or a user name hits every call of a workload.

    ## Why it matters

    Where AWS services alone may assume a role, its callers have no second
    factor and no user name. `BoolIfExists` with `aws:MultiFactorAuthPresent`
    `false`, and conditions such as `StringNotEquals` on a key that is absent, are
    true of each of them: the program is denied what the other statements allow.

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
          "PolicyName": "second-factor",
          "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": {
              "Effect": "Deny",
              "NotAction": "iam:*",
              "Resource": "*",
              "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ it is true of every call of a workload
            }
          }
        }
      ]
    }
    ```

    With a condition on the caller beside it, the role itself may be exempt.

    ```json good role
    {
      "RoleName": "reports",
      "AssumeRolePolicyDocument": {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
      },
      "RolePolicyList": [
        {
          "PolicyName": "second-factor",
          "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": {
              "Effect": "Deny",
              "NotAction": "iam:*",
              "Resource": "*",
              "Condition": {
                "BoolIfExists": {"aws:MultiFactorAuthPresent": "false"},
                "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/people-*"}
              }
            }
          }
        }
      ]
    }
    ```

    ## References

    - [aws:MultiFactorAuthPresent](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent)
    """
    if principal.trust is None or not _is_of_services(principal.trust):
        return
    for policy in principal.permissions:
        for statement in policy.statements:
            conditions = statement.conditions
            if statement.denies and conditions and all(map(_always_holds, conditions)):
                yield Finding(
                    conditions[0].at,
                    "it is true of every call of a workload",
                    help="keep this policy to the users, groups and roles of people",
                    on_key=True,
                    policy=policy,
                )


def _is_of_services(trust: Policy) -> bool:
    """Whether AWS services can assume the role, and nobody else."""
    allowing = [statement for statement in trust.statements if statement.allows]
    entries = [entry for statement in allowing for entry in statement.principals]
    return bool(entries) and all(s.principals for s in allowing) and all(entry.type == "Service" for entry in entries)


def _always_holds(condition: Condition) -> bool:
    """Whether a condition is true of every call that a service makes with a role."""
    operator, key = condition.operator, condition.key_lower
    if not operator.known or not condition.holds_when_absent or not condition.values:
        return False
    if key == MFA:
        return operator.name == "Bool" and all(value.text.lower() == "false" for value in condition.values)
    return key in ABSENT or PROVIDER.match(key) is not None
