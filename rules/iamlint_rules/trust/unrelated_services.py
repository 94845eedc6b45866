from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, PolicyKind, Related, Severity, Statement, rule

# Services in which code runs with the role, each for itself. What belongs together has the same word.
KINDS = {
    "ec2.amazonaws.com": "machines",
    "ec2.amazonaws.com.cn": "machines",
    "ecs-tasks.amazonaws.com": "machines",
    "lambda.amazonaws.com": "functions",
    "codebuild.amazonaws.com": "builds",
}


@rule(
    "IAM574",
    on=Statement,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    kinds=(PolicyKind.TRUST,),
    needs=("Allow", "Principal"),
)
def unrelated_services(statement: Statement, _: Context) -> Iterator[Finding]:
    """One role serves machines, functions or builds alike.

    ## Why it matters

    A role has to have all the permissions that any of its users needs. When
    instances and functions share one, each has the other's permissions too,
    and who takes over the weaker of them has both. Roles cost nothing.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]},
                                  ------------------- the other
                                                       ^^^^^^^^^^^^^^^^^^^^^^ `lambda.amazonaws.com` shares the role of `ec2.amazonaws.com`
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]},
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ## References

    - [Security best practices in IAM: least privilege](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    - [Lambda execution role](https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html)
    """
    found = {KINDS[entry.value]: entry for entry in reversed(statement.principals) if entry.value in KINDS}
    if len(found) > 1:
        *others, first = found.values()
        yield Finding(
            others[0].at,
            f"`{others[0]}` shares the role of `{first}`",
            why="each has the permissions that only the other needs",
            help="give each a role of its own",
            related=(Related(first.at, "the other"),),
        )
