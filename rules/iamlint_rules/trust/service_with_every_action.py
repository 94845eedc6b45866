from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, Related, Severity, Statement, rule


@rule(
    "IAM543",
    on=Statement,
    severity=Severity.LOW,
    kinds=(PolicyKind.RESOURCE,),
    needs=("Allow", "Principal", "Action"),
)
def service_with_every_action(statement: Statement, context: Context) -> Iterator[Finding]:
    """AWS service is let in to do everything.

    ## Why it matters

    A service that delivers to a resource needs one or two actions, which its
    documentation names: `sqs:SendMessage`, `s3:PutObject`. With a wildcard it
    may read and delete as well, and so may whoever gets the service to act for
    them.

    ## Examples

    ```json bad resource:sqs
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
                                 ------------------- a service
        "Action": "sqs:*",
                  ^^^^^^^ `sns.amazonaws.com` may do everything here
        "Resource": "arn:aws:sqs:us-east-1:111122223333:orders",
        "Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:us-east-1:111122223333:orders"}}
      }
    }
    ```

    ```json good resource:sqs
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:us-east-1:111122223333:orders",
        "Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:us-east-1:111122223333:orders"}}
      }
    }
    ```

    ## References

    - [Subscribing an Amazon SQS queue to an Amazon SNS topic](https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html)
    - [Grant least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    """
    service = next((entry for entry in statement.principals if entry.type == "Service"), None)
    if service is None:
        return
    for action in statement.actions:
        prefix, _, name = action.key.partition(":")
        if action.is_everything or (name and not name.strip("*") and context.catalog.service(prefix)):
            yield Finding(
                action.at,
                f"`{service}` may do everything here",
                help="allow the actions that the service's documentation names",
                related=(Related(service.at, "a service"),),
            )
            return
