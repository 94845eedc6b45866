from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Policy, PolicyKind, PrincipalEntry, Related, Severity, rule

EC2 = ("ec2.amazonaws.com", "ec2.amazonaws.com.cn")


@rule(
    "IAM706",
    on=Policy,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    kinds=(PolicyKind.TRUST,),
    needs=("Allow", "Principal"),
)
def instance_role_of_people(policy: Policy, _: Context) -> Iterator[Finding]:
    """Role of EC2 instances may be assumed by others too.

    ## Why it matters

    An instance needs `ec2.amazonaws.com` in its role's trust policy and nothing
    else. Who else is trusted gets the permissions of the program, and the log
    shows both under one role. Often it is left over from trying things out.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
                                                     ------------------- the role of instances
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sts:AssumeRole"}
                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a role of EC2 instances may be assumed by all of account 111122223333
      ]
    }
    ```

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {
          "Service": "ec2.amazonaws.com",
                     ------------------- the role of instances
          "AWS": "arn:aws:iam::111122223333:user/alice"
                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a role of EC2 instances may be assumed by `user/alice`
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
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ## References

    - [IAM roles for Amazon EC2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html)
    """
    entries = [entry for statement in policy.statements if statement.allows for entry in statement.principals]
    instances = next((entry for entry in entries if entry.type == "Service" and entry.value in EC2), None)
    for entry in entries if instances else ():
        who = _who(entry)
        if instances and who:
            yield Finding(
                entry.at,
                f"a role of EC2 instances may be assumed by {who}",
                help="make a role of its own for it",
                related=(Related(instances.at, "the role of instances"),),
            )


def _who(entry: PrincipalEntry) -> str:
    """A caller that the trust policy names; empty for services, for everyone and for what is no name."""
    fields = entry.value.split(":", 5)
    if entry.type != "AWS" or "*" in entry.value:
        return ""
    if entry.value.isdigit():
        return f"all of account {entry.value}"
    if len(fields) < 6:
        return ""
    return f"all of account {fields[4]}" if fields[5] == "root" else f"`{fields[5]}`"
