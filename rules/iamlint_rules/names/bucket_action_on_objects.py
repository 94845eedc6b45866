from collections.abc import Iterator

from iamlint.rule import (
    Arn,
    Catalog,
    Context,
    Finding,
    Fix,
    Pattern,
    PolicyKind,
    Related,
    Severity,
    Statement,
    insert,
    replace,
    rule,
)

_KINDS = [kind for kind in PolicyKind if kind is not PolicyKind.TRUST]
_OBJECT = Pattern("arn:*:s3:::*/*")


@rule("IAM111", on=Statement, severity=Severity.HIGH, needs="ARN", kinds=_KINDS, parliament="RESOURCE_MISMATCH")
def bucket_action_on_objects(statement: Statement, context: Context) -> Iterator[Finding]:
    """S3 bucket action is given objects instead of the bucket.

    ## Why it matters

    `s3:ListBucket`, `s3:GetBucketLocation` and their like work on the bucket,
    whose name has no slash. On `bucket/*` an Allow grants nothing: the listing
    that most tools begin with is denied. A Deny protects nothing.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
                  --------------- works on the bucket
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `s3:ListBucket` works on the bucket, and these are objects
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket"
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:ListBucket", "s3:GetObject"],
                   --------------- works on the bucket
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `s3:ListBucket` works on the bucket, and these are objects
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:ListBucket", "s3:GetObject"],
        "Resource": ["arn:aws:s3:::amzn-s3-demo-bucket", "arn:aws:s3:::amzn-s3-demo-bucket/*"]
      }
    }
    ```

    To list a folder only, name the bucket and limit the prefix.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket",
        "Condition": {"StringLike": {"s3:prefix": "reports/*"}}
      }
    }
    ```

    ## References

    - [Policy resources for Amazon S3](https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html#security_iam_service-with-iam-id-based-policies-resources)
    - [Actions, resources, and condition keys for Amazon S3](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html)
    """
    if "s3" not in statement.services:
        return
    objects = [resource for resource in statement.resources if _is_object(resource)]
    if not objects or any(_may_be_bucket(resource) for resource in statement.resources):
        return
    actions = [action for action in statement.actions if _is_for_buckets(action, context.catalog)]
    if actions:
        related = tuple(Related(action.at, "works on the bucket") for action in actions)
        message = f"`{actions[0]}` works on the bucket, and these are objects"
        help_ = "name the bucket, without `/` and what follows; a condition on `s3:prefix` limits a listing"
        for resource in objects:
            fix = _fix(resource, is_used=len(actions) < len(statement.actions))
            yield Finding(resource.at, message, related=related, help=help_, fix=fix)


def _may_be_bucket(resource: Pattern) -> bool:
    """Whether it can match a bucket or access point."""
    arn = Arn.parse(resource.text)
    if arn is None or any(sign in arn.service for sign in "*?$"):
        return True
    return arn.service == "s3" and not _is_object(resource)


def _is_object(resource: Pattern) -> bool:
    start, middle, rest = resource.text.partition(":s3:::")
    if not middle or "/" not in rest:
        return False
    return (start.startswith("arn:") and "$" not in rest) or resource <= _OBJECT


def _is_for_buckets(entry: Pattern, catalog: Catalog) -> bool:
    """Whether everything an entry matches works on buckets only."""
    if not entry.text.lower().startswith("s3:"):
        return False
    types = [{use.name for use in action.resources} for action in catalog.actions_of(entry.text)]
    return bool(types) and all("bucket" in each and "object" not in each for each in types)


def _fix(objects: Pattern, *, is_used: bool) -> Fix | None:
    """Only for all the objects of a bucket: who named a folder wants a condition on the prefix."""
    bucket, slash, rest = objects.text.partition("/")
    if not slash or rest != "*":
        return None
    at = objects.at
    if not is_used:
        return Fix.risky("Name the bucket", replace(at, bucket))
    edit = insert(at.parent / int(at.last), bucket) if at.last.isdigit() else replace(at, [bucket, objects.text])
    return Fix.risky("Add the bucket", edit)
