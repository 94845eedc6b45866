from collections.abc import Iterator

from iamlint.rule import (
    Confidence,
    Context,
    Finding,
    Pattern,
    Policy,
    PolicyKind,
    Related,
    Severity,
    Statement,
    is_placeholder,
    rule,
)

LIST, READ = "s3:ListBucket", "s3:GetObject"
NARROWING = {"s3:prefix", "s3:delimiter"}
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html"""


@rule(
    "IAM806",
    on=Policy,
    severity=Severity.INFO,
    confidence=Confidence.MEDIUM,
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION, PolicyKind.BOUNDARY),
    needs=("Allow", "Action", "Resource"),
)
def listing_beyond_prefix(policy: Policy, _: Context) -> Iterator[Finding]:
    """Whole bucket can be listed, while only a prefix of it can be read.

    ## Why it matters

    The names of objects tell much: customers, dates, projects. `s3:ListBucket`
    lists them all unless a condition on `s3:prefix` keeps the listing to the
    prefix that may be read.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::reports/2026/*"
                      ----------------------------- all that can be read
        },
        {
          "Effect": "Allow",
          "Action": "s3:ListBucket",
          "Resource": "arn:aws:s3:::reports"
                      ^^^^^^^^^^^^^^^^^^^^^^ all objects can be listed, and only some of them read
        }
      ]
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::reports/2026/*"
        },
        {
          "Effect": "Allow",
          "Action": "s3:ListBucket",
          "Resource": "arn:aws:s3:::reports",
          "Condition": {"StringLike": {"s3:prefix": "2026/*"}}
        }
      ]
    }
    ```

    ## References

    - [Bucket policy examples using condition keys](https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html)
    - [Controlling access to a bucket with user policies](https://docs.aws.amazon.com/AmazonS3/latest/userguide/walkthrough1.html)
    """
    allows = [statement for statement in policy.statements if statement.allows]
    listing = [each for each in allows if each.resources and each.applies_to_action(LIST) and not _is_narrowed(each)]
    reading = [each for each in allows if each.applies_to_action(READ)] if listing else []
    if any(each.not_resources for each in reading):
        return
    readable = [resource for each in reading for resource in each.resources]
    for statement in listing:
        for bucket in statement.resources:
            parts = _parts(bucket, readable)
            if parts:
                yield Finding(
                    bucket.at,
                    "all objects can be listed, and only some of them read",
                    help="add a condition on `s3:prefix`",
                    related=tuple(Related(part.at, "all that can be read") for part in parts[:1]),
                )


def _is_narrowed(statement: Statement) -> bool:
    return bool(statement.condition_keys() & NARROWING)


def _parts(bucket: Pattern, readable: list[Pattern]) -> list[Pattern]:
    """What can be read of a bucket; nothing where that is all of it, or not known."""
    if not bucket.text.startswith("arn:") or "/" in bucket.text or bucket.has_wildcard or is_placeholder(bucket.text):
        return []
    every = Pattern(f"{bucket.text}/*")
    parts = [resource for resource in readable if resource & every]
    return [] if any(every <= part or is_placeholder(part.text) for part in parts) else parts
