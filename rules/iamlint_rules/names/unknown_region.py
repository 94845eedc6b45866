import re
from collections.abc import Iterator

from iamlint.rule import (
    REGIONS,
    ConditionValue,
    Confidence,
    Context,
    Finding,
    Fix,
    Severity,
    Statement,
    is_computed,
    replace,
    rule,
)

_NAMES = frozenset(name for regions in REGIONS.values() for name in regions)
_KEY = "aws:requestedregion"
# Keys of services that hold a Region; Access Analyzer looks at the global one.
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_OTHERS = """
account:targetregion cloudformation:targetregion dsql:witnessregion ec2:region ec2:vpceserviceregion
ec2:vpcesupportedregion kms:primaryregion kms:replicaregion secretsmanager:addreplicaregions
secretsmanager:secretprimaryregion
"""
_KEYS = frozenset((_KEY, *_OTHERS.split()))
_VIA, _SERVICE = "kms:viaservice", re.compile(r"[a-z0-9-]+\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?")
_SHAPE = re.compile(r"(af|ap|ca|cn|eu|eusc|il|me|mx|sa|us)(-[a-z]+)+-\d")


@rule("IAM120", on=Statement, severity=Severity.HIGH, needs="Condition", aws="INVALID_REGION")
def unknown_region(statement: Statement, _: Context) -> Iterator[Finding]:
    """Value for a condition on a Region, such as `aws:RequestedRegion`, is no Region.

    ## Why it matters

    No request is made to it. An Allow for it grants nothing; and where a Deny
    keeps people to listed Regions, the one that was meant is shut.

    ## Examples

    ```json bad scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "ec2:*",
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-centrall-1"]}}
                                                                               ^^^^^^^^^^^^^^^ AWS has no Region `eu-centrall-1`
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "ec2:*",
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}}
      }
    }
    ```

    ```json good scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "ec2:*",
        "Resource": "*",
        "Condition": {"StringNotLike": {"aws:RequestedRegion": ["eu-west-1", "us-*"]}}
      }
    }
    ```

    ## References

    - [aws:RequestedRegion](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion)
    - [AWS Regions](https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html)
    - [Access Analyzer: invalid Region](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for condition in statement.conditions:
        if condition.key_lower == _VIA:
            yield from (finding for value in condition.values for finding in _of_service(value))
        if condition.key_lower not in _KEYS or condition.operator.family != "String":
            continue
        for value in condition.values:
            if value.text not in _NAMES and not is_computed(value.text) and not re.search(r"[*?]", value.text):
                near = _near(value.text)
                yield Finding(
                    value.at,
                    f"AWS has no Region `{value}`",
                    help=f"did you mean `{near}`?" if near else "",
                    fix=Fix.risky(f"Write `{near}`", replace(value.at, near)) if near else None,
                    aws=None if condition.key_lower == _KEY else (),
                    # One that looks right may be newer than this list.
                    confidence=Confidence.MEDIUM if _SHAPE.fullmatch(value.text) and not near else None,
                )


def _of_service(value: ConditionValue) -> Iterator[Finding]:
    """The Region in the name of a service, as `kms:ViaService` has it."""
    found = _SERVICE.fullmatch(value.text)
    if found and found[1] not in _NAMES:
        near = _near(found[1])
        yield Finding(
            value.at,
            f"AWS has no Region `{found[1]}`",
            part=found.span(1),
            help=f"did you mean `{near}`?" if near else "",
            aws=(),
            confidence=None if near else Confidence.MEDIUM,
        )


def _near(text: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only for a slip

    lower = text.strip().lower().replace("_", "-")
    if re.fullmatch(r".*\d[a-f]", lower):  # an Availability Zone
        lower = lower[:-1]
    if lower in _NAMES:
        return lower
    swapped = [region for region in sorted(_NAMES) if sorted(region) == sorted(lower)]
    # Regions are like each other: one that differs only in its number could be any.
    close = [near for near in get_close_matches(lower, sorted(_NAMES), n=3, cutoff=0.85) if near[:-1] != lower[:-1]]
    return next(iter((*swapped, *close)), "")
