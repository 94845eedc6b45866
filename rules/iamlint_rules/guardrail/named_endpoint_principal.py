import re
from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, PolicyKind, Severity, Statement, rule

GATEWAYS = ("s3:", "dynamodb:")
"""The services with gateway endpoints: https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html"""

_NAME = re.compile(r"\d{12}|arn:[^*?]+")


@rule(
    "IAM613",
    on=Statement,
    severity=Severity.MEDIUM,
    confidence=Confidence.LOW,
    kinds=(PolicyKind.VPC_ENDPOINT,),
    needs=("Principal", "Action"),
)
def named_endpoint_principal(statement: Statement, _: Context) -> Iterator[Finding]:
    """A gateway endpoint's policy names a principal.

    ## Why it matters

    Gateway endpoints, of Amazon S3 and DynamoDB, take no `Principal` but `*`;
    an account there means its root user alone, and everyone else is refused.
    Whom you mean is a condition on `aws:PrincipalArn` or
    `aws:PrincipalAccount`.

    Interface endpoints know principals. Which of the two a policy is for, it
    does not say.

    ## Examples

    ```json bad vpc-endpoint
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "111122223333"},
                             ^^^^^^^^^^^^^^ a gateway endpoint takes no principal but `*`
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ```json good vpc-endpoint
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}
      }
    }
    ```

    ```json good vpc-endpoint
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/publisher"},
        "Action": "sns:Publish",
        "Resource": "*"
      }
    }
    ```

    ## References

    - [Principals for gateway endpoints](https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html#vpc-endpoint-policies-gateway)
    """
    if statement.actions and all(action.key.startswith(GATEWAYS) for action in statement.actions):
        for entry in statement.principals:
            if entry.type == "AWS" and _NAME.fullmatch(entry.value) and not entry.bare:
                yield Finding(
                    entry.at,
                    "a gateway endpoint takes no principal but `*`",
                    why="an account there is its root user alone",
                    help="write `*`, and name them by a condition on `aws:PrincipalArn` or `aws:PrincipalAccount`",
                )
