from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, Severity, Statement, rule


@rule(
    "IAM016",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.RESOURCE, PolicyKind.TRUST, PolicyKind.VPC_ENDPOINT),
    aws="MISSING_PRINCIPAL",
)
def missing_principal(statement: Statement, context: Context) -> Iterator[Finding]:
    """A resource or trust policy does not say who it is about.

    ## Why it matters

    The policy of a bucket, a queue, a key, an endpoint or a role's trust is
    about whoever its `Principal` names. AWS rejects a statement without one;
    leaving it out does not mean everyone.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": [
        {
        ^ the statement has neither `Principal` nor `NotPrincipal`
          "Effect": "Allow",
          "Action": "sts:AssumeRole"
        }
      ]
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": {"Service": "ec2.amazonaws.com"},
          "Action": "sts:AssumeRole"
        }
      ]
    }
    ```

    ```json bad resource:sqs
    {
      "Version": "2012-10-17",
      "Statement": [
        {
        ^ the statement has neither `Principal` nor `NotPrincipal`
          "Effect": "Allow",
          "Action": "sqs:SendMessage",
          "Resource": "arn:aws:sqs:eu-west-1:111122223333:orders"
        }
      ]
    }
    ```

    An identity policy has none: it is about whoever it is attached to.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:eu-west-1:111122223333:orders"
      }
    }
    ```

    ## References

    - [AWS JSON policy elements: Principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html)
    """
    if context.is_repaired:
        return
    # A slip such as `Principals` is an unknown element, and `Fn::If` becomes something else.
    if not any("princ" in key.lower() or key.startswith("Fn::") for key in statement.raw):
        yield Finding(
            statement.at,
            "the statement has neither `Principal` nor `NotPrincipal`",
            why="AWS rejects the policy",
            help="name who it is about",
        )
