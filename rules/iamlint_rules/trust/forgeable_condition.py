from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Severity, Statement, rule

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-referer
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-useragent
FORGEABLE = ("aws:referer", "aws:useragent")


@rule(
    "IAM527",
    on=Statement,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    needs="Condition",
    aws="UNTRUSTWORTHY_CONDITION_KEY",
)
def forgeable_condition(statement: Statement, _: Context) -> Iterator[Finding]:
    """Access depends on what the caller says of itself.

    ## Why it matters

    The referer and the user agent are headers that a client writes as it
    likes. They keep honest browsers from embedding your pictures, and stop
    nobody else.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"StringLike": {"aws:Referer": "https://www.example.com/*"}}
                                     ^^^^^^^^^^^^^ the caller writes `aws:Referer` as it likes
      }
    }
    ```

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {
          "StringEquals": {"aws:SourceArn": "arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE"}
        }
      }
    }
    ```

    With a service principal it is the service that fills in the header.

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "ses.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/mail/*",
        "Condition": {"StringEquals": {"aws:Referer": "111122223333"}}
      }
    }
    ```

    ## References

    - [aws:Referer](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-referer)
    - [aws:UserAgent](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-useragent)
    - [Access Analyzer: untrustworthy condition key](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    by_service = bool(statement.principals) and all(entry.type == "Service" for entry in statement.principals)
    for condition in statement.conditions:
        if condition.key_lower in FORGEABLE and not by_service:
            yield Finding(
                condition.at,
                f"the caller writes `{condition.key}` as it likes",
                on_key=True,
                help="compare what AWS knows of the caller, such as `aws:PrincipalOrgID` or `aws:SourceVpce`",
            )
