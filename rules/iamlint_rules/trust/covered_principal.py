import re
from collections.abc import Iterator

from iamlint.rule import (
    Context,
    Finding,
    Fix,
    PolicyKind,
    PrincipalEntry,
    Related,
    Severity,
    Statement,
    remove,
    rule,
)

_ROOT = re.compile(r"arn:[\w-]+:iam::(\d{12}):root")


@rule(
    "IAM529",
    on=Statement,
    severity=Severity.LOW,
    kinds=(PolicyKind.TRUST, PolicyKind.RESOURCE),
    needs="Principal",
)
def covered_principal(statement: Statement, _: Context) -> Iterator[Finding]:
    """Principal is already there, or everyone is.

    ## Why it matters

    An account's number and the ARN of its root mean the same: the account. And
    beside `*` every other principal of type `AWS` reads like a limit that is
    not there.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": ["111122223333", "arn:aws:iam::111122223333:root"]},
                              -------------- the same
                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `111122223333` already covers it
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
        "Principal": {"AWS": ["111122223333"]},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": {"AWS": ["arn:aws:iam::111122223333:user/alice", "*"]},
                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `*` already covers it
                                                                      --- everyone
        "Action": "s3:DeleteBucket",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket"
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": {"AWS": ["*"]},
        "Action": "s3:DeleteBucket",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket"
      }
    }
    ```

    An account and one of its roles are two things: what is granted to the role
    needs no policy in its account.

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": ["111122223333", "arn:aws:iam::111122223333:role/reader"]},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ## References

    - [AWS account principals](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts)
    - [All principals](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous)
    """
    entries = statement.principals
    if len(entries) < 2:
        return
    everyone = next((entry for entry in entries if entry.is_anyone), None)
    first: dict[tuple[str, str], PrincipalEntry] = {}
    for entry in entries:
        cover = everyone if everyone and entry.type == "AWS" else first.setdefault(_key(entry), entry)
        if cover is not entry:
            yield Finding(
                entry.at,
                f"`{cover}` already covers it",
                related=(Related(cover.at, "everyone" if cover.is_anyone else "the same"),),
                fix=Fix.safely("Remove the covered principal", remove(entry.at)),
            )


def _key(entry: PrincipalEntry) -> tuple[str, str]:
    root = _ROOT.fullmatch(entry.value)
    return entry.type, root[1] if root else entry.value
