from collections.abc import Iterator

from iamlint.rule import Arn, Confidence, Context, Finding, Fix, Pattern, Severity, Statement, covered, remove, rule


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
    for resources, codes in ((statement.resources, None), (statement.not_resources, ())):
        for resource, broader in covered(resources):
            if _covers(broader, resource):
                fix = Fix.safely("Remove the covered resource", remove(resource.at))
                yield Finding(resource.at, f"`{broader}` already covers it", fix=fix, aws=codes)
            else:
                yield Finding(
                    resource.at,
                    f"`{broader}` seems to cover it",
                    why="as texts it does, as ARNs it does not: a wildcard stays between its colons",
                    severity=Severity.INFO,
                    confidence=Confidence.LOW,
                    aws=codes,
                )


def _covers(broad: Pattern, narrow: Pattern) -> bool:
    """Whether this holds of the ARNs too: a wildcard in one of the first five fields matches no colon."""
    if broad.is_everything or broad.text == narrow.text:
        return True
    big, small = Arn.parse(broad.text), Arn.parse(narrow.text)
    if big is None or small is None:
        return False
    return all(Pattern(one) <= Pattern(other) for one, other in zip(small, big, strict=True))
