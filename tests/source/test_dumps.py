"""What `aws iam get-account-authorization-details` prints: who has what, in whatever form the dump comes."""

import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from iamlint.catalog import load
from iamlint.diagnostic import Report
from iamlint.pipeline import lint
from iamlint.policy import Account, Policy, PolicyKind, Principal, Statement
from iamlint.rule import ROOT, Context, Finding, Rule, Severity, rule
from iamlint.source import Reading, read
from iamlint.source.belonging import Estate, estate
from iamlint.source.placed import placed
from iamlint.text import Pointer

TEXT = (Path(__file__).parent / "dumps" / "account.json").read_text()
DUMP: dict[str, Any] = json.loads(TEXT)
LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
DOCUMENTS = ("PolicyDocument", "AssumeRolePolicyDocument", "Document")
HERE = "arn:aws:iam::111122223333"
DEPLOY, LIMIT = f"{HERE}:policy/Deploy", f"{HERE}:policy/Limit"
S3, AUDIT = (f"arn:aws:iam::aws:policy/{name}" for name in ("AmazonS3ReadOnlyAccess", "SecurityAudit"))
VERSION = "2012-10-17"


def known(*readings: Reading) -> Estate:
    return estate([placed(each) for r in readings for each in r.found], [each for r in readings for each in r.entities])


def principals(*values: Any) -> dict[str, Principal]:
    texts = [value if isinstance(value, str) else json.dumps(value) for value in values]
    readings = [read(f"{index}.json", text.encode()) for index, text in enumerate(texts)]
    return {holding.principal.name: holding.principal for holding in known(*readings).holdings}


def encoded(value: Any, encode: Callable[[str], str]) -> Any:
    """A dump with every document as a string, as the API returns it."""
    if isinstance(value, list):
        return [encoded(each, encode) for each in value]
    if not isinstance(value, dict):
        return value
    return {key: encode(json.dumps(each)) if key in DOCUMENTS else encoded(each, encode) for key, each in value.items()}


def sids(policies: Sequence[Policy]) -> list[str | None]:
    return [statement.sid for policy in policies for statement in policy.statements]


# name: (Sids of what grants, of what limits, attached with the group they come by, unread, profiles)
WHO: dict[str, tuple[list[str | None], list[str | None], list[tuple[str, str]], tuple[str, ...], Any]] = {
    "user/alice": (["Logs", "Deploy"], ["Limit"], [("Deploy", "group/devs")], (), None),
    "user/bob": (["Read", "Deploy"], [], [("Deploy", "")], (), None),
    "group/devs": (["Logs", "Deploy"], [], [("Deploy", "")], (), None),
    "role/web": (["Write", None, "Deploy"], [], [("AmazonS3ReadOnlyAccess", ""), ("Deploy", "")], (), ("web",)),
    "role/deploy": (["Deploy"], ["Limit"], [("Deploy", ""), ("SecurityAudit", "")], (AUDIT,), ()),
    "role/idle": ([], [], [], (), ()),
    "role/AWSServiceRoleForSupport": ([], [], [], (), ()),
}

FORMS: dict[str, list[str]] = {
    "as the CLI prints it": [TEXT],
    "as the API has it": [json.dumps(encoded(DUMP, lambda text: quote(text, safe="")))],
    "encoded as a form": [json.dumps(encoded(DUMP, quote_plus))],
    "encoded leniently": [json.dumps(encoded(DUMP, quote))],
    "documents as texts": [json.dumps(encoded(DUMP, str))],
    "documents indented": [json.dumps(encoded(DUMP, lambda text: quote(json.dumps(json.loads(text), indent=2))))],
    "versions without a flag": [re.sub('"IsDefaultVersion": [a-z]+,', "", TEXT)],
    "flags as texts": [TEXT.replace('n": true,', 'n": "true",').replace('n": false,', 'n": "false",')],
    "pages in a list": [json.dumps([{name: DUMP[name]} for name in LISTS])],
    "pages appended": ["\n".join(json.dumps({name: DUMP[name], "IsTruncated": True}, indent=1) for name in LISTS)],
    "pages without a blank": ["".join(json.dumps({name: DUMP[name]}) for name in reversed(LISTS))],
    "pages in files": [json.dumps({name: DUMP[name]}) for name in LISTS],
    "in a wrapper": [json.dumps({"R": {"GetAccountAuthorizationDetailsResult": DUMP}})],
    "policies without names": [json.dumps({**DUMP, "Policies": [
        {key: item for key, item in policy.items() if key != "PolicyName"} for policy in DUMP["Policies"]]})],
}  # fmt: skip


@pytest.mark.parametrize("texts", FORMS.values(), ids=FORMS)
def test_everybody_has_what_is_attached(texts: list[str]) -> None:
    """In whatever form the dump comes, each principal has its own policies, those attached, and those of its groups."""
    found = principals(*texts)

    assert WHO == {
        name: (
            sids(each.permissions),
            sids(each.limits),
            [(attachment.name, attachment.group) for attachment in each.attached],
            each.unread,
            each.profiles,
        )
        for name, each in found.items()
        if name in WHO
    } | {name: told for name, told in WHO.items() if name not in found}
    assert found.keys() == WHO.keys()


def test_what_is_told_of_a_principal() -> None:
    found = principals(TEXT)
    alice, web, deploy = found["user/alice"], found["role/web"], found["role/deploy"]

    assert (f"{HERE}:user/alice", "111122223333") == (alice.arn, alice.account)
    assert (("group/devs",), LIMIT) == (alice.groups, alice.boundary)
    assert [(S3, True), (DEPLOY, True)] == [(each.arn, each.policy in web.policies) for each in web.attached]
    assert [(DEPLOY, False), (AUDIT, True)] == [(each.arn, each.policy is None) for each in deploy.attached]
    assert web.trust is not None
    assert f"{HERE}:role/aws-service-role/support.amazonaws.com/AWSServiceRoleForSupport" == found[list(WHO)[-1]].arn


def test_a_managed_policy_is_one_value() -> None:
    """It is read once, whoever has it; where it limits it is another value, in the same place."""
    reading = read("x.json", TEXT.encode())
    estate = known(reading)
    by_name = {holding.principal.name: holding.principal for holding in estate.holdings}
    deploys = {id(p) for each in by_name.values() for p in each.policies if sids([p]) == ["Deploy"]}
    (limit,) = by_name["user/alice"].limits

    assert 1 == len(deploys)
    assert by_name["role/deploy"].limits == (limit,)
    assert PolicyKind.BOUNDARY is limit.kind
    kinds = {found.address: str(found.kind) for found in reading.found if found.managed}
    assert {
        "policy/Deploy": "identity",
        "policy/Limit": "boundary",
        "policy/AmazonS3ReadOnlyAccess": "identity",
        "policy/Spare": "identity",
    } == kinds
    assert 11 == len(reading.found)


def test_a_policy_that_grants_and_limits() -> None:
    """Attached to one and the boundary of another, a policy is linted as what grants; the limit stands in its place."""
    dump = deepcopy(DUMP)
    dump["RoleDetailList"][2]["AttachedManagedPolicies"] = [{"PolicyName": "Limit", "PolicyArn": LIMIT}]
    dump["Policies"][1]["AttachmentCount"] = 1
    reading = read("x.json", json.dumps(dump).encode())
    estate = known(reading)
    by_name = {holding.principal.name: holding.principal for holding in estate.holdings}
    (granting,), (limiting,) = by_name["role/idle"].permissions, by_name["user/alice"].limits

    assert ("identity", "boundary") == (str(granting.kind), str(limiting.kind))
    assert estate.homes[id(granting)].found.document is estate.homes[id(limiting)].found.document
    assert by_name["role/deploy"].limits == (limiting,)


# what is changed in a role or a dump: (the change, what is then told of `role/web`)
PARTS: dict[str, tuple[Callable[[dict[str, Any]], object], dict[str, Any]]] = {
    "no profiles listed": (lambda d: d["RoleDetailList"][0].pop("InstanceProfileList"), {"profiles": None}),
    "no attachments listed": (lambda d: d["RoleDetailList"][0].pop("AttachedManagedPolicies"), {"attached": ()}),
    "null lists": (
        lambda d: d["RoleDetailList"][0].update(
            RolePolicyList=None, AttachedManagedPolicies=None, InstanceProfileList=None, PermissionsBoundary=None
        ),
        {"attached": (), "profiles": None, "boundary": "", "policies": ()},
    ),
    "odd entries": (
        lambda d: d["RoleDetailList"][0].update(AttachedManagedPolicies=[None, "x", {}, {"PolicyArn": 1}, []]),
        {"attached": (), "unread": ()},
    ),
    "an ARN alone": (
        lambda d: d["RoleDetailList"][0].update(AttachedManagedPolicies=[{"PolicyArn": AUDIT}]),
        {"unread": (AUDIT,)},
    ),
    "no managed policies": (lambda d: d.pop("Policies"), {"unread": (S3, DEPLOY)}),
    "no ARN": (lambda d: d["RoleDetailList"][0].pop("Arn"), {"arn": "", "account": "", "unread": ()}),
    "an odd ARN": (lambda d: d["RoleDetailList"][0].update(Arn=[1]), {"arn": "", "account": ""}),
    "odd neighbours": (
        lambda d: d["RoleDetailList"].extend([None, 1, "x", [], {}, {"RoleName": None}, {"RoleName": 1}]),
        {"unread": ()},
    ),
    "a boundary that is not there": (
        lambda d: d["RoleDetailList"][0].update(PermissionsBoundary={"PermissionsBoundaryArn": AUDIT}),
        {"boundary": AUDIT, "unread": (AUDIT,), "limits": ()},
    ),
}


@pytest.mark.parametrize("case", PARTS.values(), ids=PARTS)
def test_what_is_missing_or_odd(case: tuple[Callable[[dict[str, Any]], object], dict[str, Any]]) -> None:
    change, expected = case
    dump = deepcopy(DUMP)
    change(dump)
    found = principals(dump)

    assert expected == {name: getattr(found["role/web"], name) for name in expected}
    assert WHO.keys() == found.keys()
    assert sids(found["user/bob"].permissions)[:1] == ["Read"]


def test_a_group_that_is_not_listed() -> None:
    """Of a user in a group that is not in the dump it is said that something is not known."""
    found = principals({**DUMP, "GroupDetailList": []})["user/alice"]

    assert (("group/devs",), ()) == (found.unread, found.permissions)


def test_accounts_are_kept_apart() -> None:
    """Equal names in two accounts are two principals, each with what its own account has."""
    other = TEXT.replace("111122223333", "444455556666").replace('"Sid": "Deploy"', '"Sid": "Other"')
    estate = known(read("a.json", TEXT.encode()), read("b.json", other.encode()))
    alices = [each.principal for each in estate.holdings if each.principal.name == "user/alice"]

    assert [("111122223333", ["Logs", "Deploy"]), ("444455556666", ["Logs", "Other"])] == [
        (each.account, sids(each.permissions)) for each in alices
    ]
    assert [("111122223333", 7, 11), ("444455556666", 7, 11)] == [
        (each.account.id, len(each.account.principals), len(each.account.policies)) for each in estate.listings
    ]


def test_other_outputs_join_in() -> None:
    """What is printed of one role goes to the role of that name, and its ARN is known from `get-role`."""
    policy = {"Version": VERSION, "Statement": [{"Sid": "More", "Effect": "Deny", "Action": "*", "Resource": "*"}]}
    inline = {"RoleName": "idle", "PolicyName": "more", "PolicyDocument": policy}
    role = {"Role": {**DUMP["RoleDetailList"][3], "RoleName": "other", "Arn": f"{HERE}:role/other"}}
    found = principals(DUMP, inline, role)

    assert ["More"] == sids(found["role/idle"].permissions)
    assert (f"{HERE}:role/other", ()) == (found["role/other"].arn, found["role/other"].attached)


@pytest.mark.parametrize(
    ("value", "place", "message"),
    [
        (None, "null", "a policy is an object, not null"),
        (7, "7", "a policy is an object, not a number"),
        ("garbage", '"garbage"', "a policy is an object, not a string"),
        ("", '""', "a policy is an object, not a string"),
        ([], "[]", "a policy is an object, not a list"),
        ({}, "{}", "the policy has no `Statement`"),
        ("%7B%22Version%22", "%22Version%22", '`"Version"` has no value'),
        ('{"Version": "2012-10-17"', '\\"', "`{` is never closed"),
    ],
)
def test_a_broken_document_spoils_nothing_else(value: Any, place: str, message: str) -> None:
    """It is told at its place; everybody else has what they have."""
    dump = deepcopy(DUMP)
    dump["UserDetailList"][1]["UserPolicyList"][0]["PolicyDocument"] = value
    text = json.dumps(dump)
    report = lint([read("x.json", text.encode())], [every_statement, *broken_documents()], load())
    told = [each for each in report.diagnostics if each.code != "TST101"]
    found = principals(dump)

    assert (place, message) == (text[slice(*told[0].place.span)], told[0].message)
    assert {name: WHO[name][0] for name in WHO} | {"user/bob": ["Deploy"]} == {
        name: sids(each.permissions) for name, each in found.items()
    }
    assert 9 == len(report.diagnostics) - len(told)


def broken_documents() -> list[Rule[Any]]:
    from iamlint.registry import load_rules  # noqa: PLC0415

    return [each for each in load_rules() if each.code in ("IAM001", "IAM005")]


@rule("TST101", on=Statement, severity=Severity.LOW)
def every_statement(statement: Statement, _: Context) -> Iterator[Finding]:
    """Statement is a statement."""
    yield Finding(statement.at / "Action", "seen")


@rule("TST102", on=Principal, severity=Severity.LOW)
def every_principal(principal: Principal, _: Context) -> Iterator[Finding]:
    """Principal is a principal."""
    if principal.name:
        yield Finding(ROOT, principal.name)
        for policy in principal.limits:
            yield Finding(ROOT / "Statement", f"limits {principal.name}", policy=policy)


@rule("TST103", on=Account, severity=Severity.LOW)
def every_account(account: Account, _: Context) -> Iterator[Finding]:
    """Account is an account."""
    yield Finding(ROOT, f"{account.id}: {len(account.principals)} with {len(account.policies)}")


@rule("TST104", on=Account, severity=Severity.LOW)
def crashing(account: Account, _: Context) -> Iterator[Finding]:
    """Account is a crash."""
    yield Finding(ROOT, str(1 // len(account.id[:0])))


def linted(*rules: Rule[Any], texts: Sequence[str] = (TEXT,)) -> Report:
    return lint([read(f"{index}.json", text.encode()) for index, text in enumerate(texts)], rules, load())


def test_every_document_is_linted_once() -> None:
    """One that five principals have is one, versions that are not in force are none; AWS's own only AWS can mend."""
    report = linted(every_statement)

    assert (11, 10) == (report.policies, len(report.diagnostics))
    assert len({each.place.span for each in report.diagnostics}) == len(report.diagnostics)


def test_rules_on_principals_find_places() -> None:
    """A finding stands in a policy of the principal, or at its name if it has none; a limit where its document is."""
    report = linted(every_principal)
    told = {each.message: TEXT[slice(*each.place.span)] for each in report.diagnostics}
    names = {message: text for message, text in told.items() if text.startswith('"')}

    assert {"user/alice": '"alice"'} == names
    assert {*WHO, "limits user/alice", "limits role/deploy"} == told.keys()
    assert {True} == {"lambda:*" in told["limits user/alice"]}
    assert {*WHO} == set(report.principals)


def test_rules_on_accounts_run_once_a_dump() -> None:
    other = TEXT.replace("111122223333", "444455556666")
    pages = [json.dumps({name: DUMP[name]}) for name in LISTS]

    assert ["111122223333: 7 with 11"] == [d.message for d in linted(every_account).diagnostics]
    assert ["111122223333: 7 with 11"] == [d.message for d in linted(every_account, texts=pages).diagnostics]
    assert ["111122223333: 7 with 11", "444455556666: 7 with 11"] == [
        d.message for d in linted(every_account, texts=[TEXT, other]).diagnostics
    ]
    report = linted(crashing, every_account)
    assert [("TST104", "0.json")] == [(crash.rule, crash.file) for crash in report.crashes]
    assert 1 == len(report.diagnostics)


def test_no_account_without_a_listing() -> None:
    text = json.dumps({"Role": DUMP["RoleDetailList"][0]})

    assert () == linted(every_account, texts=[text]).diagnostics


def test_a_dump_without_policies_is_one() -> None:
    """Principals that have nothing are principals."""
    users = {"UserDetailList": [{"UserName": "eve", "Arn": f"{HERE}:user/eve", "GroupList": []}]}
    report = linted(every_principal, texts=[json.dumps(users)])

    assert [("user/eve", "user/eve")] == [(each.message, each.address) for each in report.diagnostics]
    assert ((), 0) == (report.skipped, report.policies)


@pytest.mark.parametrize(
    "encode",
    [quote, lambda text: quote(text, safe=""), quote_plus, str],
    ids=["lenient", "as the API", "as a form", "as a text"],
)
@pytest.mark.parametrize("sid", ["a+b", "é ü", "😀", "100 %", 'a"b\\c', "tab\there", "%2B"])
def test_places_in_encoded_documents(encode: Callable[[str], str], sid: str) -> None:
    """A place in a document that is encoded is the stretch of the string that says it."""
    for ascii_only in (True, False):
        inner = {"Version": VERSION, "Statement": [{"Sid": sid, "Effect": "Allow", "Action": "s3:Get*"}]}
        document = encode(json.dumps(inner, ensure_ascii=ascii_only))
        role = {"RoleName": "r", "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": document}]}
        content = json.dumps({"RoleDetailList": [role]}, ensure_ascii=ascii_only)
        (found,) = read("x.json", content.encode()).found
        at = Pointer("/Statement/0")

        def told(content: str = content, *span: int) -> str:
            return content[slice(*span)]

        assert {"Sid": sid, "Effect": "Allow", "Action": "s3:Get*"} == found.document.value["Statement"][0]  # type: ignore[index]
        assert told(content, *found.document.span(at / "Action", (3, 6))) == "Get"
        written = json.dumps(encode(json.dumps(sid, ensure_ascii=ascii_only)), ensure_ascii=ascii_only)[1:-1]
        assert told(content, *found.document.span(at / "Sid")) == written
        assert json.dumps(document, ensure_ascii=ascii_only)[1:-1] == told(content, *found.document.span())


def test_places_in_appended_pages() -> None:
    text = FORMS["pages appended"][0]
    report = lint([read("x.json", text.encode())], [every_statement], load())

    assert 10 == len(report.diagnostics)
    assert {'"s3:PutObject"', '"logs:GetLogEvents"', '"sqs:SendMessage"'} < {
        text[slice(*each.place.span)] for each in report.diagnostics
    }


def test_a_slip_in_appended_pages() -> None:
    """A broken page is told at its place, and the others are read."""
    text = FORMS["pages appended"][0].replace('"Path": "/ops/",', '"Path": "/ops/"', 1)
    reading = read("x.json", text.encode(), explicit=True)

    assert ["a comma is missing"] == [problem.message for problem in reading.problems]
    assert text[reading.problems[0].span.start - 5 :].startswith("/ops/")
    assert 11 == len(reading.found)


def test_policies_that_follow_each_other_are_no_pages() -> None:
    """AWS takes one document: two are a slip wherever no account is listed."""
    text = json.dumps({"Version": VERSION, "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
    (problem,) = read("x.json", f"{text}\n{text}".encode(), explicit=True).problems

    assert "a second document follows the first" == problem.message


def test_yaml() -> None:
    yaml = pytest.importorskip("yaml")
    reading = read("x.yaml", yaml.safe_dump(DUMP, sort_keys=False).encode())

    assert {name: told[0] for name, told in WHO.items()} == {
        each.principal.name: sids(each.principal.permissions) for each in known(reading).holdings
    }


def test_a_large_account_takes_linear_time() -> None:
    """Ten times the roles take about ten times as long, not a hundred."""

    def seconds(roles: int) -> float:
        template = DUMP["RoleDetailList"][0]
        dump = {
            **DUMP,
            "RoleDetailList": [{**template, "RoleName": f"r{i}", "Arn": f"{HERE}:role/r{i}"} for i in range(roles)],
        }
        data = json.dumps(encoded(dump, lambda text: quote(text, safe=""))).encode()
        start = time.process_time()
        assert roles + 3 == len(known(read("x.json", data)).holdings)
        return time.process_time() - start

    seconds(10)
    assert seconds(2000) < 30 * max(seconds(200), 0.02)


def test_what_moto_serves() -> None:
    """The server's own answer, decoded by botocore, is read like the fixture."""
    boto3, moto = pytest.importorskip("boto3"), pytest.importorskip("moto")
    grant = json.dumps(
        {"Version": VERSION, "Statement": [{"Sid": "Mine", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    )
    trust = json.dumps(DUMP["RoleDetailList"][2]["AssumeRolePolicyDocument"])
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    with moto.mock_aws(config={"iam": {"load_aws_managed_policies": True}}):
        iam = boto3.client("iam", region_name="us-east-1", **keys)
        mine = iam.create_policy(PolicyName="mine", PolicyDocument=grant.replace("Mine", "Old"))["Policy"]["Arn"]
        iam.create_policy_version(PolicyArn=mine, PolicyDocument=grant, SetAsDefault=True)
        limit = iam.create_policy(PolicyName="limit", PolicyDocument=grant.replace("Mine", "Limit"))["Policy"]["Arn"]
        iam.create_role(RoleName="web", AssumeRolePolicyDocument=trust, PermissionsBoundary=limit)
        iam.put_role_policy(RoleName="web", PolicyName="in", PolicyDocument=grant.replace("Mine", "Inline"))
        for arn in (mine, "arn:aws:iam::aws:policy/SecurityAudit"):
            iam.attach_role_policy(RoleName="web", PolicyArn=arn)
        iam.create_instance_profile(InstanceProfileName="web-profile")
        iam.add_role_to_instance_profile(InstanceProfileName="web-profile", RoleName="web")
        iam.create_group(GroupName="devs")
        iam.attach_group_policy(GroupName="devs", PolicyArn=mine)
        iam.create_user(UserName="alice")
        iam.add_user_to_group(GroupName="devs", UserName="alice")
        whole = iam.get_account_authorization_details()
        local = iam.get_account_authorization_details(Filter=["User", "Role", "Group", "LocalManagedPolicy"])

    found = principals(json.dumps(local, default=str))
    web, alice = found["role/web"], found["user/alice"]
    assert (["Inline", "Mine"], ["Limit"]) == (sids(web.permissions), sids(web.limits))
    assert (("web-profile",), (AUDIT,), "123456789012") == (web.profiles, web.unread, web.account)
    assert (["Mine"], ("group/devs",)) == (sids(alice.permissions), alice.groups)
    assert () == principals(json.dumps(whole, default=str))["role/web"].unread
