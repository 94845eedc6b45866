import re
from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, PolicyKind, Severity, Statement, rule

_ACCOUNT = re.compile(r"(\d{12})|arn:[\w-]+:iam::(\d{12}):root")

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
NARROWING = frozenset(
    (
        "sts:externalid",
        "sts:sourceidentity",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principaltype",
        "aws:userid",
        "aws:multifactorauthpresent",
        "aws:multifactorauthage",
    )
)


@rule(
    "IAM514",
    on=Statement,
    severity=Severity.LOW,
    confidence=Confidence.LOW,
    kinds=(PolicyKind.TRUST,),
    needs=("Allow", "Principal"),
    pedantic=True,
)
def account_without_external_id(statement: Statement, context: Context) -> Iterator[Finding]:
    """A whole account is trusted without a further condition.

    ## Why it matters

    Whom an account lets assume the role is for its administrators to say. If
    it is somebody else's, one who serves other customers too, they may be
    talked into using your role for a stranger: the external id, which they
    choose for each customer, prevents that. If it is yours, every principal
    there with `sts:AssumeRole` on `*` can assume the role: name roles instead.

    Whose account it is cannot be seen from a policy, so this is reported only
    with `--pedantic`.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ all of account `444455556666` is trusted, on no further condition
        "Action": "sts:AssumeRole"
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
        "Condition": {"StringEquals": {"sts:ExternalId": "a1b2c3d4"}}
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:role/deployer"},
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ## References

    - [Access to AWS accounts owned by third parties](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html)
    - [The confused deputy problem](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html)
    """
    if not statement.allows or not statement.applies_to_action("sts:AssumeRole"):
        return
    if statement.condition_keys() & NARROWING or any(
        key.startswith("aws:principaltag/") for key in statement.condition_keys()
    ):
        return
    for entry in statement.principals:
        account = _ACCOUNT.fullmatch(entry.value)
        if account and entry.type == "AWS" and not entry.bare and not _is_of_instances(context.policy):
            yield Finding(
                entry.at,
                f"all of account `{account[1] or account[2]}` is trusted, on no further condition",
                help="if it is a third party's, require `sts:ExternalId`; if it is yours, name the roles",
            )


def _is_of_instances(trust: Policy) -> bool:
    """Whether EC2 is trusted beside it: that others have its role is another rule's."""
    entries = (entry for statement in trust.statements for entry in statement.principals)
    return any(entry.type == "Service" and entry.value.startswith("ec2.amazonaws.com") for entry in entries)
