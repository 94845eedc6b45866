from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from iamlint.rule import REGIONS, Confidence, Context, Finding, Pointer, Policy, Related, Severity, Statement, rule

_USUAL = ("arn:aws:", "arn:*:", "arn:aws*:")


@rule("IAM143", on=Policy, severity=Severity.LOW, confidence=Confidence.MEDIUM)
def mixed_partitions(policy: Policy, _: Context) -> Iterator[Finding]:
    """Policy has ARNs of different partitions.

    ## Why it matters

    Partitions share nothing: an account belongs to one, and no policy in it
    reaches resources or principals of another. What is said of them is dead.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": [
          "arn:aws:s3:::amzn-s3-demo-bucket/*",
          ------------------------------------ an ARN of `aws`
          "arn:aws:s3:::reports/*",
          "arn:aws-cn:s3:::logs/*"
               ^^^^^^ the policy has ARNs of `aws`, and this is one of `aws-cn`
        ]
      }
    }
    ```

    A statement may name the same resource in every partition, to be used in
    each; a wildcard says the same in short.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "s3:GetObject",
          "Resource": ["arn:aws:s3:::amzn-s3-demo-bucket/*", "arn:aws-cn:s3:::amzn-s3-demo-bucket/*"]
        },
        {
          "Effect": "Allow",
          "Action": "s3:GetObject",
          "Resource": "arn:*:s3:::reports/*"
        }
      ]
    }
    ```

    ## References

    - [Amazon Resource Names](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
    - [Partitions](https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html)
    """
    if all(_is_usual(statement.text) for statement in policy.statements):
        return
    statements = [(statement, list(_texts(statement))) for statement in policy.statements]
    if all(text.startswith(_USUAL) for _, texts in statements for _, text in texts):
        return
    found = [arn for statement, texts in statements for arn in _arns(statement, texts)]
    usual = max(Counter(arn.partition for arn in found).items(), key=lambda item: item[1], default=("", 0))[0]
    for arn in found:
        if arn.partition != usual and not _is_portable(arn, found):
            first = next(other for other in found if other.partition == usual)
            yield Finding(
                arn.at,
                f"the policy has ARNs of `{usual}`, and this is one of `{arn.partition}`",
                part=(4, 4 + len(arn.partition)),
                help="write `*` for the partition if the policy is used in several",
                related=(Related(first.at, f"an ARN of `{usual}`"),),
            )


def _is_usual(text: str) -> bool:
    """Whether all ARNs are of the usual partitions: a quick look."""
    return text.count("arn:") == sum([text.count(usual) for usual in _USUAL])


class _Placed(NamedTuple):
    at: Pointer
    statement: int
    partition: str
    service: str
    resource: str


def _is_portable(arn: _Placed, found: list[_Placed]) -> bool:
    """Whether a statement names the same in another partition as well; Regions and accounts differ there."""
    return any(
        (other.statement, other.service, other.resource) == (arn.statement, arn.service, arn.resource)
        and other.partition != arn.partition
        for other in found
    )


def _arns(statement: Statement, texts: list[tuple[Pointer, str]]) -> Iterator[_Placed]:
    for at, text in texts:
        fields = text.split(":", 5)
        if len(fields) == 6 and fields[1] in REGIONS:
            yield _Placed(at, statement.index, fields[1], fields[2], fields[5])


def _texts(statement: Statement) -> Iterator[tuple[Pointer, str]]:
    """The ARNs of a statement, each with its place."""
    for resource in (*statement.resources, *statement.not_resources):
        if resource.text.startswith("arn:"):
            yield resource.at, resource.text
    for entry in (*statement.principals, *statement.not_principals):
        if entry.value.startswith("arn:"):
            yield entry.at, entry.value
    for condition in statement.conditions:
        for value in condition.values:
            if value.text.startswith("arn:"):
                yield value.at, value.text
