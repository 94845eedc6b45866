from collections.abc import Iterator

from iamlint.rule import ROOT, Context, Finding, Fix, Policy, Severity, is_computed, replace, rule

VERSIONS = ("2012-10-17", "2008-10-17")


@rule("IAM004", on=Policy, severity=Severity.HIGH, aws="INVALID_VERSION", parliament="INVALID_VERSION")
def invalid_version(policy: Policy, _: Context) -> Iterator[Finding]:
    """The version is none that AWS knows.

    ## Why it matters

    `Version` names the edition of the policy language, not the date of the
    policy. There are two, `2012-10-17` and `2008-10-17`; AWS rejects any other.

    ## Examples

    ```json bad
    {
      "Version": "2024-05-01",
                 ^^^^^^^^^^^^ `2024-05-01` is no version of the policy language
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

    A date of one's own fits into `Id`, or better, into version control.

    ```json good
    {
      "Version": "2012-10-17",
      "Id": "reports-2024-05-01",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Version](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html)
    """
    version = policy.version
    if version is None or version in VERSIONS or is_computed(version):
        return
    at = ROOT / "Version"
    yield Finding(
        at,
        f"`{version}` is no version of the policy language" if version else "the version is empty",
        why="AWS rejects the policy",
        help="the version of today is `2012-10-17`; it is not the date of the policy",
        fix=Fix.risky("Set the version to 2012-10-17", replace(at, VERSIONS[0])),
    )
