import re
from collections.abc import Iterator

from iamlint.rule import Context, Finding, Fix, PolicyKind, Related, Severity, Statement, remove, rule

_ROLE = re.compile(r"arn:([\w-]+):iam::(\d{12}):role/(?:.*/)?([^/]+)")
_SESSION = re.compile(r"arn:([\w-]+):(?:sts|iam)::(\d{12}):assumed-role/([^/]+)/.+")


@rule(
    "IAM520",
    on=Statement,
    severity=Severity.LOW,
    kinds=(PolicyKind.TRUST,),
    needs="Principal",
    aws="REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY",
)
def session_of_trusted_role(statement: Statement, _: Context) -> Iterator[Finding]:
    """Role and one of its sessions are both trusted.

    ## Why it matters

    A role as a principal stands for all of its sessions, so naming one adds
    nothing. It reads like a limit that is not there. All it can do is let that
    session past the role's own permissions boundary, which limits what a
    policy grants to the role, but not what it grants to a session by name.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {
          "AWS": [
            "arn:aws:iam::111122223333:role/service/app",
            "arn:aws:sts::111122223333:assumed-role/app/session1"
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `arn:aws:iam::111122223333:role/service/app` covers all of its sessions
          ]
        },
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {
          "AWS": [
            "arn:aws:iam::111122223333:role/service/app"
          ]
        },
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ## References

    - [Role session principals](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-role-session)
    - [Permissions boundaries and resource-based policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-eval-logic)
    - [Access Analyzer: redundant principal in role trust policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    entries = [(entry, _SESSION.fullmatch(entry.value)) for entry in statement.principals]
    roles = {match.groups(): entry for entry in statement.principals if (match := _ROLE.fullmatch(entry.value))}
    for entry, session in entries:
        role = roles.get(session.groups()) if session else None
        if role:
            yield Finding(
                entry.at,
                f"`{role}` covers all of its sessions",
                related=(Related(role.at, "the role"),),
                fix=Fix.tightening("Remove the session", remove(entry.at)),
            )
