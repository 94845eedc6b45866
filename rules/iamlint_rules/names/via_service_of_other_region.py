import re
from collections.abc import Iterator

from iamlint.rule import Condition, Context, Finding, Related, Severity, Statement, rule

KEY = re.compile(r"arn:[\w-]+:kms:([a-z0-9-]+):[^:]*:key/.*", re.DOTALL)
SERVICE = re.compile(r"[\w.*-]+?\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?")


@rule("IAM176", on=Statement, severity=Severity.MEDIUM, needs=("Condition", "Resource"))
def via_service_of_other_region(statement: Statement, _: Context) -> Iterator[Finding]:
    """Key of one region is to be used through a service in another.

    ## Why it matters

    A service asks KMS in its own region. `s3.eu-west-1.amazonaws.com` never uses
    a key whose ARN says `us-east-1`: the bucket and its key are in the same
    region, and where the program runs does not matter. The statement never
    applies. Of a multi-Region key, each region's replica has an ARN of its own.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "kms:Decrypt",
        "Resource": "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                    ----------------------------------------------------------------------------- a key in `us-east-1`
        "Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}
                                       ^^^^^^^^^^^^^^^^ no service in `eu-west-1` uses a key in `us-east-1`
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "kms:Decrypt",
        "Resource": "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "Condition": {
          "StringEquals": {"kms:ViaService": ["s3.us-east-1.amazonaws.com", "s3.eu-west-1.amazonaws.com"]}
        }
      }
    }
    ```

    ## References

    - [kms:ViaService](https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service)
    - [Using server-side encryption with AWS KMS keys](https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html)
    """
    via = next((condition for condition in statement.conditions if _is_via(condition)), None)
    if via is None:
        return
    services = [match[1] for value in via.values if (match := SERVICE.fullmatch(value.text))]
    keys = [match[1] for resource in statement.resources if (match := KEY.fullmatch(resource.text))]
    every = len(services) == len(via.values) and len(keys) == len(statement.resources)
    if services and keys and every and not set(services) & set(keys):
        yield Finding(
            via.at,
            f"no service in `{services[0]}` uses a key in `{keys[0]}`",
            help="write the region of the key",
            on_key=True,
            related=(Related(statement.resources[0].at, f"a key in `{keys[0]}`"),),
        )


def _is_via(condition: Condition) -> bool:
    operator = condition.operator
    return (
        condition.key_lower == "kms:viaservice"
        and operator.name in ("StringEquals", "StringLike", "StringEqualsIgnoreCase")
        and not condition.holds_when_absent
    )
