from collections.abc import Iterator

from iamlint.rule import Condition, Context, Finding, Pattern, PolicyKind, Severity, Statement, rule

SERVICE_LINKED = Pattern("arn:*:iam::*:role/aws-service-role/*")
OF_SERVICES = ("aws:principalservicename", "aws:principalservicenameslist")
EXACT = ("StringEquals", "StringLike", "StringEqualsIgnoreCase", "ArnEquals", "ArnLike")


@rule(
    "IAM606",
    on=Statement,
    severity=Severity.MEDIUM,
    kinds=(PolicyKind.SCP, PolicyKind.RCP),
    needs=("Deny", "Condition"),
)
def unreachable_principal(statement: Statement, context: Context) -> Iterator[Finding]:
    """A guardrail is about callers that it never applies to.

    ## Why it matters

    Neither SCPs nor RCPs apply to service-linked roles. An SCP applies to the
    users and roles of the accounts it is attached to, so never to the service
    principals of AWS, nor to anyone of another organization: that is what RCPs
    are for. A statement about them denies nothing, although it reads like a
    limit.

    ## Examples

    ```json bad scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/aws-service-role/*"}}
                                  ^^^^^^^^^^^^^^^^^^ service-linked roles are never limited by an SCP
      }
    }
    ```

    ```json bad scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
                                          ^^^^^^^^^^^^^^^^^^^^ an SCP meets callers of its own organization only
      }
    }
    ```

    ```json bad scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "kms:CreateGrant",
        "Resource": "*",
        "Condition": {"Bool": {"aws:PrincipalIsAWSService": "true"}}
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^ service principals are never limited by an SCP
      }
    }
    ```

    To spare such callers is superfluous, and does no harm.

    ```json good scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "kms:CreateGrant",
        "Resource": "*",
        "Condition": {
          "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
          "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/aws-service-role/*"}
        }
      }
    }
    ```

    ```json good rcp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {
          "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
          "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}
        }
      }
    }
    ```

    ## References

    - [SCPs: tasks and entities not restricted](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html#not-restricted-by-scp)
    - [RCPs: resources and entities not restricted](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#actions-not-restricted-by-rcps)
    """
    is_scp = context.policy.kind is PolicyKind.SCP
    for condition in statement.conditions:
        message = _message(condition, is_scp=is_scp)
        if message:
            yield Finding(
                condition.at,
                message,
                on_key=True,
                why="the statement denies nothing"
                if condition.key_lower != "aws:principalorgid"
                else "all have its ID",
                help="callers from outside are limited by an RCP" if is_scp else "",
            )


def _message(condition: Condition, *, is_scp: bool) -> str:
    operator, key = condition.operator, condition.key_lower
    texts = [value.text for value in condition.values]
    if not texts:
        return ""
    if key == "aws:principalarn" and operator.name in EXACT and not condition.holds_when_absent:
        linked = all(Pattern(text) <= SERVICE_LINKED for text in texts)
        return f"service-linked roles are never limited by an {'SCP' if is_scp else 'RCP'}" if linked else ""
    if not is_scp:
        return ""
    if key == "aws:principalorgid" and operator.name in ("StringNotEquals", "StringNotLike"):
        return "an SCP meets callers of its own organization only"
    is_service = key == "aws:principalisawsservice" and operator.name == "Bool" and texts in (["true"], ["True"])
    if is_service or (key in OF_SERVICES and not condition.holds_when_absent and operator.name != "Null"):
        return "service principals are never limited by an SCP"
    return ""
