from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, PolicyKind, Severity, Statement, rule

# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
KEYS = ("aws:multifactorauthpresent", "aws:multifactorauthage")


@rule(
    "IAM578",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.TRUST, PolicyKind.RESOURCE),
    needs=("Allow", "Principal", "Condition"),
)
def impossible_mfa(statement: Statement, _: Context) -> Iterator[Finding]:
    """MFA is demanded of those who have none.

    ## Why it matters

    The MFA keys tell whether a user of IAM showed a device. A service has no
    device, and for users of an identity provider it is the provider that asks
    for one: in their requests the keys are absent. With the condition they
    are never let in.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `ec2.amazonaws.com` never has `aws:MultiFactorAuthPresent`
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
        "Action": "sts:AssumeRole",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
      }
    }
    ```

    ## References

    - [aws:MultiFactorAuthPresent](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent)
    - [Comparing STS credentials: MFA support](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html)
    """
    types = {entry.type for entry in statement.principals}
    if not types or not types <= {"Service", "Federated"}:
        return
    for condition in statement.conditions:
        if condition.key_lower in KEYS and condition.operator.known and not condition.holds_when_absent:
            yield Finding(
                condition.at,
                f"`{statement.principals[0]}` never has `{condition.key}`",
                on_key=True,
                why="the key is absent when it calls, so it is never let in",
                help="remove the condition; an identity provider asks for MFA itself",
                confidence=Confidence.HIGH if types == {"Service"} else Confidence.MEDIUM,
            )
