from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Pattern, Policy, PolicyKind, Severity, is_placeholder, rule

LIST, READ = "s3:ListBucket", "s3:GetObject"


@rule(
    "IAM807",
    on=Policy,
    severity=Severity.INFO,
    confidence=Confidence.MEDIUM,
    kinds=(PolicyKind.IDENTITY,),
    needs=("Allow", "Action", "Resource"),
)
def reading_without_listing(policy: Policy, _: Context) -> Iterator[Finding]:
    """Objects can be read, but their bucket cannot be listed.

    ## Why it matters

    It works for whoever knows the names of the objects. But without
    `s3:ListBucket` on the bucket, S3 answers a request for an object that is
    not there with *access denied* and not with *not found*: programs that ask
    whether an object exists fail, and the search for the cause leads astray.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
                    ^^^^^^^^^^^^^^^^^^^^^^^^ its bucket cannot be listed: a missing object is told as denied access
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"},
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}
      ]
    }
    ```

    ## References

    - [GetObject: permissions](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html)
    """
    allows = [statement for statement in policy.statements if statement.allows]
    reading = [statement for statement in allows if statement.applies_to_action(READ)]
    listing = [statement for statement in allows if statement.applies_to_action(LIST)] if reading else []
    if any(statement.not_resources for statement in listing):
        return
    listed = [resource for statement in listing for resource in statement.resources]
    for statement in reading:
        for resource in statement.resources:
            bucket = Pattern(resource.text.partition("/")[0])
            if _is_of_one_bucket(resource) and not any(bucket & other for other in listed):
                yield Finding(
                    resource.at,
                    "its bucket cannot be listed: a missing object is told as denied access",
                    help=f"allow `{LIST}` on `{bucket}`",
                )


def _is_of_one_bucket(resource: Pattern) -> bool:
    bucket, slash, _ = resource.text.partition("/")
    is_named = bucket.startswith("arn:") and ":s3:::" in bucket and "*" not in bucket.rpartition(":")[2]
    return bool(slash) and is_named and not is_placeholder(resource.text)
