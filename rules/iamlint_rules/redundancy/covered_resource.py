from collections.abc import Iterator, Sequence
from dataclasses import replace

from iamlint.rule import (
    Arn,
    Confidence,
    Context,
    Finding,
    Fix,
    Pattern,
    Pointer,
    Related,
    Severity,
    Statement,
    covered,
    remove,
    rule,
)


@rule("IAM202", on=Statement, severity=Severity.LOW, needs="ARN", aws="REDUNDANT_RESOURCE")
def covered_resource(statement: Statement, _: Context) -> Iterator[Finding]:
    """Resource is already covered by a broader one.

    ## Why it matters

    The narrow entry adds nothing, yet it reads like a limit: reviewers think
    that the statement reaches less than it does. Often the broad entry is a
    slip, such as a `*` right after a bucket's name.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": [
          "arn:aws:s3:::reports/*",
          ------------------------ covers it
          "arn:aws:s3:::reports/2026/*"
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `arn:aws:s3:::reports/*` already covers it
        ]
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": [
          "arn:aws:s3:::reports/*"
        ]
      }
    }
    ```

    The parts between the colons are compared one by one, as IAM does: the
    `*` of an account does not reach into the name after it. Access Analyzer
    compares the whole texts, so such a pair is only hinted at.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "logs:PutLogEvents",
        "Resource": [
          "arn:aws:logs:*:*:/aws/app*",
          ---------------------------- covers it
          "arn:aws:logs:*:*:log-group:/aws/app*"
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `arn:aws:logs:*:*:/aws/app*` seems to cover it
        ]
      }
    }
    ```

    A bucket and its objects are two things; neither covers the other.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:ListBucket", "s3:GetObject"],
        "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Resource](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html)
    - [Access Analyzer: redundant resource](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    if len(statement.resources) + len(statement.not_resources) < 2:
        return
    for resources, codes in ((statement.resources, None), (statement.not_resources, ())):
        groups: dict[tuple[Pointer, bool], tuple[Pattern, list[Pattern]]] = {}
        for resource, broader in covered(resources):
            groups.setdefault((broader.at, _covers(broader, resource)), (broader, []))[1].append(resource)
        for key, (broader, narrow) in groups.items():
            yield replace((_finding if key[1] else _hint)(broader, narrow), aws=codes)


def _finding(broader: Pattern, narrow: Sequence[Pattern]) -> Finding:
    message = f"`{broader}` already covers it{_more(narrow)}"
    fix = Fix.safely("Remove what is covered", *(remove(each.at) for each in narrow))
    return Finding(narrow[0].at, message, related=_related(broader, narrow), fix=fix)


def _hint(broader: Pattern, narrow: Sequence[Pattern]) -> Finding:
    return Finding(
        narrow[0].at,
        f"`{broader}` seems to cover it{_more(narrow)}",
        why="as texts it does, as ARNs it does not: a wildcard stays between its colons",
        related=_related(broader, narrow),
        severity=Severity.INFO,
        confidence=Confidence.LOW,
    )


def _more(narrow: Sequence[Pattern]) -> str:
    return f" and {len(narrow) - 1} more" if len(narrow) > 1 else ""


def _related(broader: Pattern, narrow: Sequence[Pattern]) -> tuple[Related, ...]:
    return (Related(broader.at, "covers it"), *(Related(each.at, "covered too") for each in narrow[1:]))


def _covers(broad: Pattern, narrow: Pattern) -> bool:
    """Whether this holds of the ARNs too: a wildcard in one of the first five fields matches no colon."""
    if broad.is_everything or broad.text == narrow.text:
        return True
    big, small = Arn.parse(broad.text), Arn.parse(narrow.text)
    if big is None or small is None:
        return False
    return all(Pattern(one) <= Pattern(other) for one, other in zip(small, big, strict=True))
