from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, PolicyKind, Severity, Statement, rule

# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#actions-not-restricted-by-rcps
SPARED = "kms:retiregrant"


@rule(
    "IAM601",
    on=Statement,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    kinds=(PolicyKind.RCP,),
    needs="Action",
    aws="RCP_SYNTAX_ERROR_ACTION",
)
def service_without_rcp(statement: Statement, context: Context) -> Iterator[Finding]:
    """A resource control policy is about a service that RCPs do not apply to.

    ## Why it matters

    RCPs apply to the resources of some sixty services only. AWS Organizations
    rejects a policy that names another one; the way to limit that one is a
    service control policy, or the policies of its resources.

    AWS keeps adding services, and iamlint knows those of its catalogue's date.

    ## Examples

    ```json bad rcp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:DeleteBucket", "ec2:*"],
                                      ^^^^^^^ RCPs do not apply to `ec2`
        "Resource": "*"
      }
    }
    ```

    ```json good rcp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:DeleteBucket", "dynamodb:DeleteTable"],
        "Resource": "*"
      }
    }
    ```

    One action of AWS KMS is beyond them as well.

    ```json bad rcp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "kms:RetireGrant",
                  ^^^^^^^^^^^^^^^^^ RCPs do not apply to `kms:RetireGrant`
        "Resource": "*"
      }
    }
    ```

    ## References

    - [List of AWS services that support RCPs](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services)
    - [Resources and entities not restricted by RCPs](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#actions-not-restricted-by-rcps)
    - [Access Analyzer: RCP syntax error action](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    catalog = context.catalog
    for action in statement.actions:
        prefix = action.key.partition(":")[0]
        if prefix not in catalog.rcp_services and prefix in catalog.services:
            yield Finding(
                action.at,
                f"RCPs do not apply to `{prefix}`",
                why=f"AWS Organizations rejects the policy; it took {len(catalog.rcp_services)} services on {catalog.date}",
                help="limit it in an SCP, or in the policies of its resources",
            )
        elif action.key == SPARED:
            yield Finding(action.at, f"RCPs do not apply to `{action}`", severity=Severity.LOW, aws=())
