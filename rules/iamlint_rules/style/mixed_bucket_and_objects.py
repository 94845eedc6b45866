from collections.abc import Iterator

from iamlint.rule import Arn, Context, Finding, Pattern, Related, Severity, Statement, rule


@rule("IAM804", on=Statement, severity=Severity.INFO)
def mixed_bucket_and_objects(statement: Statement, context: Context) -> Iterator[Finding]:
    """Bucket and objects share a statement.

    ## Why it matters

    It works: each action takes the resource that fits. But a reader has to
    know which, and a condition such as `s3:prefix` cannot be added to one half.
    Two statements say it plainly.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:ListBucket", "s3:GetObject"],
        "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]
                     ^^^^^^^^^^^^^^^^^^^^^^ a bucket and objects share a statement
                                             ------------------------ the objects
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"},
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}
      ]
    }
    ```

    ## References

    - [Amazon S3 resources](https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html)
    """
    bucket = next((resource for resource in statement.resources if _is(resource, objects=False)), None)
    objects = next((resource for resource in statement.resources if _is(resource, objects=True)), None)
    kinds = {kind for pattern in statement.actions for kind in _kinds(pattern, context)}
    if bucket and objects and {"bucket", "object"} <= kinds:
        yield Finding(
            bucket.at,
            "a bucket and objects share a statement",
            help="write one statement for the bucket's actions, another for the objects'",
            related=(Related(objects.at, "the objects"),),
        )


def _is(resource: Pattern, *, objects: bool) -> bool:
    arn = Arn.parse(resource.text)
    return arn is not None and arn.service == "s3" and not arn.account and ("/" in arn.resource) is objects


def _kinds(pattern: Pattern, context: Context) -> Iterator[str]:
    action = context.catalog.action(pattern.text)
    for use in action.resources if action and action.service == "s3" else ():
        yield use.name
