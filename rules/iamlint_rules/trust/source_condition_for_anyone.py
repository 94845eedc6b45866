from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, PolicyKind, Related, Severity, Statement, is_placeholder, rule

SOURCES = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner")
INSTEAD = ("kms:", "lambda:eventsourcetoken", "aws:principal", "s3:dataaccesspoint")


@rule(
    "IAM544",
    on=Statement,
    severity=Severity.MEDIUM,
    kinds=(PolicyKind.RESOURCE,),
    needs=("Allow", "Principal", "Condition"),
)
def source_condition_for_anyone(statement: Statement, context: Context) -> Iterator[Finding]:
    """Condition on the source lets a service in for anyone.

    ## Why it matters

    A condition on `aws:SourceAccount` or `aws:SourceArn` keeps a service from
    acting on your resource for a stranger, if it must hold. With `…IfExists` or
    `ForAllValues:`, a request that does not tell its source passes, and a
    negated operator lets in all but one.

    The engine looks for a stranger's source that passes, with all that the
    policy denies; the finding tells it. What fits everybody's source is left to
    `source-arn-without-account` and `permissive-wildcard`.

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
        "Condition": {"StringEqualsIfExists": {"aws:SourceAccount": "111122223333"}}
                                                                    ^^^^^^^^^^^^^^ whoever's source it is, it passes
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
        "Condition": {"StringEquals": {"aws:SourceAccount": ["111122223333", "444455556666"]}}
      }
    }
    ```

    ## References

    - [The confused deputy problem: cross-service](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html)
    - [AWS global condition context keys: aws:SourceArn](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcearn)
    """
    service = next((entry for entry in statement.principals if entry.type == "Service"), None)
    sources = [each for each in statement.conditions if each.key_lower in SOURCES]
    keys = statement.condition_keys()
    if service is None or not sources or any(key.startswith(INSTEAD) for key in keys):
        return
    if not all(each.holds_when_absent for each in sources):
        return
    texts = (value.text for each in context.policy.statements for one in each.conditions for value in one.values)
    stranger = None if any(map(is_placeholder, texts)) else context.exposure(statement, services=False)
    if stranger is not None:
        first = sources[0]
        yield Finding(
            first.values[0].at if len(first.values) == 1 else first.at,
            "whoever's source it is, it passes",
            why=f"for example, {stranger}" if stranger else "",
            help="name the account, by a condition on `aws:SourceAccount`",
            confidence=Confidence.HIGH if stranger else Confidence.MEDIUM,
            related=(Related(service.at, "a service works for all customers"),),
        )
