import re
from collections.abc import Iterator
from typing import NamedTuple

from iamlint.rule import (
    Condition,
    ConditionValue,
    Context,
    Finding,
    PolicyKind,
    Severity,
    Statement,
    is_computed,
    rule,
)


class Form(NamedTuple):
    """How a claim begins: some words, the customer's name, and what ends it (nothing if the name is all)."""

    claim: str
    begin: str
    end: str
    who: str = "strangers"


# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
# https://docs.gitlab.com/ci/cloud_services/aws/
# https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration
# https://buildkite.com/docs/pipelines/security/oidc/aws
# https://vercel.com/docs/oidc/aws
FORMS = {
    "agent.buildkite.com": Form("sub", "organization:", ":"),
    "app.terraform.io": Form("sub", "organization:", ":"),
    "gitlab.com": Form("sub", "project_path:", "/"),
    "oidc.codefresh.io": Form("sub", "account:", ":"),
    "oidc.vercel.com": Form("aud", "https://vercel.com/", ""),
    "scalr.io": Form("sub", "account:", ":"),
}
CLUSTER = Form("sub", "system:serviceaccount:", "", "pods of any namespace")
_CLUSTER = re.compile(r"oidc\.eks\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/id/\w+")
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
OTHERS = ("namespace_id", "project_id", "organization_id", "organization_slug", "pipeline_id", "cluster_id", "owner_id")


@rule(
    "IAM575",
    on=Statement,
    severity=Severity.CRITICAL,
    kinds=(PolicyKind.TRUST,),
    needs=("Allow", "Principal", "Condition"),
    aws="WILDCARD_USAGE_TOO_PERMISSIVE",
)
def loose_oidc_subject(statement: Statement, _: Context) -> Iterator[Finding]:
    """Wildcard in the name of the customer lets in others.

    ## Why it matters

    The subject that GitLab, Terraform or Buildkite sign begins with your name
    with them. A wildcard before that name ends lets in everyone whose name
    begins alike, and names are free to take. Wildcards after it, for your own
    projects and branches, are yours to judge. In an EKS cluster, it is the
    namespace that must be told.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/app.terraform.io"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
          "StringEquals": {"app.terraform.io:aud": "aws.workload.identity"},
          "StringLike": {"app.terraform.io:sub": "organization:example*"}
                                                                      ^ strangers can fit this
        }
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/app.terraform.io"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
          "StringEquals": {"app.terraform.io:aud": "aws.workload.identity"},
          "StringLike": {"app.terraform.io:sub": "organization:example:project:*:workspace:*:run_phase:*"}
        }
      }
    }
    ```

    ## References

    - [Identity-provider controls for shared OIDC providers](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html)
    - [IAM roles for service accounts](https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html)
    """
    for entry in statement.principals:
        issuer = entry.value.partition(":oidc-provider/")[2].lower()
        form = CLUSTER if _CLUSTER.fullmatch(issuer) else FORMS.get(issuer)
        if form is None or any(_pins(each, issuer) for each in statement.conditions):
            continue
        for condition in statement.conditions:
            if condition.key_lower == f"{issuer}:{form.claim}" and condition.operator.name == "StringLike":
                yield from (finding for value in condition.values for finding in _finding(value, form))


def _pins(condition: Condition, issuer: str) -> bool:
    """Whether a condition tells the customer by a claim of its own."""
    host, _, claim = condition.key_lower.rpartition(":")
    return host == issuer and claim in OTHERS and condition.operator.text == "StringEquals"


def _finding(value: ConditionValue, form: Form) -> Iterator[Finding]:
    wildcard = re.search(r"[*?]+", value.text)
    if wildcard is None or not value.text.strip("*") or is_computed(value.text[: wildcard.start()]):
        return
    before = value.text[: wildcard.start()]
    name = before.removeprefix(form.begin)
    if form is CLUSTER:
        loose = form.begin.startswith(before)
    else:
        loose = form.begin.startswith(before) or (name != before and not (form.end and form.end in name))
    if loose:
        yield Finding(
            value.at,
            f"{form.who} can fit this",
            part=wildcard.span(),
            help=f"write `{form.begin}`, the name, and only then a wildcard",
            severity=Severity.MEDIUM if form is CLUSTER else None,
            # Access Analyzer wants six characters before each wildcard.
            aws=None if any(len(run) < 6 for run in re.split(r"[*?]+", value.text)[:-1]) else (),
        )
