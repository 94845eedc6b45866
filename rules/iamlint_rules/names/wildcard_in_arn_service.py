import re
from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Severity, Statement, rule

_SERVICE = re.compile(r"arn:[^:]*:([^:]*[*?][^:]*)(:|$)")


@rule("IAM144", on=Statement, severity=Severity.HIGH)
def wildcard_in_arn_service(statement: Statement, _: Context) -> Iterator[Finding]:
    """ARN of a resource has a wildcard for the service.

    ## Why it matters

    AWS rejects the policy: the service of an ARN must be named. Every other
    part of the ARN may have wildcards.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "*",
        "Resource": "arn:aws:*:us-east-1:111122223333:*"
                             ^ the service of an ARN has no wildcards
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "*",
        "Resource": ["arn:*:sqs:*:111122223333:*", "arn:aws:sns:us-*:111122223333:*"]
      }
    }
    ```

    ## References

    - [Using wildcards in resource ARNs](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html#reference_policies_elements_resource_wildcards)
    """
    for resource in (*statement.resources, *statement.not_resources):
        service = _SERVICE.match(resource.text)
        if service and "${" not in service[0]:
            yield Finding(
                resource.at,
                "the service of an ARN has no wildcards",
                part=service.span(1),
                why="AWS rejects the policy",
                help="name the service, or write `*` for every resource",
                # With fewer than six parts, kinds of policies differ in how they read it.
                confidence=None if resource.text.count(":") >= 5 else Confidence.MEDIUM,
            )
