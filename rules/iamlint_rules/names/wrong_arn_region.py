import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from iamlint.rule import (
    REGIONS,
    Catalog,
    Confidence,
    Context,
    Finding,
    Fix,
    Pattern,
    Severity,
    Statement,
    arn_fields,
    replace,
    rule,
)

_ALL = tuple(region for regions in REGIONS.values() for region in regions)
_AREAS = frozenset(region[:2] for region in REGIONS["aws"])
_SHAPE = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d")
_WITHOUT_REGION = ("quicksight",)
"""Services that AWS documents in ARNs without a Region too, which the catalogue does not know:
https://docs.aws.amazon.com/quicksight/latest/user/iam-policy-examples.html"""


@rule(
    "IAM106",
    on=Statement,
    severity=Severity.HIGH,
    needs="ARN",
    aws=("INVALID_ARN_REGION", "ARN_REGION_NOT_ALLOWED", "MISSING_ARN_REGION"),
    parliament=("INVALID_ARN", "RESOURCE_MISMATCH"),
)
def wrong_arn_region(statement: Statement, context: Context) -> Iterator[Finding]:
    """Region of an ARN does not exist, is missing, or is one too many.

    ## Why it matters

    The ARN names nothing that exists, so the statement does nothing for it.
    ARNs of global services and of S3 buckets leave the Region empty, those of
    most others need one, or `*`.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:us-esat-1:111122223333:orders"
                                 ^^^^^^^^^ AWS has no Region `us-esat-1`
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:us-east-1:111122223333:orders"
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "iam:GetRole",
        "Resource": "arn:aws:iam:us-east-1:111122223333:role/reader"
                                 ^^^^^^^^^ ARNs of this kind have no Region
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "iam:GetRole",
        "Resource": "arn:aws:iam::111122223333:role/reader"
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "logs:CreateLogStream",
        "Resource": "arn:aws:logs::111122223333:log-group:resize:*"
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ARNs of this kind need a Region
      }
    }
    ```

    A Region of another partition is no Region of this one.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:cn-north-1:111122223333:orders"
                                 ^^^^^^^^^^ `cn-north-1` is a Region of the partition `aws-cn`, not of `aws`
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws-cn:sqs:cn-north-1:111122223333:orders"
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "s3:GetObject"],
        "Resource": ["arn:aws:logs:*:111122223333:log-group:resize:*", "arn:aws:s3:::amzn-s3-demo-bucket/*"]
      }
    }
    ```

    ## References

    - [Amazon Resource Names](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
    - [AWS Regions](https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html)
    - [Access Analyzer: invalid ARN Region, ARN Region not allowed, missing ARN Region](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for resource in (*statement.resources, *statement.not_resources):
        make = _fault(resource.text, context.catalog)
        arn = arn_fields(resource.text) if make else None
        if make and arn:
            yield make(resource, arn)


@lru_cache(maxsize=16384)
def _fault(text: str, catalog: Catalog) -> Callable[[Pattern, re.Match[str]], Finding] | None:
    """What makes the finding on a resource, if there is one."""
    arn = arn_fields(text)
    region = arn["region"] if arn else "*"
    if arn is None or "*" in region or "?" in region or "$" in region:
        return None
    wanted = _wanted(arn, catalog)
    if not region and wanted and "" not in wanted and arn["service"] not in _WITHOUT_REGION:
        return _missing
    if region and wanted == {""}:
        return _superfluous
    return _invalid if region and region not in REGIONS.get(arn["partition"], _ALL) else None


def _wanted(arn: re.Match[str], catalog: Catalog) -> frozenset[str]:
    """What the documented ARNs have in this field, of those whose last field the resource may be."""
    return frozenset(each.region for each in catalog.documented_arns(arn["service"], arn["resource"]))


def _missing(resource: Pattern, _: re.Match[str]) -> Finding:
    help_ = "write the Region, or `*` for all"
    aws = ("MISSING_ARN_REGION",)
    return Finding(resource.at, "ARNs of this kind need a Region", help=help_, confidence=Confidence.MEDIUM, aws=aws)


def _superfluous(resource: Pattern, arn: re.Match[str]) -> Finding:
    fix = Fix.risky("Remove the Region", replace(resource.at, _with(arn, "region", "")))
    aws = ("ARN_REGION_NOT_ALLOWED",)
    return Finding(resource.at, "ARNs of this kind have no Region", part=arn.span("region"), fix=fix, aws=aws)


def _invalid(resource: Pattern, arn: re.Match[str]) -> Finding:
    region, aws = arn["region"], ("INVALID_ARN_REGION",)
    home = next((partition for partition, regions in REGIONS.items() if region in regions), None)
    if home:
        message = f"`{region}` is a Region of the partition `{home}`, not of `{arn['partition']}`"
        fix = Fix.risky(f"Write the partition `{home}`", replace(resource.at, _with(arn, "partition", home)))
        return Finding(resource.at, message, part=arn.span("region"), fix=fix, aws=aws)
    near = _nearest(region, REGIONS.get(arn["partition"], REGIONS["aws"]))
    return Finding(
        resource.at,
        f"AWS has no Region `{region}`",
        part=arn.span("region"),
        help=f"did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else "",
        fix=Fix.risky(f"Write `{near[0]}`", replace(resource.at, _with(arn, "region", near[0])))
        if len(near) == 1
        else None,
        # One that looks right may be newer than this list.
        confidence=Confidence.MEDIUM if _SHAPE.fullmatch(region) and region[:2] in _AREAS else None,
        aws=aws,
    )


def _nearest(region: str, regions: Sequence[str]) -> Sequence[str]:
    from difflib import get_close_matches  # noqa: PLC0415 - only for a slip

    lower = region.lower().rstrip("abcdef").replace("_", "-")  # `us-east-1a` is an Availability Zone
    if lower in regions:
        return [lower]
    swapped = [near for near in regions if sorted(near) == sorted(lower)]
    # Regions are like each other: one that differs only in its number could be any.
    close = [near for near in get_close_matches(lower, regions, n=3, cutoff=0.85) if near[:-1] != lower[:-1]]
    return swapped[:1] or close[:1]


def _with(arn: re.Match[str], field: str, text: str) -> str:
    start, end = arn.span(field)
    return arn.string[:start] + text + arn.string[end:]
