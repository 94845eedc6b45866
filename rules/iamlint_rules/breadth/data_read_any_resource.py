from collections.abc import Iterator, Mapping
from functools import lru_cache

from iamlint.rule import Arn, Confidence, Context, Finding, Pattern, PolicyKind, Related, Severity, Statement, rule

READS: Mapping[str, tuple[str, str]] = {
    "s3:GetObject": ("*/*", "every object of every bucket"),
    "s3:GetObjectVersion": ("*/*", "every object of every bucket"),
    "secretsmanager:GetSecretValue": ("secret:*", "every secret"),
    "ssm:GetParameter": ("parameter/*", "every parameter"),
    "ssm:GetParameters": ("parameter/*", "every parameter"),
    "ssm:GetParametersByPath": ("parameter/*", "every parameter"),
    "ssm:GetParameterHistory": ("parameter/*", "every parameter"),
    "dynamodb:GetItem": ("table/*", "every table"),
    "dynamodb:BatchGetItem": ("table/*", "every table"),
    "dynamodb:Query": ("table/*", "every table"),
    "dynamodb:Scan": ("table/*", "every table"),
    "kms:Decrypt": ("key/*", "what any key has encrypted"),
    "kms:ReEncryptFrom": ("key/*", "what any key has encrypted"),
    "ebs:GetSnapshotBlock": ("snapshot/*", "the disks in every snapshot"),
    "kinesis:GetRecords": ("stream/*", "every stream"),
    "sqs:ReceiveMessage": ("*", "every queue"),
    "logs:GetLogEvents": ("log-group:*", "every log"),
    "logs:FilterLogEvents": ("log-group:*", "every log"),
    "logs:StartQuery": ("log-group:*", "every log"),
    "logs:Unmask": ("log-group:*", "what logs mask"),
}
"""Actions that return data, the name under which all of their resources go, and what that is.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""
NAMES = frozenset(map(str.lower, READS))
SERVICES = frozenset(name.partition(":")[0] for name in READS)
LESS = {"logs": Severity.INFO, "sqs": Severity.LOW, "kinesis": Severity.LOW}
"""Services whose readers are many, and whose data are often harmless."""


@rule(
    "IAM406",
    on=Statement,
    severity=Severity.MEDIUM,
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
    needs=("Allow", "Action", "Resource"),
)
def data_read_any_resource(statement: Statement, context: Context) -> Iterator[Finding]:
    """Data may be read wherever it is.

    ## Why it matters

    Objects, secrets, parameters and table rows hold what the account is there
    to protect. A reader of everything is all that a thief needs, and nobody
    notices as nothing is changed.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "*"},
                                       ^^^^^^^^^ `s3:GetObject` reads every object of every bucket
                                                                           --- because of this
        {
          "Effect": "Allow",
          "Action": "secretsmanager:GetSecretValue",
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `secretsmanager:GetSecretValue` reads every secret
          "Resource": "arn:aws:secretsmanager:us-east-1:111122223333:secret:*"
                      -------------------------------------------------------- because of this
        }
      ]
    }
    ```

    A name, a prefix of one, or a condition such as `kms:ViaService` limits it.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "secretsmanager:GetSecretValue",
          "Resource": "arn:aws:secretsmanager:us-east-1:111122223333:secret:app-*"
        },
        {
          "Effect": "Allow",
          "Action": "kms:Decrypt",
          "Resource": "*",
          "Condition": {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
        }
      ]
    }
    ```

    ## References

    - [Security best practices in IAM](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
    - [Security Hub control KMS.1](https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html#kms-1)
    """
    if statement.conditions:
        return
    said = set()
    for action in statement.entries_near(NAMES):
        for name in _named(action.key):
            service, (everything, words) = name.partition(":")[0], READS[name]
            if words in said or context.policy.denies(name):
                continue
            resource = next((entry for entry in statement.resources if _is_every(entry, name, everything)), None)
            if resource:
                said.add(words)
                related = (Related(resource.at, "because of this"),)
                yield Finding(
                    action.at,
                    f"`{name}` reads {words}",
                    help="name the resources",
                    related=related,
                    severity=LESS.get(service),
                    confidence=Confidence.MEDIUM if service in LESS else None,
                )


@lru_cache(maxsize=4096)
def _named(entry: str) -> tuple[str, ...]:
    """Which of these actions an entry allows; none if it allows its whole service anyway."""
    service, _, name = entry.partition(":")
    if service not in SERVICES or not name.strip("*"):
        return ()
    return tuple(action for action in READS if Pattern(entry, fold=True).matches(action))


def _is_every(resource: Pattern, action: str, everything: str) -> bool:
    """Whether an entry takes in all resources of an action, at least of a region."""
    if resource.is_everything:
        return True
    arn = Arn.parse(resource.text)
    return arn is not None and arn.service == action.partition(":")[0] and Pattern(everything) <= Pattern(arn.resource)
