import re
from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Fix, Severity, Statement, is_computed, replace, rule

# botocore 1.44.5, partitions.json, and https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
_LIST = """
    af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2
    ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7
    ca-central-1 ca-west-1 cn-north-1 cn-northwest-1 eu-central-1 eu-central-2 eu-isoe-west-1 eu-north-1 eu-south-1
    eu-south-2 eu-west-1 eu-west-2 eu-west-3 eusc-de-east-1 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1
    sa-east-1 sa-west-1 us-east-1 us-east-2 us-gov-east-1 us-gov-west-1 us-iso-east-1 us-iso-west-1 us-isob-east-1
    us-isob-west-1 us-isof-east-1 us-isof-south-1 us-west-1 us-west-2
"""
_REGIONS = frozenset(_LIST.split())
_SHAPE = re.compile(r"(af|ap|ca|cn|eu|eusc|il|me|mx|sa|us)(-[a-z]+)+-\d")


@rule("IAM120", on=Statement, severity=Severity.HIGH, aws="INVALID_REGION")
def unknown_region(statement: Statement, _: Context) -> Iterator[Finding]:
    """Value for `aws:RequestedRegion` is no Region.

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
        if condition.key_lower != "aws:requestedregion" or condition.operator.family != "String":
            continue
        for value in condition.values:
            if value.text not in _REGIONS and not is_computed(value.text) and not re.search(r"[*?]", value.text):
                near = _near(value.text)
                yield Finding(
                    value.at,
                    f"AWS has no Region `{value}`",
                    help=f"did you mean `{near}`?" if near else "",
                    fix=Fix.risky(f"Write `{near}`", replace(value.at, near)) if near else None,
                    # One that looks right may be newer than this list.
                    confidence=Confidence.MEDIUM if _SHAPE.fullmatch(value.text) and not near else None,
                )


def _near(text: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only for a slip

    lower = text.strip().lower().replace("_", "-")
    if re.fullmatch(r".*\d[a-f]", lower):  # an Availability Zone
        lower = lower[:-1]
    if lower in _REGIONS:
        return lower
    swapped = [region for region in sorted(_REGIONS) if sorted(region) == sorted(lower)]
    # Regions are like each other: one that differs only in its number could be any.
    close = [near for near in get_close_matches(lower, sorted(_REGIONS), n=3, cutoff=0.85) if near[:-1] != lower[:-1]]
    return next(iter((*swapped, *close)), "")
