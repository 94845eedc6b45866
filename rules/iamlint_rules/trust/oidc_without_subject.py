import re
from collections.abc import Iterator

from iamlint.rule import (
    Condition,
    Confidence,
    Context,
    Finding,
    PolicyKind,
    PrincipalEntry,
    Severity,
    Statement,
    is_computed,
    rule,
)

# What tells one customer of a provider from the others; one of several will do, and one with a colon is a key of AWS's.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
TENANT_CLAIMS = {
    "accounts.google.com": "aud oaud sub google/organization_number",
    "agent.buildkite.com": "sub",
    "api.pulumi.com/oidc": "aud",
    "app.terraform.io": "sub",
    "cognito-identity.amazonaws.com": "aud",
    "cognito-identity-us-gov.amazonaws.com": "aud",
    "gitlab.com": "sub",
    "graph.facebook.com": "app_id id",
    "oidc-configuration.audit-log.githubusercontent.com": "sub",
    "oidc.codefresh.io": "sub",
    "oidc.op1.openshiftapps.com/2c51blsaqa9gkjt0o9rt11mle8mmropu": "sub",
    "oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb": "sub",
    "oidc.vercel.com": "aud",
    "proidc.upbound.io": "sub",
    "rh-oidc.s3.us-east-1.amazonaws.com/22ejnvnnturfmt6km08idd0nt4hekbn7": "sub",
    "rh-oidc.s3.us-east-1.amazonaws.com/23e3sd27sju1hoou6ohfs68vbno607tr": "sub",
    "rh-oidc.s3.us-east-1.amazonaws.com/23ne21h005qjl3n33d8dui5dlrmv2tmg": "sub",
    "rh-oidc.s3.us-east-1.amazonaws.com/24jrf12m5dj7ljlfb4ta2frhrcoadm26": "sub",
    "sandboxes.cloud": "aud",
    "scalr.io": "sub",
    "sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d": "sts:RoleSessionName",
    "studio.datachain.ai/api": "sub",
    "token.actions.githubusercontent.com": "sub",
    "tokens.cloud.shisho.dev": "sub",
    "vstoken.actions.githubusercontent.com": "sub",
    "www.amazon.com": "app_id user_id",
}
GITHUB = "token.actions.githubusercontent.com"
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
OTHER_TENANT_CLAIMS = (
    "repository repository_id repository_owner_id enterprise_id job_workflow_ref "
    "namespace_id project_id organization_id organization_slug pipeline_id cluster_id"
)
_CLAIM = re.compile(r"([a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[^:]*)?):[\w/.-]+")
_CLUSTER = re.compile(r"oidc\.eks\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/id/\w+")


@rule(
    "IAM511",
    on=Statement,
    severity=Severity.CRITICAL,
    kinds=(PolicyKind.TRUST,),
    needs=("Allow", "Principal", "Condition"),
    aws="MISSING_GITHUB_REPO_CONDITION_KEY",
)
def oidc_without_subject(statement: Statement, _: Context) -> Iterator[Finding]:
    """Identity provider is trusted for all of its customers.

    ## Why it matters

    GitHub, GitLab, Terraform and others sign the tokens of all their customers
    with one address: what tells yours from a stranger's is one claim, mostly
    `sub`. `aud` does not, as everybody asks for `sts.amazonaws.com`. Without a
    condition on that claim anyone with a free account can assume the role; of
    late IAM refuses to save such a policy. On an EKS cluster, it is every pod.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ any customer of `token.actions.githubusercontent.com` can assume this role
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}
      }
    }
    ```

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/gitlab.com"},
                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ any customer of `gitlab.com` can assume this role
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringLike": {"gitlab.com:sub": "*"}}
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
          "StringEquals": {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": "repo:example/reports:ref:refs/heads/main"
          }
        }
      }
    }
    ```

    ## References

    - [Identity-provider controls for shared OIDC providers](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html)
    - [IAM roles for service accounts](https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html)
    - [Access Analyzer: missing GitHub repo condition key](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    keys = statement.condition_keys()
    if any(map(is_computed, keys)):
        return
    for entry in statement.principals:
        issuer = _issuer(entry)
        wanted = _wanted(issuer)
        if wanted and any(_is_of_another(each, issuer) for each in statement.conditions):
            continue  # nobody can meet that, as another rule says
        judged = wanted and any(key.startswith((f"{issuer}:", f"{issuer}/:")) for key in keys)
        if judged and not any(_restricts(each, wanted) for each in statement.conditions):
            yield _finding(entry, issuer, wanted[0], keys)


def _issuer(entry: PrincipalEntry) -> str:
    return _spelt(entry).lower() if entry.type == "Federated" else ""


def _spelt(entry: PrincipalEntry) -> str:
    return (entry.value.partition(":oidc-provider/")[2] or entry.value).rstrip("/")


def _wanted(issuer: str) -> tuple[str, ...]:
    """The keys of which a condition must look at one."""
    claims = "sub" if _CLUSTER.fullmatch(issuer) else TENANT_CLAIMS.get(issuer, "")
    return tuple(claim if ":" in claim else f"{issuer}:{claim}" for claim in claims.split())


def _restricts(condition: Condition, keys: tuple[str, ...]) -> bool:
    """Whether a condition demands a value of one of the keys, and not just any."""
    operator = condition.operator
    unsaid = condition.holds_when_absent or operator.is_negated or operator.name == "Null"
    if condition.key_lower.replace("/:", ":") not in map(str.lower, keys) or unsaid or not condition.values:
        return False
    # That a pattern of GitHub's subjects is too wide is another rule's to say.
    github = condition.key_lower == f"{GITHUB}:sub" and operator.name == "StringLike"
    return github or all(value.text.strip("*") for value in condition.values)


def _is_of_another(condition: Condition, issuer: str) -> bool:
    """Whether a claim is demanded that a token of this issuer has not."""
    claim = _CLAIM.fullmatch(condition.key_lower)
    return claim is not None and claim[1].rstrip("/") != issuer and not condition.holds_when_absent


def _finding(entry: PrincipalEntry, issuer: str, key: str, keys: frozenset[str]) -> Finding:
    cluster = issuer not in TENANT_CLAIMS
    named = f"{_spelt(entry)}:sub" if cluster else key
    other = any(f"{issuer}:{name}" in keys for name in OTHER_TENANT_CLAIMS.split())
    codes = ("MISSING_GITHUB_REPO_CONDITION_KEY",) if issuer == GITHUB and key not in keys else ()
    message = f"any customer of `{issuer}` can assume this role"
    if cluster or other:
        message = "any pod of the cluster can assume this role" if cluster else f"no value of `{key}` is demanded"
    return Finding(
        entry.at,
        message,
        why="IAM refuses to save it" if other else f"no condition demands a value of `{named}`",
        help=f"add a condition on `{named}`",
        severity=Severity.MEDIUM if cluster or other else Severity.CRITICAL,
        confidence=Confidence.MEDIUM if other else Confidence.HIGH,
        aws=codes,
    )
