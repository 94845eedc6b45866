from collections.abc import Iterator

from iamlint.rule import Condition, Context, Finding, Fix, PolicyKind, Severity, Statement, replace, rule

KEY = "aws:securetransport"


@rule(
    "IAM616",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.RESOURCE, PolicyKind.SCP, PolicyKind.RCP),
    needs=("Deny", "Condition"),
)
def deny_of_https(statement: Statement, _: Context) -> Iterator[Finding]:
    """Deny that is to demand HTTPS denies it instead.

    ## Why it matters

    `aws:SecureTransport` is `true` for a request by HTTPS, which is what the
    console, the command line and every SDK send. A Deny with `true` refuses all
    of them, those of the owner too, and lets plain HTTP pass.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::amzn-s3-demo-bucket", "arn:aws:s3:::amzn-s3-demo-bucket/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "true"}}
                                                      ^^^^^^ every request by HTTPS is denied
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::amzn-s3-demo-bucket", "arn:aws:s3:::amzn-s3-demo-bucket/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}}
      }
    }
    ```

    Beside other conditions, the key may mean something else.

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {
          "Bool": {"aws:SecureTransport": "true"},
          "NumericLessThan": {"s3:TlsVersion": "1.2"}
        }
      }
    }
    ```

    ## References

    - [aws:SecureTransport](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport)
    - [S3: only allow HTTPS requests](https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html#example-bucket-policies-HTTP-HTTPS)
    """
    if len(statement.conditions) == 1 and _is_inverted(statement.conditions[0]):
        (value,) = statement.conditions[0].values
        yield Finding(
            value.at,
            "every request by HTTPS is denied",
            help="write `false` to deny what comes by plain HTTP",
            fix=Fix.risky("Write `false`", replace(value.at, "false" if isinstance(value.raw, str) else False)),
        )


def _is_inverted(condition: Condition) -> bool:
    texts = [value.text.lower() for value in condition.values]
    return condition.key_lower == KEY and condition.operator.name == "Bool" and texts == ["true"]
