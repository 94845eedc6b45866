import re
from collections.abc import Iterator

from iamlint.rule import Context, Finding, Fix, PolicyKind, Severity, Statement, is_computed, replace, rule

ODD = re.compile(r"[^A-Za-z0-9]+")


@rule(
    "IAM014",
    on=Statement,
    severity=Severity.HIGH,
    needs="Sid",
    kinds=(PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SESSION),
    aws="UNSUPPORTED_SID",
    parliament="INVALID_SID",
)
def invalid_sid(statement: Statement, context: Context) -> Iterator[Finding]:
    """The Sid has other characters than letters and digits.

    ## Why it matters

    IAM rejects an identity policy with such a Sid. The resource policies of
    some services take blanks and hyphens, so a Sid copied from a bucket policy
    may fail here.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Sid": "allow-read of reports",
                     ^ a Sid has only letters and digits
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Sid": "AllowReadOfReports",
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Sid": "allow-read of reports",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Sid](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html)
    """
    sid = statement.sid
    odd = ODD.search(sid) if sid else None
    if sid is None or odd is None or is_computed(sid):
        return
    at = statement.element_at("Sid")
    plain = "".join(word[0].upper() + word[1:] for word in ODD.split(sid) if word)
    free = plain and plain not in {other.sid for other in context.policy.statements}
    yield Finding(
        at,
        "a Sid has only letters and digits",
        why="IAM rejects the policy",
        help=f"write `{plain}`" if plain else "",
        part=odd.span(),
        fix=Fix.safely(f"Rename it to {plain}", replace(at, plain)) if free else None,
    )
