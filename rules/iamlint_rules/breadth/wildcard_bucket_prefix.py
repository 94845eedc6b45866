import re
from collections.abc import Iterator

from iamlint.rule import (
    Catalog,
    Confidence,
    Context,
    Finding,
    Fix,
    Pattern,
    PolicyKind,
    Severity,
    Statement,
    insert,
    replace,
    rule,
)

LIMITS = ("aws:resource", "s3:resourceaccount")
BUCKETS = re.compile(r"arn:[\w-]+:s3:::(?=[\w.-]*[a-z0-9]\*\Z)([\w.-]+)\*")


@rule(
    "IAM409",
    on=Statement,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
    needs=("Allow", "ARN"),
)
def wildcard_bucket_prefix(statement: Statement, context: Context) -> Iterator[Finding]:
    """Wildcard right after a bucket's name matches other buckets too.

    ## Why it matters

    `reports*` is the bucket, its objects, and every bucket whose name begins
    so, in any account: names of buckets are given to whoever asks first. Mostly
    `reports/*` was meant, the objects of one bucket.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:ListBucket", "s3:PutObject"],
        "Resource": "arn:aws:s3:::reports*"
                                  ^^^^^^^^ it matches every bucket whose name begins with `reports`
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:ListBucket", "s3:PutObject"],
        "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]
      }
    }
    ```

    After a hyphen it is plain that many buckets are meant.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:PutObject",
        "Resource": ["arn:aws:s3:::reports/*", "arn:aws:s3:::team-*"]
      }
    }
    ```

    ## References

    - [Policies and permissions in Amazon S3: resources](https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html)
    - [Bucket naming rules](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html)
    """
    if any(key.startswith(LIMITS) for key in statement.condition_keys()):
        return
    for resource in statement.resources:
        match = BUCKETS.fullmatch(resource.text) if resource.text[-1:] == "*" else None
        if match:
            meant = _meant(resource.text[:-1], statement, context.catalog)
            yield Finding(
                resource.at,
                f"it matches every bucket whose name begins with `{match[1]}`",
                help="write " + " and ".join(f"`{text}` for {what}" for what, text in meant.items()),
                part=(match.start(1), match.end()),
                fix=_fix(resource, statement, meant),
            )


def _meant(bucket: str, statement: Statement, catalog: Catalog) -> dict[str, str]:
    """The bucket, its objects or both: what the statement's actions work on."""
    actions = (action for entry in statement.actions for action in catalog.actions_of(entry.text))
    kinds = {use.name for action in actions if action.service == "s3" for use in action.resources}
    both = {"the bucket": bucket, "its objects": f"{bucket}/*"}
    return {what: text for what, text in both.items() if what.removesuffix("s").split()[-1] in kinds} or both


def _fix(resource: Pattern, statement: Statement, meant: dict[str, str]) -> Fix:
    title, (text, *more) = f"Name {' and '.join(meant)}", meant.values()
    if not more:
        return Fix.tightening(title, replace(resource.at, text))
    if resource.at == statement.at / "Resource":
        return Fix.tightening(title, replace(resource.at, [text, *more]))
    after = resource.at.parent / (int(resource.at.last) + 1)
    return Fix.tightening(title, replace(resource.at, text), insert(after, *more))
