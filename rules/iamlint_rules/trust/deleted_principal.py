import re
from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, Severity, Statement, rule

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
CODES = {"AROA": ("a role", "INVALID_ROLE_REFERENCE"), "AIDA": ("a user", "INVALID_USER_REFERENCE")}
_UNIQUE_ID = re.compile(r"(AROA|AIDA)[A-Z0-9]{12,}")


@rule(
    "IAM516",
    on=Statement,
    severity=Severity.MEDIUM,
    kinds=(PolicyKind.TRUST, PolicyKind.RESOURCE, PolicyKind.VPC_ENDPOINT),
    aws=("INVALID_ROLE_REFERENCE", "INVALID_USER_REFERENCE"),
    parliament="UNKNOWN_PRINCIPAL",
)
def deleted_principal(statement: Statement, _: Context) -> Iterator[Finding]:
    """Principal is the id that a deleted role or user left behind.

    ## Why it matters

    AWS keeps the unique id of a role or user behind its ARN. When it is
    deleted, the id is what remains in the policy. It lets nobody in, not even
    a new role of the same name, and AWS does not accept it when the policy is
    saved again.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {
          "AWS": [
            "AROADBQP57FF2AEXAMPLE",
            ^^^^^^^^^^^^^^^^^^^^^^^ this is the unique id of a role, most likely a deleted one
            "AIDACKCEVSQ6C2EXAMPLE"
            ^^^^^^^^^^^^^^^^^^^^^^^ this is the unique id of a user, most likely a deleted one
          ]
        },
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:role/reader"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ## References

    - [IAM identifiers: unique identifiers](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids)
    - [Access Analyzer: invalid role reference](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for entry in (*statement.principals, *statement.not_principals):
        found = _UNIQUE_ID.fullmatch(entry.value) if entry.type == "AWS" else None
        if found:
            what, code = CODES[found[1]]
            yield Finding(
                entry.at,
                f"this is the unique id of {what}, most likely a deleted one",
                why="AWS does not save a policy with it",
                help="remove it, or write the ARN",
                aws=(code,),
            )
