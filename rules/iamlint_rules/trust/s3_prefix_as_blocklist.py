from collections.abc import Iterator

from iamlint.rule import Context, Finding, Severity, Statement, rule

POSITIVE = ("StringEquals", "StringLike", "StringEqualsIgnoreCase")
NEGATED = ("StringNotEquals", "StringNotLike", "StringNotEqualsIgnoreCase")


@rule("IAM537", on=Statement, severity=Severity.MEDIUM, needs="Condition", aws="S3_PREFIX_IN_NEGATIVE_CONTEXT")
def s3_prefix_as_blocklist(statement: Statement, _: Context) -> Iterator[Finding]:
    """Prefix is to be hidden from a listing, and a shorter prefix shows it.

    ## Why it matters

    `s3:prefix` is what the caller asks for, not what the answer holds. Who may
    not list `private/` lists `priv`, or everything, and sees the same names.
    Say what may be listed instead.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket",
        "Condition": {"StringLike": {"s3:prefix": "private/*"}}
                                     ^^^^^^^^^^^ a listing with a shorter prefix shows the same objects
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket",
        "Condition": {"StringNotEquals": {"s3:prefix": ["private/", "secret/"]}}
                                          ^^^^^^^^^^^ a listing with a shorter prefix shows the same objects
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "s3:ListBucket",
          "Resource": "arn:aws:s3:::amzn-s3-demo-bucket",
          "Condition": {"StringLike": {"s3:prefix": "public/*"}}
        },
        {
          "Effect": "Deny",
          "Action": "s3:ListBucket",
          "Resource": "arn:aws:s3:::amzn-s3-demo-bucket",
          "Condition": {"StringNotLike": {"s3:prefix": "public/*"}}
        }
      ]
    }
    ```

    ## References

    - [Bucket policy examples using condition keys](https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html)
    - [Access Analyzer: S3 prefix in negative context](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-security-warning-s3-prefix-in-negative-context)
    """
    if "s3:prefix" not in statement.condition_keys():
        return
    evadable = POSITIVE if statement.denies else NEGATED if statement.allows else ()
    for condition in statement.conditions:
        if condition.key_lower == "s3:prefix" and condition.operator.name in evadable:
            yield Finding(
                condition.at,
                "a listing with a shorter prefix shows the same objects",
                on_key=True,
                help="name the prefixes that may be listed: `Allow` with `StringLike`, or `Deny` with `StringNotLike`",
            )
