from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, PolicyKind, Severity, Statement, rule

WITHOUT = ("ecr", "ecr-public", "elasticfilesystem")
"""Services whose resource policies may leave it out: a repository's policy has no Resource.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
"""


@rule(
    "IAM011",
    on=Statement,
    severity=Severity.HIGH,
    kinds=frozenset(PolicyKind) - {PolicyKind.TRUST},
    aws="MISSING_RESOURCE",
    parliament="MALFORMED",
)
def missing_resource(statement: Statement, context: Context) -> Iterator[Finding]:
    """The statement names no resource.

    ## Why it matters

    AWS rejects a policy with a statement that has neither `Resource` nor
    `NotResource`; leaving it out does not mean all resources. Only the trust
    policy of a role has none, as the role itself is the resource, and the
    policies of a few services such as Amazon ECR.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": [
        {
        ^ the statement has neither `Resource` nor `NotResource`
          "Effect": "Allow",
          "Action": "s3:GetObject"
        }
      ]
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::reports/*"
        }
      ]
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ```json good resource:ecr
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Resource](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html)
    - [Private repository policy examples in Amazon ECR](https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html)
    """
    if "Resource" in statement.raw or context.is_repaired:
        return
    # A slip such as `Resources` is an unknown element, and `Fn::If` becomes something else.
    if any("res" in key.lower() or key.startswith("Fn::") for key in statement.raw):
        return
    policy = context.policy
    if policy.kind is not PolicyKind.RESOURCE or policy.service not in WITHOUT:
        unsure = policy.kind is PolicyKind.RESOURCE and policy.service is None
        yield Finding(
            statement.at,
            "the statement has neither `Resource` nor `NotResource`",
            why="AWS rejects the policy",
            help='name the resources it is about, or write `"Resource": "*"`',
            confidence=Confidence.MEDIUM if unsure else None,
        )
