from collections.abc import Iterator

from iamlint.rule import ROOT, Context, Finding, Fix, Policy, PolicyKind, Severity, insert, rule

CURRENT = "2012-10-17"


@rule("IAM003", on=Policy, severity=Severity.LOW, aws="MISSING_VERSION", parliament="NO_VERSION")
def missing_version(policy: Policy, context: Context) -> Iterator[Finding]:
    """The policy does not say its version.

    ## Why it matters

    Without `Version` AWS reads the policy by the rules of 2008: what looks like
    a policy variable, such as `${aws:username}`, is then plain text. The first
    one added later silently does not work. SCPs and RCPs must have a version.

    ## Examples

    ```json bad
    {
    ^ the policy has no `Version`
      "Statement": {
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
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    The older version is complete, too.

    ```json good
    {
      "Version": "2008-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Version](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html)
    - [SCP syntax: Version element](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html)
    """
    if "Version" in policy.elements:
        return
    if context.is_repaired or not policy.elements or any(key[:1] in "vV" for key in policy.elements):
        return  # a slip such as `version` is an unknown element
    add = Fix.safely if _is_plain(policy.raw) else Fix.risky
    must = policy.kind in (PolicyKind.SCP, PolicyKind.RCP)
    yield Finding(
        ROOT,
        "the policy has no `Version`",
        why=f"AWS requires one in an {policy.kind.value.upper()}" if must else "AWS then reads it by the rules of 2008",
        help=f'add `"Version": "{CURRENT}"`',
        severity=Severity.MEDIUM if must else None,
        fix=add(f"Add the version {CURRENT}", insert(ROOT / "Version", CURRENT)),
    )


def _is_plain(value: object) -> bool:
    """Whether nothing in it could be a variable, so that both versions read it alike."""
    if isinstance(value, dict):
        return all(_is_plain(item) for item in value.values())
    if isinstance(value, list):
        return all(_is_plain(item) for item in value)
    return value is None or isinstance(value, (bool, int, float)) or (isinstance(value, str) and "${" not in value)
