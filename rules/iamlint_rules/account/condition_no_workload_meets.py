import re
from collections.abc import Iterator

from iamlint.rule import (
    Arn,
    Condition,
    Context,
    Finding,
    Pattern,
    Policy,
    Principal,
    Severity,
    Statement,
    is_computed,
    rule,
)

ABSENT = frozenset(("aws:username", "aws:multifactorauthage", "aws:federatedprovider"))
PROVIDER = re.compile(r"(?:saml|[\w-]+\.[\w.-]+(?:/[\w./-]+)?):", re.IGNORECASE)
"""What only the sessions of users and of federated identities have; every identity provider has keys of its own.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
"""
VARIABLE = re.compile(r"\$\{\s*([^},]+?)\s*\}")
VALUES = {"aws:principaltype": "AssumedRole", "aws:principalarn": "role/*", "aws:userid": "AROA*:*"}
"""What the keys on the caller look like in the session of a role; of an ARN, the last part.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-infotouse
"""


@rule("IAM702", on=Principal, severity=Severity.MEDIUM)
def condition_no_workload_meets(principal: Principal, _: Context) -> Iterator[Finding]:
    """Grant to a workload depends on what only people have.

    ## Why it matters

    Where AWS services alone may assume a role, its callers are instances,
    functions and tasks. They have no user name, no second factor and no identity
    provider. A policy written for people and attached to such a role allows
    less than it says, or nothing, and the program fails with `AccessDenied`.

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
          "PolicyName": "own-folder",
          "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
              {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/home/${aws:username}/*"},
                                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a workload has no `aws:username`, so this matches nothing
              {
                "Effect": "Allow",
                "Action": "s3:DeleteObject",
                "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
                "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a workload never signs in with a second factor, so this allows nothing
              }
            ]
          }
        }
      ]
    }
    ```

    The same for a role that people assume is fine.

    ```json good role
    {
      "RoleName": "operator",
      "AssumeRolePolicyDocument": {
        "Version": "2012-10-17",
        "Statement": [
          {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
          {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"}, "Action": "sts:AssumeRole"}
        ]
      },
      "RolePolicyList": [
        {
          "PolicyName": "clean",
          "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": {
              "Effect": "Allow",
              "Action": "s3:DeleteObject",
              "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
              "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
            }
          }
        }
      ]
    }
    ```

    ## References

    - [AWS global condition context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    - [Where principal information is available](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable)
    """
    if principal.trust is None or not _is_of_services(principal.trust):
        return
    for policy in principal.permissions:
        for statement in policy.statements:
            if statement.allows:
                yield from _of_statement(statement, policy)


def _is_of_services(trust: Policy) -> bool:
    """Whether AWS services can assume the role, and nobody else."""
    allowing = [statement for statement in trust.statements if statement.allows]
    entries = [entry for statement in allowing for entry in statement.principals]
    return bool(entries) and all(s.principals for s in allowing) and all(entry.type == "Service" for entry in entries)


def _of_statement(statement: Statement, policy: Policy) -> Iterator[Finding]:
    for condition in statement.conditions:
        reason = _fails(condition, policy)
        if reason:
            help_ = "leave the condition out; who may use the role, its trust policy and `iam:PassRole` say"
            message = f"{reason}, so this allows nothing"
            yield Finding(condition.at, message, help=help_, on_key=True, policy=policy)
            return
    for resource in statement.resources if policy.has_variables else ():
        key = _absent_variable(resource.text)
        if key:
            message = f"a workload has no `{key}`, so this matches nothing"
            yield Finding(resource.at, message, help="name the resource", policy=policy)


def _fails(condition: Condition, policy: Policy) -> str:
    """Why a condition is never fulfilled; empty if it may be."""
    operator, key = condition.operator, condition.key_lower
    if not operator.known or condition.holds_when_absent:
        return ""
    if _is_absent(key):
        return f"a workload has no `{condition.key}`"
    texts = [value.text for value in condition.values]
    if key == "aws:multifactorauthpresent":
        never = operator.name == "Bool" and all(text.lower() == "true" for text in texts)
        return "a workload never signs in with a second factor" if never else ""
    if operator.family not in ("String", "Arn") or not texts:
        return ""
    if key in VALUES and not any(is_computed(text) or _overlap(text, VALUES[key]) for text in texts):
        return f"no workload is `{texts[0]}`"
    variables = [_absent_variable(text) for text in texts] if policy.has_variables else [""]
    return f"a workload has no `{variables[0]}`" if all(variables) else ""


def _overlap(text: str, shape: str) -> bool:
    arn = Arn.parse(text)
    if arn is not None and not any(sign in text[: -len(arn.resource)] for sign in "*?"):
        return arn.service == "iam" and Pattern(arn.resource) & Pattern(shape)
    return Pattern(text, fold=True) & Pattern(shape if arn is None else "*", fold=True)


def _is_absent(key: str) -> bool:
    return key in ABSENT or PROVIDER.match(key) is not None


def _absent_variable(text: str) -> str:
    """The first policy variable that has no value; one with a default always has."""
    found = VARIABLE.findall(text) if "${" in text else []
    return next((key for key in found if _is_absent(key.lower())), "")
