import re
from collections.abc import Iterator
from functools import lru_cache

from iamlint.rule import Context, Finding, Pattern, Severity, Statement, rule

ALIAS = re.compile(r"arn:[\w-]+:s3:::[\w.*?-]+-s3alias(?:/.*)?", re.DOTALL)
DIRECTORY = re.compile(r"arn:[\w-]+:s3:::[\w.*?-]+--[a-z0-9-]+--x-s3(?:/.*)?", re.DOTALL)
POINT = re.compile(r"arn:[\w-]+:s3:[\w*-]*:[\w*]*:accesspoint/[\w.-]+/(.*)", re.DOTALL)


@rule("IAM175", on=Statement, severity=Severity.MEDIUM, needs="ARN")
def unmatchable_s3_resource(statement: Statement, _: Context) -> Iterator[Finding]:
    """ARN of S3 is written in a way that no request has.

    ## Why it matters

    What stands in `Resource` is compared with the ARN that S3 makes of a
    request. It never holds the alias of an access point; a directory bucket is
    `s3express` there; and an object behind an access point comes after
    `/object/`. An Allow with such an ARN allows nothing, a Deny denies nothing.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": [
          "arn:aws:s3:us-east-1:111122223333:accesspoint/reports-ap/2026/*",
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ objects behind an access point come after `/object/`
          "arn:aws:s3:::reports-ap-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias/*",
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ policies do not know the alias of an access point
          "arn:aws:s3:::amzn-s3-demo-bucket--use1-az4--x-s3/*"
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a directory bucket is a resource of `s3express`
        ]
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:us-east-1:111122223333:accesspoint/reports-ap/object/2026/*"
        },
        {
          "Effect": "Allow",
          "Action": "s3express:CreateSession",
          "Resource": "arn:aws:s3express:us-east-1:111122223333:bucket/amzn-s3-demo-bucket--use1-az4--x-s3"
        }
      ]
    }
    ```

    ## References

    - [Referring to access points](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html)
    - [IAM for directory buckets](https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-security-iam.html)
    """
    for resource in (*statement.resources, *statement.not_resources):
        fault = _fault(resource.text)
        if fault:
            yield Finding(resource.at, fault[0], help=fault[1])


@lru_cache(maxsize=4096)
def _fault(text: str) -> tuple[str, str] | None:
    """Why no request has such an ARN, and what to write."""
    if ":s3:" not in text:
        return None
    point = POINT.fullmatch(text)
    if point and not Pattern(point[1]) & Pattern("object/*"):
        right = f"{text[: point.start(1)]}object/{point[1]}"
        return "objects behind an access point come after `/object/`", f"write `{right}`"
    if ALIAS.fullmatch(text):
        return "policies do not know the alias of an access point", "write the ARN of the access point"
    if DIRECTORY.fullmatch(text):
        right = "allow `s3express:CreateSession` on `arn:aws:s3express:<region>:<account>:bucket/<name>`"
        return "a directory bucket is a resource of `s3express`", right
    return None
