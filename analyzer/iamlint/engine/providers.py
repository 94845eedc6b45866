"""Shared identity providers: those with which anyone can get a token, and the claims that tell their tenants apart."""

import re
from collections.abc import Mapping

TENANT_CLAIMS: Mapping[str, str] = {
    "agent.buildkite.com": "sub",
    "api.pulumi.com/oidc": "aud",
    "app.terraform.io": "sub",
    "cognito-identity.amazonaws.com": "aud",
    "gitlab.com": "sub",
    "oidc-configuration.audit-log.githubusercontent.com": "sub",
    "oidc.codefresh.io": "sub",
    "oidc.vercel.com": "aud",
    "proidc.upbound.io": "sub",
    "sandboxes.cloud": "aud",
    "scalr.io": "sub",
    "studio.datachain.ai/api": "sub",
    "token.actions.githubusercontent.com": "sub",
    "tokens.cloud.shisho.dev": "sub",
    "vstoken.actions.githubusercontent.com": "sub",
}
"""The claim by which IAM tells the customers of a provider apart.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
"""
_OF_CONSUMERS: Mapping[str, tuple[str, ...]] = {
    "accounts.google.com": ("aud", "oaud", "sub"),
    "graph.facebook.com": ("app_id", "id"),
    "www.amazon.com": ("app_id", "user_id"),
}
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif"""
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
_COGNITO = re.compile(r"cognito-identity[a-z0-9.-]*\.amazonaws\.com(\.cn)?")


def is_shared(provider: str) -> bool:
    """Whether anyone can get a token of an identity provider, given as in a Principal element.

    A SAML provider, and an OIDC provider that is the user's own, such as that of a cluster, is not.
    """
    issuer = (provider.partition(":oidc-provider/")[2] or provider).lower()
    return issuer in TENANT_CLAIMS or issuer in _OF_CONSUMERS or _COGNITO.fullmatch(issuer) is not None


def is_tenant_claim(key: str) -> bool:
    """Whether a condition key, in lower case, is a claim of a shared provider that names a tenant."""
    issuer, _, claim = key.rpartition(":")
    if issuer in _OF_CONSUMERS:
        return claim in _OF_CONSUMERS[issuer]
    if _COGNITO.fullmatch(issuer):
        return claim in ("aud", "sub")
    return issuer in TENANT_CLAIMS and (claim == TENANT_CLAIMS[issuer] or claim in _OTHER_CLAIMS)
