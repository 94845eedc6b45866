from collections.abc import Iterator

from iamlint.rule import Condition, Confidence, Context, Finding, PolicyKind, Severity, Statement, rule

OF_ORGANIZATION = ("aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount")
OF_CALLER = (*OF_ORGANIZATION, "aws:principalarn")
ABOUT_SERVICES = ("aws:principalisawsservice", "aws:principalservicename", "aws:principalservicenameslist")
"""Keys that tell a service from others.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""


@rule(
    "IAM602",
    on=Statement,
    severity=Severity.MEDIUM,
    kinds=(PolicyKind.RCP,),
    needs=("Deny", "Condition"),
    aws="RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY",
)
def rcp_without_service_exemption(statement: Statement, _: Context) -> Iterator[Finding]:
    """A resource control policy keeps AWS's own services out.

    ## Why it matters

    AWS services that act for you by their service principal, such as
    CloudTrail when it writes logs to a bucket, belong to no account and to no
    organization: they lack `aws:PrincipalOrgID` and the like. An RCP that
    denies whoever is not of the organization denies them too, and deliveries
    stop without a word. `aws:PrincipalIsAWSService` spares them; a statement of
    its own then holds services to your organization by `aws:SourceOrgID`.

    ## Examples

    ```json bad rcp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
                                                  ^^^^^^^^^^^^^^^^^^^^ AWS services have no `aws:PrincipalOrgID` and are denied too
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

    A condition that callers without the key do not meet spares them as well.

    ```json good rcp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalAccount": "444455556666"}}
      }
    }
    ```

    ## References

    - [aws:PrincipalIsAWSService](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice)
    - [Data perimeter policy examples: resource control policies](https://github.com/aws-samples/data-perimeter-policy-examples/tree/main/resource_control_policies)
    - [Access Analyzer: RCP missing related principal condition key](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    about_caller = [each for each in statement.conditions if each.key_lower.startswith("aws:principal")]
    if any(each.key_lower in ABOUT_SERVICES or not each.holds_when_absent for each in about_caller):
        return
    limits = [each for each in about_caller if each.key_lower in OF_CALLER and each.operator.name != "Null"]
    if limits:
        limit = min(limits, key=lambda each: OF_CALLER.index(each.key_lower))
        yield Finding(
            limit.at,
            f"AWS services have no `{limit.key}` and are denied too",
            on_key=True,
            help='spare them: `"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}`',
            confidence=_confidence(limit, statement),
        )


def _confidence(limit: Condition, statement: Statement) -> Confidence:
    """How sure it is that services are meant to get in, and that no other condition spares them."""
    if limit.key_lower not in OF_ORGANIZATION:
        return Confidence.LOW
    return Confidence.HIGH if all(each.holds_when_absent for each in statement.conditions) else Confidence.MEDIUM
