from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, PolicyKind, Severity, rule

NEEDS_ROLE = frozenset(
    {
        "ec2:associateiaminstanceprofile",
        "iam:addroletoinstanceprofile",
        "lambda:createfunction",
        "sagemaker:createnotebookinstance",
        "sagemaker:createtrainingjob",
        "states:createstatemachine",
    }
)
"""Actions whose request must name a role, so that none succeeds without leave to pass that role.

The service authorization reference lists iam:PassRole as dependent action, the API reference the role as required:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html (Role), and likewise for the others.
"""
NEEDED = "iam:PassRole"


@rule(
    "IAM808",
    on=Policy,
    severity=Severity.INFO,
    confidence=Confidence.LOW,
    kinds=(PolicyKind.IDENTITY,),
    needs=("Allow", "Action"),
)
def missing_dependent_action(policy: Policy, _: Context) -> Iterator[Finding]:
    """Action is allowed without another one that each of its calls needs.

    ## Why it matters

    AWS checks some calls against more than one action: whoever creates a Lambda
    function hands it a role, and must be allowed to pass that role. Unless
    another policy of the same principal allows it, the call is denied, with a
    message about an action that nobody named.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["lambda:CreateFunction", "lambda:GetFunction"],
                   ^^^^^^^^^^^^^^^^^^^^^^^ it needs `iam:PassRole` as well, which this policy does not allow
        "Resource": "arn:aws:lambda:us-east-1:111122223333:function:*"
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": ["lambda:CreateFunction", "lambda:GetFunction"],
          "Resource": "arn:aws:lambda:us-east-1:111122223333:function:*"
        },
        {
          "Effect": "Allow",
          "Action": "iam:PassRole",
          "Resource": "arn:aws:iam::111122223333:role/function-*",
          "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
        }
      ]
    }
    ```

    ## References

    - [Grant a user permissions to pass a role to an AWS service](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html)
    - [Actions, resources, and condition keys: dependent actions](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    """
    allows = [statement for statement in policy.statements if statement.allows]
    named = [entry for statement in allows for entry in statement.actions if entry.key in NEEDS_ROLE]
    if named and not any(statement.applies_to_action(NEEDED) for statement in allows):
        for entry in named:
            yield Finding(
                entry.at,
                f"it needs `{NEEDED}` as well, which this policy does not allow",
                help="allow it for the one role that is passed, and with a condition on `iam:PassedToService`",
            )
