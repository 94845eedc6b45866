from collections.abc import Iterator

from iamlint.rule import Context, Finding, Fix, Policy, PolicyKind, Related, Severity, is_computed, replace, rule

STRICT = (PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SESSION)


@rule(
    "IAM013",
    on=Policy,
    severity=Severity.HIGH,
    aws=("UNIQUE_SIDS_REQUIRED", "UNIQUE_SIDS_RECOMMENDED"),
    parliament="DUPLICATE_SID",
)
def duplicate_sid(policy: Policy, _: Context) -> Iterator[Finding]:
    """Two statements have the same Sid.

    ## Why it matters

    A Sid names one statement. IAM rejects an identity policy in which two
    statements share one; other kinds of policies take it, and then nobody can
    tell which of the two a log entry or a suppression means.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"},
                ------ first here
        {"Sid": "Read", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}
                ^^^^^^ `Read` is already the Sid of another statement
      ]
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"},
        {"Sid": "Read2", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}
      ]
    }
    ```

    Sids are optional; case makes a difference.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"},
        {"Sid": "read", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"},
        {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"},
        {"Effect": "Allow", "Action": "ec2:DescribeRegions", "Resource": "*"}
      ]
    }
    ```

    ## References

    - [IAM JSON policy elements: Sid](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html)
    """
    sids = [statement.sid for statement in policy.statements if statement.sid]
    taken = set(sids)
    if len(taken) == len(sids):
        return
    strict = policy.kind in STRICT
    first = {statement.sid: statement for statement in reversed(policy.statements)}
    for statement in policy.statements:
        sid = statement.sid
        if not sid or first[sid] is statement or is_computed(sid):
            continue
        free = next(f"{sid}{number}" for number in range(2, 9999) if f"{sid}{number}" not in taken)
        taken.add(free)
        yield Finding(
            statement.element_at("Sid"),
            f"`{sid}` is already the Sid of another statement",
            why="IAM rejects the policy" if strict else "",
            related=(Related(first[sid].element_at("Sid"), "first here"),),
            fix=Fix.safely(f"Rename it to {free}", replace(statement.element_at("Sid"), free)),
            severity=None if strict else Severity.LOW,
            aws=("UNIQUE_SIDS_REQUIRED" if strict else "UNIQUE_SIDS_RECOMMENDED",),
        )
