import re
from collections.abc import Iterator

from iamlint.rule import Condition, Confidence, Context, Finding, PolicyKind, Severity, Statement, is_computed, rule

KEY = "sts:externalid"
_ACCOUNT = re.compile(r"arn:[\w-]+:(?:iam|sts)::(\d{12}):.+|(\d{12})")

# Accounts from which vendors serve many customers, as their setup guides tell; collected, with sources, at
# https://github.com/fwdcloudsec/known_aws_accounts
VENDORS = {
    "006742885340": "Palo Alto Networks",
    "008923505280": "Grafana Cloud",
    "012615275169": "Tenable",
    "061190967865": "CloudZero",
    "134183635603": "Splunk Observability",
    "147995105371": "Trend Micro",
    "165736516723": "Cloudability",
    "188619942792": "Prisma Cloud",
    "197857026523": "Microsoft Sentinel",
    "198361731867": "Snyk",
    "202279780353": "nOps",
    "205767712438": "Qualys",
    "269135526815": "Drata",
    "282028653949": "LogicMonitor",
    "324880187172": "Spacelift",
    "336818582268": "Rapid7",
    "352813966189": "CloudCheckr",
    "406095609952": "Logz.io",
    "414351767826": "Databricks",
    "432263259397": "Microsoft Cost Management",
    "434813966438": "Lacework",
    "454464851268": "CloudHealth",
    "464622532012": "Datadog",
    "509560245411": "Dynatrace",
    "517716713836": "CrowdStrike",
    "536727724300": "MongoDB Atlas",
    "595280932656": "Segment",
    "634729597623": "Check Point",
    "733251395267": "Alert Logic",
    "754728514883": "New Relic",
    "805950163170": "Qualys",
    "834469178297": "Fivetran",
    "913128560467": "env0",
    "922761411349": "Spot",
    "926226587429": "Sumo Logic",
    "949777495771": "Site24x7",
    "956993596390": "Vanta",
    "976280145156": "Orca Security",
}


@rule(
    "IAM533",
    on=Statement,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    kinds=(PolicyKind.TRUST,),
    needs=("Allow", "Principal"),
)
def vendor_without_external_id(statement: Statement, context: Context) -> Iterator[Finding]:
    """Vendor that serves many customers is trusted without an external id.

    ## Why it matters

    The vendor's account assumes the roles of all its customers. Another
    customer may tell it the ARN of your role instead of their own, and look at
    your account through the vendor's eyes. The external id, which the vendor
    chooses for each customer and sends with each request, prevents that.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::464622532012:root"},
                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Datadog is trusted without an external id
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::464622532012:root"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "a1b2c3d4"}}
      }
    }
    ```

    ## References

    - [Access to AWS accounts owned by third parties](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html)
    - [The confused deputy problem: cross-account](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html)
    """
    for entry in statement.principals:
        found = _ACCOUNT.fullmatch(entry.value) if entry.type == "AWS" else None
        vendor = found and VENDORS.get(found[1] or found[2])
        if vendor and statement.applies_to_action("sts:AssumeRole") and not _asks_id(statement, context):
            yield Finding(
                entry.at,
                f"{vendor} is trusted without an external id",
                why="its account assumes the roles of other customers too",
                help="add a condition on `sts:ExternalId`, with the value it gave you",
            )


def _asks_id(statement: Statement, context: Context) -> bool:
    """Whether the external id must have some value, or others are denied by another statement."""
    if any(map(is_computed, statement.condition_keys())) or any(map(_demands, statement.conditions)):
        return True
    return any(each.denies and KEY in each.condition_keys() for each in context.policy.statements)


def _demands(condition: Condition) -> bool:
    valued = any(value.text.strip("*") for value in condition.values)
    return condition.key_lower == KEY and valued and not condition.holds_when_absent
