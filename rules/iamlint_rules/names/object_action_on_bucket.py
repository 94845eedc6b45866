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
_OBJECT = Pattern("arn:*:s3:*:*:?*/?*")


@rule("IAM110", on=Statement, severity=Severity.HIGH, needs="ARN", kinds=_KINDS, parliament="RESOURCE_MISMATCH")
def object_action_on_bucket(statement: Statement, context: Context) -> Iterator[Finding]:
    """S3 object action is given a bucket instead of its objects.

    ## Why it matters

    `s3:GetObject`, `s3:PutObject` and their like work on objects, whose ARNs
    are the bucket's followed by `/` and a key. On the bucket alone an Allow
    grants nothing, and a Deny protects nothing. In a bucket policy, S3 refuses
    such a statement.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
                  -------------- works on objects
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket"
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `s3:GetObject` works on objects, and this is the bucket
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    Where an action works on the bucket itself, its ARN stays.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:ListBucket", "s3:PutObject"],
                                    -------------- works on objects
        "Resource": [
          "arn:aws:s3:::amzn-s3-demo-bucket"
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `s3:PutObject` works on objects, and this is the bucket
        ]
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:ListBucket", "s3:PutObject"],
        "Resource": [
          "arn:aws:s3:::amzn-s3-demo-bucket",
          "arn:aws:s3:::amzn-s3-demo-bucket/*"
        ]
      }
    }
    ```

    Actions for buckets and for objects over both ARNs are fine: each takes
    what fits. A wildcard in the bucket's name takes in its objects too.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": ["s3:ListBucket", "s3:GetObject"],
          "Resource": ["arn:aws:s3:::amzn-s3-demo-bucket", "arn:aws:s3:::amzn-s3-demo-bucket/*"]
        },
        {
          "Effect": "Allow",
          "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::reports-*"
        }
      ]
    }
    ```

    ## References

    - [Policy resources for Amazon S3](https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html#security_iam_service-with-iam-id-based-policies-resources)
    - [Actions, resources, and condition keys for Amazon S3](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html)
    """
    if "s3" not in statement.services:
        return
    buckets = [resource for resource in statement.resources if _is_bucket(resource)]
    if not buckets or any(resource & _OBJECT for resource in statement.resources):
        return
    actions = [action for action in statement.actions if _is_for_objects(action, context.catalog)]
    if actions:
        related = tuple(Related(action.at, "works on objects") for action in actions)
        message = f"`{actions[0]}` works on objects, and this is the bucket"
        for bucket in buckets:
            fix = _fix(bucket, is_used=len(actions) < len(statement.actions))
            yield Finding(bucket.at, message, related=related, help=f"its objects are `{bucket}/*`", fix=fix)


def _is_bucket(resource: Pattern) -> bool:
    arn = Arn.parse(resource.text)
    return arn is not None and (arn.service, arn.region, arn.account) == ("s3", "", "") and not resource & _OBJECT


def _is_for_objects(entry: Pattern, catalog: Catalog) -> bool:
    """Whether everything an entry matches works on objects only."""
    if not entry.text.lower().startswith("s3:"):
        return False
    types = [{use.name for use in action.resources} for action in catalog.actions_of(entry.text)]
    return bool(types) and all("object" in each and "bucket" not in each for each in types)


def _fix(bucket: Pattern, *, is_used: bool) -> Fix:
    objects, at = f"{bucket}/*", bucket.at
    if not is_used:
        return Fix.risky("Append `/*`", replace(at, objects))
    is_entry = at.last.isdigit()
    edit = insert(at.parent / (int(at.last) + 1), objects) if is_entry else replace(at, [bucket.text, objects])
    return Fix.risky("Add the objects", edit)
