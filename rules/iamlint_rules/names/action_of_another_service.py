from collections.abc import Iterator

from iamlint.rule import Catalog, Confidence, Context, Finding, Pattern, PolicyKind, Severity, Statement, rule

FAMILIES = (
    frozenset(("s3", "s3express", "s3-object-lambda", "s3-outposts", "s3tables", "s3vectors")),
    frozenset(("ecr", "ecr-public", "codeartifact", "codecommit")),
    frozenset(("kms", "payment-cryptography")),
    frozenset(("es", "opensearch", "aoss", "osis")),
    frozenset(("execute-api", "apigateway", "vpc-lattice", "vpc-lattice-svcs")),
    frozenset(("elasticfilesystem", "s3files")),
    frozenset(("glue", "lakeformation")),
    frozenset(("kafka", "kafka-cluster")),
    frozenset(("cloudtrail", "cloudtrail-data")),
    frozenset(("redshift", "redshift-serverless", "redshift-data")),
    frozenset(("bedrock", "bedrock-agentcore")),
)
"""Services whose policies go by the same name, such as bucket policy, or hold actions of one another.

https://docs.aws.amazon.com/msk/latest/developerguide/mvpc-cluster-owner-action-policy.html
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/security_iam_resource-based-policy-examples.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
"""

BESIDES = {"codeartifact": "sts:getservicebearertoken"}
"""What AWS's guides allow in the policies of another service.

https://docs.aws.amazon.com/codeartifact/latest/ug/domain-policies.html
"""

USUAL = (
    "s3",
    "sqs",
    "sns",
    "kms",
    "lambda",
    "ecr",
    "secretsmanager",
    "elasticfilesystem",
    "es",
    "execute-api",
    "dynamodb",
)
"""Services of which it is known that their policies hold no others' actions."""


@rule(
    "IAM156",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.RESOURCE,),
    needs="Action",
    aws="UNSUPPORTED_ACTION_IN_POLICY",
)
def action_of_another_service(statement: Statement, context: Context) -> Iterator[Finding]:
    """Action is of another service than the resource that holds the policy.

    ## Why it matters

    A resource's policy is asked only when somebody calls its own service. A
    bucket policy that allows `kms:Decrypt` opens no key: what is missing is a
    statement in the policy of the key. Amazon S3 and others reject such a
    policy; the rest keep it, and it says nothing.

    What the policy is attached to must be known: from what the AWS CLI printed,
    from the file's name (`bucket-policy.json`), or from whoever asks. Of a
    policy that only tells by its own actions, nothing is said.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/reader"},
        "Action": ["s3:GetObject", "kms:Decrypt"],
                                   ^^^^^^^^^^^^^ `kms:Decrypt` has no place in a policy of Amazon S3
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/reader"},
        "Action": ["s3:GetObject", "s3-object-lambda:GetObject"],
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ## References

    - [Access Analyzer: unsupported action in policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-error-unsupported-action-in-policy)
    - [Identity-based policies and resource-based policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html)
    """
    service = context.policy.service
    if service is None or context.catalog.service(service) is None:
        return
    for action in statement.actions:
        if _is_foreign(action, service, context.catalog):
            yield Finding(
                action.at,
                f"`{action}` has no place in a policy of {context.catalog.title(service)}",
                why=f"a policy is asked only about the actions of its own service, `{service}`",
                help=f"allow it in a policy of {context.catalog.title(action.key.partition(':')[0])}, or of the caller",
                confidence=None if service in USUAL else Confidence.MEDIUM,
            )


def _is_foreign(action: Pattern, service: str, catalog: Catalog) -> bool:
    """Whether it is known to be of another service, and of none that goes by the same name."""
    prefix, colon, _ = action.key.partition(":")
    if not colon or prefix == service or action.key == BESIDES.get(service) or catalog.service(prefix) is None:
        return False
    return not any(service in family and prefix in family for family in FAMILIES)
