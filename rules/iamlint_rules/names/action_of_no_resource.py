from collections.abc import Iterator

from iamlint.rule import Action, Context, Finding, PolicyKind, Severity, Statement, rule

# Their policies cover one resource and what is in it; which actions work on no resource is documented in full:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
SERVICES = ("s3", "sqs", "sns", "lambda", "ecr", "secretsmanager")


@rule(
    "IAM158",
    on=Statement,
    severity=Severity.MEDIUM,
    kinds=(PolicyKind.RESOURCE,),
    needs="Action",
    aws="UNSUPPORTED_ACTION_IN_POLICY",
)
def action_of_no_resource(statement: Statement, context: Context) -> Iterator[Finding]:
    """Action of the account as a whole stands in the policy of one resource.

    ## Why it matters

    Listing all buckets, or all functions, is asked of the account and of no
    resource. The policy of a bucket is not asked then, so such an action
    grants nothing there, and denies nothing; Amazon S3 rejects the policy.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
        "Action": ["s3:ListAllMyBuckets", "s3:ListBucket"],
                   ^^^^^^^^^^^^^^^^^^^^^ `s3:ListAllMyBuckets` is asked of no resource
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket"
      }
    }
    ```

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
        "Action": ["s3:ListBucket", "s3:List*"],
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket"
      }
    }
    ```

    ## References

    - [Actions, resources and condition keys for Amazon S3](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html)
    - [Identity-based policies and resource-based policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html)
    """
    if not context.policy.is_attached or context.policy.service not in SERVICES:
        return
    for action in statement.actions:
        known = None if action.has_wildcard else context.catalog.action(action.text)
        if known and known.service == context.policy.service and _is_of_none(known, statement):
            yield Finding(
                action.at,
                f"`{action}` is asked of no resource",
                help='allow it in a policy of the caller, with `"Resource": "*"`',
                aws=None if known.service == "s3" else (),
            )


def _is_of_none(action: Action, statement: Statement) -> bool:
    """Whether it works on no resource; the policy of ECR's registry, not of a repository, has a `Resource`."""
    of_registry = action.service == "ecr" and (action.name != "ecr:GetAuthorizationToken" or statement.has("Resource"))
    return not (action.resources or of_registry)
