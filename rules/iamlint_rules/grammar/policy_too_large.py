from collections.abc import Iterator, Mapping
from typing import NamedTuple

from iamlint.rule import ROOT, Confidence, Context, Finding, Policy, PolicyKind, Severity, rule


class Quota(NamedTuple):
    """A limit, who has it, and AWS's issue code where it is the one that AWS checks."""

    most: int
    what: str
    aws: str = ""
    severity: Severity = Severity.HIGH
    confidence: Confidence = Confidence.HIGH
    help: str = ""


IDENTITY = "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA"
TRUST = "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA"
RESOURCE = "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA"
RAISE = "split the policy, or ask for a higher quota (up to 8,192)"
INLINE = "as an inline policy of a role it may just fit; a managed one must be split"
ANY = Quota(10_240, "an identity policy", IDENTITY)
MANAGED = Quota(6_144, "a managed policy", "", Severity.INFO, Confidence.MEDIUM, INLINE)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
QUOTAS: Mapping[PolicyKind, tuple[Quota, ...]] = {
    PolicyKind.IDENTITY: (ANY, MANAGED),
    PolicyKind.BOUNDARY: (ANY, Quota(6_144, "a permissions boundary, which is a managed policy")),
    PolicyKind.SESSION: (ANY, Quota(2_048, "a session policy")),
    PolicyKind.TRUST: (
        Quota(8_192, "a trust policy", TRUST),
        Quota(2_048, "a trust policy", TRUST, Severity.MEDIUM, Confidence.HIGH, RAISE),
    ),
    PolicyKind.SCP: (Quota(10_240, "an SCP", "POLICY_SIZE_EXCEEDS_SCP_QUOTA"),),
    PolicyKind.RCP: (Quota(5_120, "an RCP", "POLICY_SIZE_EXCEEDS_RCP_QUOTA"),),
    PolicyKind.VPC_ENDPOINT: (Quota(20_480, "an endpoint policy", RESOURCE),),
}
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html and the pages of PutKeyPolicy, PutResourcePolicy
# and AddPermission.
SERVICES = {"s3": 20_480, "kms": 32_768, "secretsmanager": 20_480, "lambda": 20_480}


@rule(
    "IAM017",
    on=Policy,
    severity=Severity.HIGH,
    aws=(
        "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA",
        "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA",
        "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA",
        "POLICY_SIZE_EXCEEDS_SCP_QUOTA",
        "POLICY_SIZE_EXCEEDS_RCP_QUOTA",
    ),
)
def policy_too_large(policy: Policy, _: Context) -> Iterator[Finding]:
    """The policy has more characters than AWS takes.

    ## Why it matters

    AWS rejects it. Blanks between the elements do not count in IAM: a managed
    policy has at most 6,144 other characters, the inline policies of a user
    2,048, of a group 5,120 and of a role 10,240 together. A trust policy has
    2,048 unless the quota was raised, an SCP 10,240, an RCP 5,120, a bucket
    policy 20,480 and a key policy 32,768.

    ## Examples

    ```json bad trust
    {
    ^ the policy has 2,263 characters, a trust policy at most 2,048
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {
          "AWS": [
            "arn:aws:iam::111122223333:role/service-role/deploy-eu-west-1-execution-role-for-deploy",
            "arn:aws:iam::111122223333:role/service-role/backup-eu-west-1-execution-role-for-backup",
            "arn:aws:iam::111122223333:role/service-role/audit-eu-west-1-execution-role-for-audit",
            "arn:aws:iam::111122223333:role/service-role/reports-eu-west-1-execution-role-for-reports",
            "arn:aws:iam::111122223333:role/service-role/billing-eu-west-1-execution-role-for-billing",
            "arn:aws:iam::111122223333:role/service-role/ingest-eu-west-1-execution-role-for-ingest",
            "arn:aws:iam::111122223333:role/service-role/export-eu-west-1-execution-role-for-export",
            "arn:aws:iam::111122223333:role/service-role/archive-eu-west-1-execution-role-for-archive",
            "arn:aws:iam::111122223333:role/service-role/monitor-eu-west-1-execution-role-for-monitor",
            "arn:aws:iam::111122223333:role/service-role/release-eu-west-1-execution-role-for-release",
            "arn:aws:iam::111122223333:role/service-role/staging-eu-west-1-execution-role-for-staging",
            "arn:aws:iam::111122223333:role/service-role/nightly-eu-west-1-execution-role-for-nightly",
            "arn:aws:iam::444455556666:role/service-role/deploy-eu-west-1-execution-role-for-deploy",
            "arn:aws:iam::444455556666:role/service-role/backup-eu-west-1-execution-role-for-backup",
            "arn:aws:iam::444455556666:role/service-role/audit-eu-west-1-execution-role-for-audit",
            "arn:aws:iam::444455556666:role/service-role/reports-eu-west-1-execution-role-for-reports",
            "arn:aws:iam::444455556666:role/service-role/billing-eu-west-1-execution-role-for-billing",
            "arn:aws:iam::444455556666:role/service-role/ingest-eu-west-1-execution-role-for-ingest",
            "arn:aws:iam::444455556666:role/service-role/export-eu-west-1-execution-role-for-export",
            "arn:aws:iam::444455556666:role/service-role/archive-eu-west-1-execution-role-for-archive",
            "arn:aws:iam::444455556666:role/service-role/monitor-eu-west-1-execution-role-for-monitor",
            "arn:aws:iam::444455556666:role/service-role/release-eu-west-1-execution-role-for-release",
            "arn:aws:iam::444455556666:role/service-role/staging-eu-west-1-execution-role-for-staging",
            "arn:aws:iam::444455556666:role/service-role/nightly-eu-west-1-execution-role-for-nightly"
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
        "Principal": {"AWS": ["111122223333", "444455556666"]},
        "Action": "sts:AssumeRole",
        "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/service-role/*"}}
      }
    }
    ```

    ## References

    - [IAM and AWS STS quotas](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)
    - [Quotas and service limits for AWS Organizations](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html)
    """
    size = _size(policy.raw)
    for quota in _quotas(policy):
        if size > quota.most:
            yield Finding(
                ROOT,
                f"the policy has {size:,} characters, {quota.what} at most {quota.most:,}",
                why="AWS rejects it",
                help=quota.help or "split the policy, or merge what repeats",
                severity=quota.severity,
                confidence=quota.confidence,
                aws=(quota.aws,) if quota.aws else (),
            )
            return


def _size(raw: object) -> int:
    """The characters of the document without blanks between its tokens; a value not known yet counts little."""
    import json  # noqa: PLC0415 - the readers have it loaded anyway

    return len(json.dumps(raw, separators=(",", ":"), ensure_ascii=False, default=str))


def _quotas(policy: Policy) -> tuple[Quota, ...]:
    if policy.kind is PolicyKind.IDENTITY and (policy.address or "").startswith(("role/", "aws_iam_role_policy.")):
        return (ANY,)  # inline, so none that is managed
    if policy.kind is not PolicyKind.RESOURCE:
        return QUOTAS[policy.kind]
    most = SERVICES.get(policy.service or "")
    sure = Confidence.HIGH if most else Confidence.MEDIUM
    return (Quota(most or 20_480, "such a policy", RESOURCE, Severity.HIGH, sure),)
