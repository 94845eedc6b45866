import re
from collections.abc import Iterator

from iamlint.rule import Context, Finding, PolicyKind, PrincipalEntry, Severity, Statement, is_computed, rule

_ACCOUNT = re.compile(r"(\d{12})|arn:[\w-]+:iam::(\d{12}):root")
_WITHIN = re.compile(r"arn:[\w-]+:(?:iam|sts)::(\d{12}):(?:role|user|assumed-role|federated-user)/.+")
_ROLE = re.compile(r"arn:[\w-]+:iam::(\d{12}):role/(?:.*/)?([^/]+)")
_SESSION = re.compile(r"arn:[\w-]+:sts::(\d{12}):assumed-role/([^/]+)/.+")


@rule("IAM530", on=Statement, severity=Severity.LOW, kinds=(PolicyKind.RESOURCE,), needs=("Deny", "NotPrincipal"))
def not_principal_deny(statement: Statement, _: Context) -> Iterator[Finding]:
    """Everyone but the listed principals is denied, and some of those as well.

    ## Why it matters

    A request of a role is one of its account, of the role and of the session:
    `NotPrincipal` with `Deny` spares it only if it lists all three. And it
    always denies those who have a permissions boundary, listed or not. AWS
    advises against it: a condition on `aws:PrincipalArn` does the same without
    the traps.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:user/alice"},
                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `arn:aws:iam::111122223333:user/alice` is denied as well
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "NotPrincipal": {"AWS": ["111122223333", "arn:aws:iam::111122223333:role/reader"]},
                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `arn:aws:iam::111122223333:role/reader` is denied as well
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "NotPrincipal": {"AWS": ["111122223333", "arn:aws:iam::111122223333:user/alice"]},
        ^^^^^^^^^^^^^^ whoever has a permissions boundary is denied, even if listed here
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/reader"}}
      }
    }
    ```

    ## References

    - [NotPrincipal with Deny](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html)
    - [Permissions boundaries and NotPrincipal](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html)
    """
    entries = statement.not_principals
    if not entries or any(is_computed(entry.value) or entry.is_anyone for entry in entries):
        return
    denied = [finding for entry in entries for finding in _denied(entry, entries)]
    yield from denied or [
        Finding(
            statement.element_at("NotPrincipal"),
            "whoever has a permissions boundary is denied, even if listed here",
            on_key=True,
            help="deny `*` on the condition that `aws:PrincipalArn` is none of these",
        )
    ]


def _denied(entry: PrincipalEntry, listed: tuple[PrincipalEntry, ...]) -> Iterator[Finding]:
    """That a listed principal is denied all the same."""
    parts = _WITHIN.fullmatch(entry.value)
    if parts is None:
        return
    accounts = {match[1] or match[2] for each in listed if (match := _ACCOUNT.fullmatch(each.value))}
    roles = {match.groups() for each in listed if (match := _ROLE.fullmatch(each.value))}
    sessions = {match.groups() for each in listed if (match := _SESSION.fullmatch(each.value))}
    lacking = ["its account"] if parts[1] not in accounts else []
    role, session = _ROLE.fullmatch(entry.value), _SESSION.fullmatch(entry.value)
    if role and role.groups() not in sessions:
        lacking.append("its sessions")
    if session and session.groups() not in roles:
        lacking.append("its role")
    if lacking:
        yield Finding(
            entry.at,
            f"`{entry}` is denied as well",
            why=f"{' and '.join(lacking)} would have to be listed too",
            help="deny `*` on the condition that `aws:PrincipalArn` is none of these",
            severity=Severity.MEDIUM,
        )
