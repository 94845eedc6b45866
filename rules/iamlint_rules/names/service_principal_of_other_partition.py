from collections.abc import Iterator
from dataclasses import replace as replaced

from iamlint.rule import (
    Arn,
    Confidence,
    Context,
    Finding,
    Fix,
    PolicyKind,
    PrincipalEntry,
    Severity,
    Statement,
    replace,
    rule,
)

CHINA = ".amazonaws.com.cn"
# Services that keep their one name in China, where IAM refuses the other:
# https://github.com/aws/aws-cdk/issues/2198
# https://github.com/terraform-aws-modules/terraform-aws-eks/issues/2932
EVERYWHERE = ("events", "sqs")


@rule(
    "IAM166",
    on=Statement,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    kinds=(PolicyKind.TRUST, PolicyKind.RESOURCE),
    needs="Principal",
)
def service_principal_of_other_partition(statement: Statement, _: Context) -> Iterator[Finding]:
    """Service principal has China's ending where it does not belong.

    ## Why it matters

    Only a few services, such as EC2, have a name of their own in the China
    partition, which ends in `.amazonaws.com.cn`; the others are called there
    as everywhere. A template that puts the DNS suffix behind every name makes
    principals that AWS may reject. And outside of China none has that ending.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com.cn"},
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^ `events` has no name of its own in China
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/deployer", "Service": "ec2.amazonaws.com.cn"},
                                                                                   ^^^^^^^^^^^^^^^^^^^^^^ a service of China stands beside ARNs of the partition `aws`
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/deployer", "Service": "ec2.amazonaws.com"},
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com.cn"},
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ## References

    - [AWS service principals](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services)
    - [ARNs in China](https://docs.amazonaws.cn/en_us/aws/latest/userguide/ARNs.html)
    """
    chinese = [entry for entry in statement.principals if entry.type == "Service" and entry.value.endswith(CHINA)]
    for entry in chinese:
        name = entry.value.removesuffix(CHINA)
        if name in EVERYWHERE:
            finding = _finding(entry, f"`{name}` has no name of its own in China", "AWS rejected it there")
            yield replaced(finding, severity=Severity.MEDIUM, confidence=Confidence.LOW)
        elif _is_of_aws(statement):
            yield _finding(entry, "a service of China stands beside ARNs of the partition `aws`", "")


def _finding(entry: PrincipalEntry, message: str, why: str) -> Finding:
    right = entry.value.removesuffix(".cn")
    fix = Fix.risky(f"Write `{right}`", replace(entry.at, right))
    return Finding(entry.at, message, why=why, help=f"write `{right}`", fix=fix)


def _is_of_aws(statement: Statement) -> bool:
    """Whether the ARNs of a statement are all of the ordinary partition, and there is one."""
    texts = [entry.value for entry in statement.principals] + [str(entry) for entry in statement.resources]
    texts += [value.text for condition in statement.conditions for value in condition.values]
    return {arn.partition for text in texts if (arn := Arn.parse(text))} == {"aws"}
