"""Shared identity providers: those with which anyone can get a token, and the claims that tell their tenants apart."""

import re
from collections.abc import Mapping

TENANT_CLAIMS: Mapping[str, str] = {
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
"""The claims by which IAM tells the customers of a provider apart, with blanks between them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
"""
_OTHER_CLAIMS = frozenset(
    [
        "sub",
        "repository",
        "repository_id",
        "repository_owner_id",
        "enterprise_id",
        "job_workflow_ref",
        "namespace_id",
        "project_id",
        "organization_id",
        "organization_slug",
        "pipeline_id",
        "cluster_id",
    ]
)
"""Claims of shared providers that name a tenant as well.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
"""
_OF_CONSUMERS = frozenset(["accounts.google.com", "graph.facebook.com", "www.amazon.com"])
"""Providers whose tokens have none of the other claims."""
_COGNITO = re.compile(r"cognito-identity[a-z0-9.-]*\.amazonaws\.com(\.cn)?")


def is_shared(provider: str) -> bool:
    """Whether anyone can get a token of an identity provider, given as in a Principal element.

    A SAML provider, and an OIDC provider that is the user's own, such as that of a cluster, is not.
    """
    issuer = (provider.partition(":oidc-provider/")[2] or provider).lower()
    return issuer in TENANT_CLAIMS or _COGNITO.fullmatch(issuer) is not None


def is_tenant_claim(key: str) -> bool:
    """Whether a condition key, in lower case, is a claim of a shared provider that names a tenant."""
    issuer, _, claim = key.rpartition(":")
    if _COGNITO.fullmatch(issuer):
        return claim in ("aud", "sub")
    if issuer in _OF_CONSUMERS:
        return claim in TENANT_CLAIMS[issuer].split()
    return issuer in TENANT_CLAIMS and (claim in TENANT_CLAIMS[issuer].split() or claim in _OTHER_CLAIMS)
