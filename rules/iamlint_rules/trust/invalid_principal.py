import re
from collections.abc import Iterator

from iamlint.rule import (
    Confidence,
    Context,
    Edit,
    Finding,
    Fix,
    PolicyKind,
    PrincipalEntry,
    Severity,
    Statement,
    is_computed,
    rename,
    replace,
    rule,
)

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
_AWS = re.compile(
    r"\*|\d{12}|arn:[\w-]+:iam::\d{12}:(root|user/.+|role/.+)|arn:[\w-]+:iam::cloudfront:user/.+"
    r"|arn:[\w-]+:sts::\d{12}:(assumed-role/[^/]+/.+|federated-user/.+)"
)
_UNIQUE_ID = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,}")

_OTHER_TYPES = (
    ("Service", "a service", re.compile(r"[\w.-]+\.amazonaws\.com(\.cn)?")),
    ("Federated", "an identity provider", re.compile(r"arn:[\w-]+:iam::\d{12}:(saml|oidc)-provider/.+")),
    ("CanonicalUser", "a canonical user id", re.compile(r"[0-9a-f]{64}")),
)
_NOT_PRINCIPALS = (
    (re.compile(r"arn:[\w-]+:iam::\d{12}:group/.+"), "a group cannot be a principal"),
    (re.compile(r"arn:[\w-]+:iam::\d{12}:instance-profile/.+"), "an instance profile cannot be a principal"),
)


@rule(
    "IAM503",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.RESOURCE, PolicyKind.TRUST, PolicyKind.VPC_ENDPOINT),
    aws="INVALID_PRINCIPAL_FORMAT",
    parliament="UNKNOWN_PRINCIPAL",
)
def invalid_principal(statement: Statement, _: Context) -> Iterator[Finding]:
    """Principal is not written as AWS wants it.

    ## Why it matters

    AWS rejects the policy. A principal is `"*"` or an object that tells its
    type: `{"AWS": …}` for an account, role, user or session, `{"Service": …}`,
    `{"Federated": …}` or `{"CanonicalUser": …}`.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": "111122223333",
                     ^^^^^^^^^^^^^^ a principal other than `*` needs its type
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "111122223333"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "ec2.amazonaws.com"},
                             ^^^^^^^^^^^^^^^^^^^ a service is of the type `Service`, not `AWS`
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": "sts:AssumeRole"
      }
    }
    ```

    Not everything with an ARN can be a principal, and account ids have twelve
    digits.

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {
          "AWS": [
            "arn:aws:iam::111122223333:group/developers",
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a group cannot be a principal
            "11112222333"
            ^^^^^^^^^^^^^ an account id has 12 digits, and this 11
          ]
        },
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {
          "AWS": [
            "111122223333",
            "arn:aws:iam::111122223333:role/service/reader",
            "arn:aws:sts::111122223333:assumed-role/reader/session"
          ]
        },
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ## References

    - [AWS JSON policy elements: Principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html)
    - [Access Analyzer: invalid principal format](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for entry in (*statement.principals, *statement.not_principals):
        if entry.type != "AWS" or entry.value == "*" or is_computed(entry.value):
            continue
        if entry.bare:
            yield _untyped(entry)
        elif not _AWS.fullmatch(entry.value) and not _UNIQUE_ID.fullmatch(entry.value) and not _is_pattern(entry):
            yield _unknown(entry, statement)


def _is_pattern(entry: PrincipalEntry) -> bool:
    return "*" in entry.value or "?" in entry.value


def _untyped(entry: PrincipalEntry) -> Finding:
    type_ = _type(entry.value)
    wanted = f'`{{"{type_ or "AWS"}": "{entry.value}"}}`'
    fix = Fix.risky("Tell the type", replace(entry.at, {type_: entry.value})) if type_ else None
    return Finding(
        entry.at, "a principal other than `*` needs its type", why="AWS rejects it", help=f"write {wanted}", fix=fix
    )


def _type(value: str) -> str | None:
    if _AWS.fullmatch(value):
        return "AWS"
    return next((type_ for type_, _, pattern in _OTHER_TYPES if pattern.fullmatch(value)), None)


def _unknown(entry: PrincipalEntry, statement: Statement) -> Finding:
    digits = entry.value.replace("-", "")
    if digits.isdigit():
        return _miscounted(entry, digits)
    for type_, what, pattern in _OTHER_TYPES:
        if pattern.fullmatch(entry.value):
            message = f"{what} is of the type `{type_}`, not `AWS`"
            return Finding(entry.at, message, why="AWS rejects it", aws=(), fix=_retyped(entry, type_, statement))
    for pattern, message in _NOT_PRINCIPALS:
        if pattern.fullmatch(entry.value):
            return Finding(entry.at, message, why="AWS rejects it", help="name the roles or users", aws=())
    help_ = "name an account, role, user or session"
    return Finding(entry.at, f"`{entry}` is no AWS principal", help=help_, confidence=Confidence.MEDIUM, aws=())


def _miscounted(entry: PrincipalEntry, digits: str) -> Finding:
    if len(digits) == 12:
        fix = Fix.risky("Remove the hyphens", replace(entry.at, digits))
        return Finding(entry.at, "an account id is written without hyphens", aws=(), fix=fix)
    return Finding(entry.at, f"an account id has 12 digits, and this {len(digits)}", why="AWS rejects it", aws=())


def _retyped(entry: PrincipalEntry, type_: str, statement: Statement) -> Fix | None:
    """Rename `AWS`, where it holds nothing else and the right type is not there yet."""
    element = entry.at.parent
    principal = statement.raw.get(element.last)
    if not isinstance(principal, dict) or type_ in principal:
        return None
    edit: Edit = rename(entry.at, type_)
    return Fix.risky(f"Put it under `{type_}`", edit)
