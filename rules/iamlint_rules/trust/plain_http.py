from collections.abc import Iterator, Mapping

from iamlint.rule import ROOT, Context, Finding, Policy, PolicyKind, Severity, Statement, rule

KEY = "aws:securetransport"

# The services that take requests by HTTP, or mount without TLS:
# https://docs.aws.amazon.com/general/latest/gr/rande.html
# https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
SERVICES = frozenset(("s3", "sqs", "sns", "elasticfilesystem"))


@rule(
    "IAM545",
    on=Policy,
    severity=Severity.LOW,
    kinds=(PolicyKind.RESOURCE,),
    needs=("Allow", "Principal"),
    pedantic=True,
)
def plain_http(policy: Policy, context: Context) -> Iterator[Finding]:
    """Requests without TLS are let in.

    ## Why it matters

    Amazon S3, SQS and SNS answer by HTTP as well as by HTTPS. What is signed
    cannot be forged on the way, but everybody on the way can read it. The AWS
    SDKs and the CLI use HTTPS unless told otherwise, so this is reported only
    with `--pedantic`; several security standards ask for the Deny.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
                   ^ what this allows may be asked for by plain HTTP
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/reader"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": {"AWS": "arn:aws:iam::111122223333:role/reader"},
          "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
        },
        {
          "Effect": "Deny",
          "Principal": "*",
          "Action": "s3:*",
          "Resource": ["arn:aws:s3:::amzn-s3-demo-bucket", "arn:aws:s3:::amzn-s3-demo-bucket/*"],
          "Condition": {"Bool": {"aws:SecureTransport": "false"}}
        }
      ]
    }
    ```

    ## References

    - [Security best practices for Amazon S3: enforce encryption of data in transit](https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html)
    - [AWS global condition context keys: aws:SecureTransport](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport)
    """
    if policy.service not in SERVICES:
        return
    for statement in policy.statements:
        if statement.allows and _is_for_callers(statement) and not _is_fenced(statement, policy, context):
            yield Finding(
                statement.at,
                "what this allows may be asked for by plain HTTP",
                help="deny everything to everyone where `aws:SecureTransport` is `false`",
            )
            return


def _is_for_callers(statement: Statement) -> bool:
    """Whether it is for others than AWS's services, which always use TLS."""
    return any(entry.type != "Service" for entry in statement.principals) or statement.has("NotPrincipal")


def _is_fenced(statement: Statement, policy: Policy, context: Context) -> bool:
    """Whether the statement itself, or a Deny beside it, takes no request without TLS."""
    if KEY in statement.condition_keys():
        return True
    denies = [other for other in policy.statements if other.denies]
    return any(KEY in other.condition_keys() for other in denies) and context.adds_nothing(
        Statement(ROOT, 0, _without_tls(statement)), denies
    )


def _without_tls(statement: Statement) -> Mapping[str, object]:
    raw = {name: value for name, value in statement.raw.items() if name not in ("Condition", "NotPrincipal", "Sid")}
    return {**raw, "Effect": "Deny", "Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
