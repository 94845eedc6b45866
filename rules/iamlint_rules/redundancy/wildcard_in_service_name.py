from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, PolicyKind, Severity, Statement, rule

SAVED_BY_IAM = (PolicyKind.IDENTITY, PolicyKind.BOUNDARY)


@rule("IAM209", on=Statement, severity=Severity.LOW, needs="ARN", aws="WILDCARD_IN_SERVICE_NAME")
def wildcard_in_service_name(statement: Statement, context: Context) -> Iterator[Finding]:
    """Service of an ARN is a wildcard.

    ## Why it matters

    The ARN takes in resources of services that nobody had in mind, those that
    AWS will name so included. An action works on the resources of its own
    service, so that the service can always be written out.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "codecommit:Get*",
        "Resource": "arn:aws:*code*:us-east-1:111122223333:demo"
                             ^^^^^^ the service is a wildcard
      }
    }
    ```

    The wildcards of a region, an account or a name are another matter.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "codecommit:Get*",
        "Resource": "arn:aws:codecommit:*:111122223333:demo-*"
      }
    }
    ```

    ## References

    - [Amazon Resource Names](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)
    - [Access Analyzer: wildcard in service name](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for resource in (*statement.resources, *statement.not_resources):
        fields = resource.text.split(":", 3)
        if len(fields) > 3 and fields[0] == "arn" and ("*" in fields[2] or "?" in fields[2]):
            is_refused = context.policy.kind in SAVED_BY_IAM
            start = len(fields[0]) + len(fields[1]) + 2
            yield Finding(
                resource.at,
                "the service is a wildcard",
                part=(start, start + len(fields[2])),
                why="IAM does not save it: `Resource vendor must be fully qualified`" if is_refused else "",
                severity=Severity.HIGH if is_refused else None,
                confidence=Confidence.MEDIUM if is_refused else None,
                help="write the service out, one ARN for each",
            )
