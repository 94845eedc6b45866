import re
from collections.abc import Iterator
from functools import lru_cache

from iamlint.rule import REGIONS, Confidence, Context, Finding, Severity, Statement, arn_fields, rule

_REGIONS = frozenset(name for regions in REGIONS.values() for name in regions)
_REGION = re.compile(r"[a-z]+(-[a-z]+)+-\d[a-z]?")
_DIGITS = re.compile(r"[\d-]+")


@rule("IAM144", on=Statement, severity=Severity.MEDIUM, needs="Condition")
def invalid_arn_value(statement: Statement, _: Context) -> Iterator[Finding]:
    """ARN in a condition has a partition, Region or account that does not exist.

    ## Why it matters

    No ARN of a request is like it: an Allow for this source grants nothing,
    and a Deny for all others denies this one too. AWS does not look at the
    values of conditions when it takes the policy.

    ## Examples

    ```json bad resource:sns
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": "arn:aws:sns:us-east-1:111122223333:reports",
        "Condition": {
          "ArnLike": {
            "aws:SourceArn": [
              "arn:aws:events:us-esat-1:111122223333:rule/*",
                              ^^^^^^^^^ AWS has no Region `us-esat-1`
              "arn:aws:events:us-east-1:11112222333:rule/*",
                                        ^^^^^^^^^^^ `11112222333` is no account id
              "arn:aws-gov:events:us-gov-west-1:111122223333:rule/*"
                   ^^^^^^^ AWS has no partition `aws-gov`
            ]
          }
        }
      }
    }
    ```

    ```json good resource:sns
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": "arn:aws:sns:us-east-1:111122223333:reports",
        "Condition": {
          "ArnLike": {"aws:SourceArn": ["arn:*:events:us-*:111122223333:rule/*", "arn:aws:s3:::amzn-s3-demo-bucket"]}
        }
      }
    }
    ```

    ## References

    - [Amazon Resource Names](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
    - [ARN condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN)
    """
    for condition in statement.conditions:
        for value in condition.values:
            if value.text.startswith("arn:"):
                for message, part, is_sure in _faults(value.text):
                    yield Finding(value.at, message, part=part, confidence=None if is_sure else Confidence.MEDIUM)


Fault = tuple[str, tuple[int, int], bool]


@lru_cache(maxsize=4096)
def _faults(text: str) -> tuple[Fault, ...]:
    """What is wrong, where, and whether that is sure; parts with wildcards or variables are passed over."""
    arn = arn_fields(text)
    if arn is None:
        fields = text.count(":") + 1
        is_short = fields in (4, 5) and not re.search(r"[*?${}<>\s]", text)
        return ((f"an ARN has six fields, and this has {fields}", (0, len(text)), True),) if is_short else ()
    faults: list[Fault] = []
    partition, region, account = arn["partition"], arn["region"], arn["account"]
    if re.fullmatch(r"[\w-]+", partition) and partition not in REGIONS:
        faults.append((f"AWS has no partition `{partition}`", arn.span("partition"), True))
    if _REGION.fullmatch(region) and region not in _REGIONS:
        # One of a known form may be newer than our list.
        faults.append((f"AWS has no Region `{region}`", arn.span("region"), False))
    if _DIGITS.fullmatch(account) and not (len(account) == 12 and account.isdecimal()):
        faults.append((f"`{account}` is no account id", arn.span("account"), True))
    return tuple(faults)
