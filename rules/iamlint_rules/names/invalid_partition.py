import re
from collections.abc import Iterator

from iamlint.rule import REGIONS, Context, Finding, Fix, Pattern, Severity, Statement, replace, rule

_MEANT = {"aws-gov": "aws-us-gov", "aws-gov-us": "aws-us-gov", "aws-china": "aws-cn", "aws-global": "aws", "": "aws"}
_ARN = re.compile(r"arn:([\w-]*):([\w*?-]*):.*", re.DOTALL)


@rule(
    "IAM105",
    on=Statement,
    severity=Severity.HIGH,
    needs="ARN",
    aws="INVALID_PARTITION",
    parliament=("INVALID_ARN", "RESOURCE_MISMATCH"),
)
def invalid_partition(statement: Statement, _: Context) -> Iterator[Finding]:
    """Partition of an ARN does not exist.

    ## Why it matters

    AWS rejects the policy. The partition is `aws`, but `aws-cn` in the China
    Regions, `aws-us-gov` in AWS GovCloud (US) and `aws-eusc` in the European
    Sovereign Cloud.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws-gov:s3:::amzn-s3-demo-bucket/*"
                         ^^^^^^^ AWS has no partition `aws-gov`
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws-us-gov:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": ["arn:aws-cn:s3:::amzn-s3-demo-bucket/*", "arn:*:s3:::amzn-s3-demo-bucket/*"]
      }
    }
    ```

    ## References

    - [Amazon Resource Names](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
    - [Access Analyzer: invalid partition](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for resource in (*statement.resources, *statement.not_resources):
        arn = _ARN.fullmatch(resource.text)
        if arn and arn[1] not in REGIONS:
            message = f"AWS has no partition `{arn[1]}`" if arn[1] else "the ARN has no partition"
            part = arn.span(1) if arn[1] else None
            yield Finding(resource.at, message, part=part, why="AWS rejects the policy", fix=_fix(resource, arn[1]))


def _fix(resource: Pattern, partition: str) -> Fix | None:
    lower = partition.lower()
    meant = lower if lower in REGIONS else _MEANT.get(lower)
    if meant is None:
        return None
    return Fix.risky(f"Write `{meant}`", replace(resource.at, f"arn:{meant}{resource.text[4 + len(partition) :]}"))
