from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, Severity, Statement, rule


@rule(
    "IAM612",
    on=Statement,
    severity=Severity.LOW,
    kinds=(PolicyKind.VPC_ENDPOINT,),
    needs=("Allow", "Principal", "Action", "Resource"),
)
def open_endpoint(statement: Statement, context: Context) -> Iterator[Finding]:
    """A VPC endpoint lets everything through.

    ## Why it matters

    This is the policy an endpoint has without one: anyone in the VPC reaches
    any resource of the service through it, those of strangers' accounts
    included, with any credentials. An endpoint policy is the place to stop data
    from leaving for a bucket outside your organization.

    ## Examples

    ```json bad vpc-endpoint
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
                  ^^^^^^^ everything passes
        "Principal": "*",
        "Action": "*",
        "Resource": "*"
      }
    }
    ```

    ```json good vpc-endpoint
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "*",
        "Resource": "*",
        "Condition": {
          "StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:ResourceOrgID": "o-a1b2c3d4e5"}
        }
      }
    }
    ```

    Nothing is said where another statement denies something.

    ```json good vpc-endpoint
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
        {
          "Effect": "Deny",
          "Principal": "*",
          "Action": "*",
          "Resource": "*",
          "Condition": {"StringNotEqualsIfExists": {"aws:ResourceOrgID": "o-a1b2c3d4e5"}}
        }
      ]
    }
    ```

    ## References

    - [Default endpoint policy](https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html#default-endpoint-policy)
    - [Data perimeter policy examples: VPC endpoint policies](https://github.com/aws-samples/data-perimeter-policy-examples/tree/main/vpc_endpoint_policies)
    """
    if (
        not statement.has("Condition")
        and any(entry.is_anyone for entry in statement.principals)
        and any(action.is_everything for action in statement.actions)
        and any(resource.is_everything for resource in statement.resources)
        and not any(other.denies for other in context.policy.statements)
    ):
        yield Finding(
            statement.element_at("Effect"),
            "everything passes",
            why="it is the policy of an endpoint that has none",
            help="let through what is of your organization: `aws:PrincipalOrgID` and `aws:ResourceOrgID`",
        )
