from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, PolicyKind, Related, Severity, Statement, is_placeholder, rule

SOURCES = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner")
INSTEAD = ("kms:", "lambda:eventsourcetoken", "aws:principal", "s3:dataaccesspoint")


@rule(
    "IAM545",
    on=Statement,
    severity=Severity.MEDIUM,
    kinds=(PolicyKind.RESOURCE,),
    needs=("Allow", "Principal", "Condition"),
)
def source_of_any_account(statement: Statement, context: Context) -> Iterator[Finding]:
    """Service is let in for sources that can be anyone's.

    ## Why it matters

    A condition on `aws:SourceArn` or `aws:SourceAccount` keeps a service from
    acting on your resource for a stranger, if it says whose the source must be.
    `arn:aws:sns:*:*:*` fits the topics of every customer of AWS; with
    `…IfExists`, a request that does not tell its source passes.

    The engine looks for a stranger's source that passes, with all that the
    policy denies; the finding tells it.

    ## Examples

    ```json bad resource:sqs
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
                                 ------------------- a service works for all customers
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:us-east-1:111122223333:orders",
        "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:orders"}}
                                                   ^^^^^^^^^^^^^^^^^^^^^^^^ this may be anyone's
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
        "Condition": {
          "ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:orders"},
          "StringEquals": {"aws:SourceAccount": ["111122223333", "444455556666"]}
        }
      }
    }
    ```

    ## References

    - [The confused deputy problem: cross-service](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html)
    - [AWS global condition context keys: aws:SourceArn](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcearn)
    """
    service = next((entry for entry in statement.principals if entry.type == "Service"), None)
    sources = [each for each in statement.conditions if each.key_lower in SOURCES]
    if service is None or not sources or any(key.startswith(INSTEAD) for key in statement.condition_keys()):
        return
    texts = (value.text for each in context.policy.statements for one in each.conditions for value in one.values)
    stranger = None if any(map(is_placeholder, texts)) else context.exposure(statement, services=False)
    if stranger is not None:
        first = sources[0]
        yield Finding(
            first.values[0].at if len(first.values) == 1 else first.at,
            "this may be anyone's",
            why=f"for example, {stranger}" if stranger else "",
            help="name the account, by a condition on `aws:SourceAccount`",
            confidence=Confidence.HIGH if stranger else Confidence.MEDIUM,
            related=(Related(service.at, "a service works for all customers"),),
        )
