from collections.abc import Iterator

from iamlint.rule import Condition, Confidence, Context, Finding, PolicyKind, Severity, Statement, rule

OF_SOURCE = ("aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceaccount", "aws:sourcearn")
ABOUT_SERVICES = ("aws:principalisawsservice", "aws:principalservicename", "aws:principalservicenameslist")
CODE = "RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY"
NULL_CHECK = "RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK"


@rule(
    "IAM603",
    on=Statement,
    severity=Severity.MEDIUM,
    kinds=(PolicyKind.RCP,),
    needs=("Deny", "Condition"),
    aws=(CODE, NULL_CHECK),
)
def source_key_of_any_caller(statement: Statement, _: Context) -> Iterator[Finding]:
    """A resource control policy asks callers for a key that only services send.

    ## Why it matters

    `aws:SourceOrgID`, `aws:SourceAccount` and `aws:SourceArn` tell for whom an
    AWS service calls, so nobody but service principals has them, and of their
    integrations not all. A negated comparison is true where the key is missing:
    without `"aws:PrincipalIsAWSService": "true"` it denies everyone of your
    own, and without a `Null` test those services that do not say for whom they
    call.

    ## Examples

    ```json bad rcp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"StringNotEqualsIfExists": {"aws:SourceOrgID": "o-a1b2c3d4e5"}}
                                                  ^^^^^^^^^^^^^^^^^ only services send `aws:SourceOrgID`, so everyone else is denied
      }
    }
    ```

    ```json bad rcp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {
          "StringNotEqualsIfExists": {"aws:SourceOrgID": "o-a1b2c3d4e5"},
                                      ^^^^^^^^^^^^^^^^^ services that do not send `aws:SourceOrgID` are denied
          "Bool": {"aws:PrincipalIsAWSService": "true"}
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
          "StringNotEqualsIfExists": {"aws:SourceOrgID": "o-a1b2c3d4e5"},
          "Null": {"aws:SourceAccount": "false"},
          "Bool": {"aws:PrincipalIsAWSService": "true"}
        }
      }
    }
    ```

    ## References

    - [aws:SourceOrgID](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceorgid)
    - [Example RCP: cross-service confused deputy protection](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html)
    - [Access Analyzer: RCP missing service condition key null check](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    limits = [each for each in statement.conditions if each.key_lower in OF_SOURCE and each.operator.name != "Null"]
    if not limits or not all(each.holds_when_absent for each in limits):
        return
    limit = min(limits, key=lambda each: OF_SOURCE.index(each.key_lower))
    services_only = any(each.key_lower in ABOUT_SERVICES for each in statement.conditions)
    key_there = any(each.key_lower in OF_SOURCE and _is_there(each) for each in statement.conditions)
    if not (services_only and key_there):
        codes = (*(() if services_only else (CODE,)), *(() if key_there else (NULL_CHECK,)))
        yield _finding(limit, statement, codes)


def _is_there(condition: Condition) -> bool:
    return condition.operator.name == "Null" and any(value.text.lower() == "false" for value in condition.values)


def _finding(limit: Condition, statement: Statement, codes: tuple[str, ...]) -> Finding:
    if len(codes) == 2:
        message = f"only services send `{limit.key}`, so everyone else is denied"
    elif codes == (CODE,):
        message = f"`{limit.key}` is meant for services, and the statement for everyone"
    else:
        message = f"services that do not send `{limit.key}` are denied"
    alone = all(each.holds_when_absent for each in statement.conditions)
    severity = Severity.HIGH if alone and len(codes) == 2 else Severity.LOW if codes == (CODE,) else Severity.MEDIUM
    null = 'add `"Null": {"aws:SourceAccount": "false"}`'
    return Finding(
        limit.at,
        message,
        on_key=True,
        help='add `"Bool": {"aws:PrincipalIsAWSService": "true"}`' if CODE in codes else null,
        severity=severity,
        confidence=Confidence.HIGH if alone or len(codes) == 1 else Confidence.MEDIUM,
        aws=codes,
    )
