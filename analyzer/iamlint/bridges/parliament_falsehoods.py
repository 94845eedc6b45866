"""The tests of what parliament says that is not so, one for each row of the table of doubts. Knows no reasons."""

# ruff: noqa: D103 - the rows of the table say what each test is for

import re
from collections.abc import Iterator

from iamlint.bridges.parliament_said import Said, Scene
from iamlint.policy import ConditionValue, Pattern, PolicyKind

_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d")
_PARTITIONS = ("aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc")
_OWNERS = ("aws", "aws-managed", "aws-marketplace", "cloudfront", "third-party")
_SESSION = re.compile(r"arn:[-a-z]*:sts::\d{12}:(assumed-role|federated-user)/.+")
_OIDC = re.compile(r"arn:[-a-z]*:iam::\d{12}:oidc-provider/.+")
_DATE = re.compile(r"-?\d{4,}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[-+]\d\d:?\d\d)?)?)?)?|\d+(\.\d+)?")
_OF_NOBODY = re.compile(r"arn:[^:]*:(ssm:[^:]*::(parameter/aws/|document/|automation-definition/)|quicksight::)")
_SETTLED = ("dynamodb", "ec2", "kms", "lambda", "s3")
"""Services whose documentation of resources is complete enough to go by."""
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


# What kind of policy it is


def has_no_resource(_: Said, name: str, scene: Scene) -> bool:
    kinds = (PolicyKind.TRUST, PolicyKind.RESOURCE)
    return scene.policy.kind in kinds and name == "Statement contains neither Resource nor NotResource"


def is_no_identity_policy(_: Said, __: str, scene: Scene) -> bool:
    return scene.policy.kind not in (PolicyKind.IDENTITY, PolicyKind.SESSION)


def may_be_a_sentence(_: Said, __: str, scene: Scene) -> bool:
    return scene.policy.kind in (PolicyKind.RESOURCE, PolicyKind.VPC_ENDPOINT)


def has_variables(_: Said, __: str, scene: Scene) -> bool:
    return "${" in repr(scene.policy.raw)


def is_inverted(said: Said, _: str, __: Scene) -> bool:
    return said.statement is not None and (said.statement.has("NotAction") or said.statement.has("NotResource"))


# Names


def is_retired(_: Said, name: str, scene: Scene) -> bool:
    return scene.library.catalog.retired(name)


def is_of_a_guide(_: Said, name: str, __: Scene) -> bool:
    return name.lower() == "glue:shareresource"


def is_retired_service(_: Said, name: str, scene: Scene) -> bool:
    return scene.library.catalog.is_retired_service(name)


def is_session(_: Said, name: str, __: Scene) -> bool:
    return _SESSION.fullmatch(name) is not None


def is_canonical_user(said: Said, _: str, __: Scene) -> bool:
    return "CanonicalUser" in said.at.tokens


def is_oidc(_: Said, name: str, __: Scene) -> bool:
    return _OIDC.fullmatch(name) is not None


# ARNs


def is_fine_field(said: Said, name: str, scene: Scene) -> bool:
    """Whether the field that parliament finds wrong is one that AWS takes."""
    fields = [*name.split(":", 5), "", "", "", "", ""]
    if said.detail.startswith("Unexpected partition"):
        return fields[1] in _PARTITIONS or _is_glob(fields[1])
    if said.detail.startswith("Region"):
        return _REGION.fullmatch(fields[3]) is not None or _is_glob(fields[3])
    if said.detail.startswith("Account"):
        return fields[4] in _OWNERS or _is_glob(fields[4]) or "${" in name
    if said.detail.startswith("Does not have 6") and _ends_in_anything(name.split(":")):
        return True
    return not name.strip("*") or (scene.policy.kind is PolicyKind.RESOURCE and name.startswith("execute-api:/"))


def _ends_in_anything(fields: list[str]) -> bool:
    """Whether a wildcard stands for the fields that are missing: not one in the middle of a name with a slash."""
    return fields[0][:1] == "*" or ("*" in fields[-1] and (len(fields) < 4 or "/" not in fields[-1]))


def _is_glob(text: str) -> bool:
    return "*" in text or "?" in text or "${" in text


# Types


def is_unknown_before_a_request(said: Said, _: str, __: Scene) -> bool:
    return any("${" in value.text for value in _values(said))


def is_text_to_the_operator(said: Said, _: str, __: Scene) -> bool:
    return not _is_of_operator(said) and said.operator.family == "String"


def is_written_otherwise(said: Said, kind: str, __: Scene) -> bool:
    if _is_of_operator(said):
        return False
    tests = {
        "Bool": _is_truth,
        "Date": _is_date,
        "Ip": _is_network,
        "Arn": _is_any_arn,
        "Number": _is_number,
        "Numeric": _is_number,
    }
    return kind in tests and all(tests[kind](value.text) for value in _values(said))


def is_arn_in_a_text(said: Said, kind: str, __: Scene) -> bool:
    return _is_of_operator(said) and kind == "String" and said.operator.family == "Arn"


def is_of_another_type_too(said: Said, _: str, scene: Scene) -> bool:
    known = scene.library.catalog.condition_key(said.key)
    return known is not None and bool(known.also)


def _is_of_operator(said: Said) -> bool:
    return " compares " in said.detail


def _values(said: Said) -> Iterator[ConditionValue]:
    for condition in said.statement.conditions if said.statement else ():
        yield from (value for value in condition.values if value.at.within(said.at))


def _is_date(text: str) -> bool:
    return _DATE.fullmatch(text) is not None


def _is_truth(text: str) -> bool:
    return text.lower() in ("true", "false")


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


def may_be_absent(said: Said, _: str, __: Scene) -> bool:
    operator = said.operator
    return operator.if_exists or operator.is_negated or operator.name == "Null" or operator.qualifier == "ForAllValues"


def is_of_an_identity_provider(said: Said, _: str, __: Scene) -> bool:
    prefix = said.key.partition(":")[0].lower()
    return prefix in ("saml", "sts") or "." in prefix


def is_documented_for_none(said: Said, _: str, scene: Scene) -> bool:
    catalog = scene.library.catalog
    known = catalog.condition_key(said.key)
    service = catalog.service(said.key.partition(":")[0])
    if known is None or service is None:
        return known is None
    head = known.name.lower().partition("/")[0]
    keys = (key for action in service.actions.values() for key in catalog.keys_of_action(action.name))
    return not any(head == key.lower().partition("/")[0] for key in keys)


def fits_another_of_the_entry(said: Said, name: str, scene: Scene) -> bool:
    """Whether an entry that means the action means others too, which the opinion is not about."""
    found = scene.entries(said.statement, name)
    return any(scene.library.facts.meant(entry.text) - said.about for entry in found)


def is_beside_one_with_the_key(said: Said, _: str, scene: Scene) -> bool:
    head = said.key.lower().partition("/")[0]
    catalog = scene.library.catalog
    entries = said.statement.actions if said.statement else ()
    return any(
        head == key.lower().partition("/")[0]
        for entry in entries
        for action in catalog.actions_of(entry.text)
        for key in catalog.keys_of_action(action.name)
    )


def is_partly_met(said: Said, name: str, _: Scene) -> bool:
    return name.partition(" ")[0] in said.partly


def is_all_of_the_service(said: Said, name: str, __: Scene) -> bool:
    service, resources = name.partition(":")[0], said.statement.resources if said.statement else ()
    fields = (each.text.split(":", 5) for each in resources)
    return name.endswith(" *") and any(len(arn) == 6 and (arn[2], arn[5]) == (service, "*") for arn in fields)


def is_on_some_of_the_service(said: Said, name: str, __: Scene) -> bool:
    service, resources = name.partition(":")[0], said.statement.resources if said.statement else ()
    own = (each.text.split(":", 5) for each in resources if each.text.count(":") > 4)
    return name.endswith(" *") and service not in _SETTLED and any(arn[2] == service and "*" in arn[5] for arn in own)


def is_on_nothing(said: Said, _: str, __: Scene) -> bool:
    return said.statement is not None and not said.statement.resources


def is_of_either_balancer(_: Said, name: str, __: Scene) -> bool:
    return name.partition(" ")[0].lower() in ("elasticloadbalancing:addtags", "elasticloadbalancing:removetags")


def is_of_nobody(said: Said, _: str, __: Scene) -> bool:
    """Whether the statement names what AWS documents in ARNs that leave a field empty."""
    return said.statement is not None and any(_OF_NOBODY.match(each.text) for each in said.statement.resources)


def is_met_for_another(said: Said, _: str, scene: Scene) -> bool:
    return bool(scene.library.facts.meant(scene.text(said.at)) - said.unmet)


def has_object_access(said: Said, name: str, scene: Scene) -> bool:
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
