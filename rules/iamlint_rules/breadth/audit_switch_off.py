from collections.abc import Iterator
from functools import lru_cache

from iamlint.rule import Context, Finding, Pattern, PolicyKind, Related, Severity, Statement, rule

SWITCHES = (
    "cloudtrail:StopLogging",
    "cloudtrail:DeleteTrail",
    "cloudtrail:DeleteEventDataStore",
    "cloudtrail:StopEventDataStoreIngestion",
    "guardduty:DeleteDetector",
    "config:StopConfigurationRecorder",
    "config:DeleteConfigurationRecorder",
    "config:DeleteDeliveryChannel",
    "ec2:DeleteFlowLogs",
    "logs:DeleteLogGroup",
    "access-analyzer:DeleteAnalyzer",
    "detective:DeleteGraph",
    "inspector2:Disable",
    "macie2:DisableMacie",
    "securityhub:DisableSecurityHub",
)
"""Actions that stop the account from being watched, or delete what was seen.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
https://docs.aws.amazon.com/securityhub/latest/userguide/cloudtrail-controls.html
"""
NAMES = frozenset(map(str.lower, SWITCHES))
SERVICES = frozenset(name.partition(":")[0] for name in SWITCHES)


@rule(
    "IAM411",
    on=Statement,
    severity=Severity.LOW,
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
    needs=("Allow", "Action", "Resource"),
)
def audit_switch_off(statement: Statement, context: Context) -> Iterator[Finding]:
    """Logs of the account may be stopped or deleted.

    ## Why it matters

    Who breaks in stops the recording first. A trail, a detector or a log group
    is rarely deleted in daily work, and never all of them.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["cloudtrail:LookupEvents", "cloudtrail:StopLogging"],
                                              ^^^^^^^^^^^^^^^^^^^^^^^^ `cloudtrail:StopLogging` is allowed on every resource
        "Resource": "*"
                    --- because of this
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "cloudtrail:StopLogging",
        "Resource": "arn:aws:cloudtrail:us-east-1:111122223333:trail/sandbox"
      }
    }
    ```

    ## References

    - [Security best practices in AWS CloudTrail](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html)
    """
    resource = statement.any_resource
    if resource is None or statement.conditions:
        return
    found = {
        name: action
        for action in statement.entries_near(NAMES)
        for name in _named(action.key)
        if not context.policy.denies(name)
    }
    if found:
        first, others = next(iter(found)), list(found)[1:]
        yield Finding(
            found[first].at,
            f"`{first}` is allowed on every resource",
            label="the account can go unwatched",
            why=f"so is {', '.join(others)}" if others else "",
            help="leave it to the account's administrators, or name the resource",
            related=(Related(resource.at, "because of this"),),
        )


@lru_cache(maxsize=4096)
def _named(entry: str) -> tuple[str, ...]:
    """Which of these actions an entry allows; none if it allows its whole service anyway."""
    service, _, name = entry.partition(":")
    if service not in SERVICES or not name.strip("*"):
        return ()
    return tuple(action for action in SWITCHES if Pattern(entry, fold=True).matches(action))
