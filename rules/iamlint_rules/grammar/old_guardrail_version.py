from collections.abc import Iterator

from iamlint.rule import ROOT, Context, Finding, Fix, Policy, PolicyKind, Severity, replace, rule

OLD, NEW = "2008-10-17", "2012-10-17"


@rule("IAM034", on=Policy, severity=Severity.MEDIUM, kinds=(PolicyKind.SCP, PolicyKind.RCP))
def old_guardrail_version(policy: Policy, _: Context) -> Iterator[Finding]:
    """A service or resource control policy is of the old version.

    ## Why it matters

    AWS Organizations requires `2012-10-17` in SCPs and RCPs. By the older
    version, which IAM still takes, policy variables would be plain text.

    ## Examples

    ```json bad scp
    {
      "Version": "2008-10-17",
                 ^^^^^^^^^^^^ an SCP is of version `2012-10-17`
      "Statement": {"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}
    }
    ```

    ## References

    - [SCP syntax: Version element](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html)
    - [RCP syntax: Version element](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html#rcp-syntax-version)
    """
    if policy.version == OLD:
        at = ROOT / "Version"
        yield Finding(
            at,
            f"an {policy.kind.value.upper()} is of version `{NEW}`",
            why="AWS Organizations requires it",
            fix=Fix.risky(f"Set the version to {NEW}", replace(at, NEW)),
        )
