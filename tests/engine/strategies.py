"""Small policies of every shape, and the requests that can tell them apart. Knows the definition, not the algebra."""

import random
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice, product
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from iamlint.engine import scalars
from iamlint.engine.caller import caller_of
from iamlint.engine.request import Caller, CallerKind, Level, Policies, Request
from iamlint.policy import Condition, Policy, PolicyKind

Json = dict[str, Any]


class SmallWorld:
    """A few actions of four services, and the condition keys that the strategies use."""

    date = "2026-11-24"
    names: Mapping[str, str] = {
        "iam": "ListRoles PassRole",
        "s3": "GetObject ListAllMyBuckets PutObject",
        "sqs": "SendMessage",
        "sts": "AssumeRole TagSession",
    }
    many: Mapping[str, bool] = {
        "aws:tagkeys": True,
        "aws:calledvia": True,
        "s3:prefix": False,
        "s3:max-keys": False,
        "aws:securetransport": False,
        "aws:sourceip": False,
        "aws:currenttime": False,
        "aws:epochtime": False,
        "aws:sourcearn": False,
        "aws:username": False,
        "aws:principaltag/team": False,
        "aws:requesttag/x": False,
        "aws:principalarn": False,
        "aws:principalaccount": False,
        "aws:principaltype": False,
        "aws:principalorgid": False,
        "aws:principalisawsservice": False,
    }
    arns: Mapping[str, tuple[str, ...]] = {
        "s3:GetObject": ("arn:${Partition}:s3:::${BucketName}/${ObjectName}",),
        "s3:PutObject": ("arn:${Partition}:s3:::${BucketName}/${ObjectName}",),
        "sqs:SendMessage": ("arn:${Partition}:sqs:${Region}:${Account}:${QueueName}",),
        "iam:PassRole": ("arn:${Partition}:iam::${Account}:role/${RoleName}",),
    }

    def action_names(self) -> Mapping[str, str]:
        return self.names

    def is_multivalued(self, key: str) -> bool | None:
        return self.many.get(key)

    def arns_of(self, action: str) -> Sequence[str]:
        return self.arns.get(action, ())


WORLD = SmallWorld()
_: Hashable = WORLD
ALL_ACTIONS = tuple(f"{prefix}:{name}" for prefix, names in WORLD.names.items() for name in names.split())

ACTION_PATTERNS = (
    *ALL_ACTIONS,
    *("*", "s3:*", "s3:*Object", "S3:getobject", "s3:?etObject", "*:*", "iam:*", "sqs:*", "s3:List*", "*s*", "s?s:*"),
    *("s3:Get**", "s3:PutObjec?"),
)
UNKNOWN_ACTIONS = ("s3:NoSuchThing", "new:*", "s3:NoSuch*")


# Resources

_letters = st.sampled_from("ab*?/")
_tails = st.lists(_letters, min_size=1, max_size=3).map("".join)
RESOURCE_SHAPES = ("arn:aws:s3:::{}", "arn:aws:sqs:us-east-1:111122223333:{}", "arn:aws:sqs:*:*:{}", "arn:*:s3:::{}")
RESOURCE_ODD = (
    *("*", "**", "arn:aws:s3:*", "arn:aws:*", "arn:*", "arn:aws:sqs:us-east-?:111122223333:a", "arn:aws:s3:::a", "b"),
    *("arn:aws:s?s:*:*:*", "arn:aws:s3::*:a", "a*", "arn:aws:s3:::a:b", "arn:aws:*:*:*:*:*", "arn:aws:s3*:a", "?*"),
)
resources = st.one_of(
    st.builds(str.format, st.sampled_from(RESOURCE_SHAPES), _tails),
    st.builds(str.format, st.just(RESOURCE_SHAPES[0]), _tails),
    st.sampled_from(RESOURCE_ODD),
)
_VARIABLES = (
    "${aws:username}",
    "${aws:PrincipalTag/team}",
    "${aws:PrincipalTag/team, 'a'}",
    "${aws:PrincipalAccount}",
    "${aws:RequestTag/x}",
    "${*}",
    "${?}",
    "${$}",
    "${s3:prefix}",
)
_open_tails = st.lists(st.sampled_from(["a", "b", "*", "?", "/", *_VARIABLES]), min_size=1, max_size=3).map("".join)
open_resources = st.builds(str.format, st.sampled_from(RESOURCE_SHAPES), _open_tails)


# Conditions

_words = st.lists(st.sampled_from("abAB*?"), max_size=3).map("".join)
_texts = _words | st.sampled_from(["a", "b", "A", "ab"])
_open_texts = st.lists(st.sampled_from(["a", "b", "*", "?", *_VARIABLES]), max_size=3).map("".join)
_numbers = st.sampled_from([5, "5", "5.0", "5.5", 10, "-1", "1e1", "6", "0", "abc", ""])
_dates = st.sampled_from(
    ["2026-01-01", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00+01:00", "1767225600", "1767225601", "2026", "never"]
)
_bools = st.sampled_from(["true", "false", True, False, "True", "yes"])
_addresses = st.sampled_from(
    ["10.0.0.0/8", "10.0.0.1", "10.0.0.1/32", "10.0.0.0/31", "10.1.2.3/8", "::1", "2001:db8::/32", "0.0.0.0/0", "::/0",
     "x", "10.128.0.0/9"]
)  # fmt: skip
_bytes = st.sampled_from(["QUFB", "QUE=", "QUI=", "!!", ""])
_arns = st.sampled_from(
    ["arn:aws:s3:::a", "arn:aws:s3:::*", "arn:aws:*:::a", "arn:aws:sns:*:*:a?", "arn:*", "*", "arn:aws:s3:::a*b",
     "arn:aws:sns:us-east-1:111122223333:ab", "arn:aws:s3:::${aws:username}", "arn:*:*:*:*:*", "a"]
)  # fmt: skip

STRING = ("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike",
          "StringNotLike")  # fmt: skip
_ORDERED = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
NUMERIC = tuple(f"Numeric{each}" for each in _ORDERED)
DATE = tuple(f"Date{each}" for each in _ORDERED)
ARN = ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike")
ADDRESS = ("IpAddress", "NotIpAddress")

FAMILIES: tuple[tuple[tuple[str, ...], tuple[str, ...], SearchStrategy[Any]], ...] = (
    (STRING, ("s3:prefix", "aws:RequestTag/x", "custom:words", "aws:TagKeys"), _texts),
    (NUMERIC, ("s3:max-keys", "custom:numbers"), _numbers),
    (DATE, ("aws:CurrentTime", "aws:EpochTime", "custom:dates"), _dates),
    (("Bool",), ("aws:SecureTransport", "custom:flags"), _bools),
    (ADDRESS, ("aws:SourceIp", "custom:addresses"), _addresses),
    (("BinaryEquals",), ("custom:bytes",), _bytes),
    (ARN, ("aws:SourceArn", "custom:arns"), _arns),
)
"""Operators, the keys they are used on, and values; every key has one type of value."""
_qualifiers = st.sampled_from(["", "", "", "ForAllValues:", "ForAnyValue:"])
_suffixes = st.sampled_from(["", "", "IfExists"])


def _listed(values: SearchStrategy[Any], most: int = 2) -> SearchStrategy[Any]:
    """One value, or a list of some."""
    return values | st.lists(values, min_size=1, max_size=most)


@st.composite
def condition_of(draw: st.DrawFn, families: Sequence[tuple[Any, Any, SearchStrategy[Any]]]) -> tuple[str, str, Any]:
    """An operator, a key and its values."""
    operators, keys, values = draw(st.sampled_from(families))
    key = draw(st.sampled_from(keys))
    key = draw(st.sampled_from([key, key.lower()]))
    if draw(st.integers(0, 5)) == 0:
        return f"{draw(_qualifiers)}Null{draw(st.sampled_from(['', '', '', 'IfExists']))}", key, draw(_listed(_bools))
    operator = f"{draw(_qualifiers)}{draw(st.sampled_from(operators))}{draw(_suffixes)}"
    return operator, key, draw(_listed(values))


@st.composite
def blocks(
    draw: st.DrawFn, families: Sequence[tuple[Any, Any, SearchStrategy[Any]]] = FAMILIES, most: int = 2
) -> dict[str, dict[str, Any]]:
    """A Condition block."""
    block: dict[str, dict[str, Any]] = {}
    for operator, key, values in draw(st.lists(condition_of(families), max_size=most)):
        block.setdefault(operator, {})[key] = values
    return block


@st.composite
def statements(
    draw: st.DrawFn,
    *,
    actions: SearchStrategy[str],
    resources: SearchStrategy[str] | None,
    conditions: SearchStrategy[dict[str, dict[str, Any]]],
    principals: SearchStrategy[Json] | None = None,
) -> Json:
    """A statement with each of its elements or the negated one."""
    made: Json = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    made[draw(st.sampled_from(["Action", "Action", "Action", "NotAction"]))] = draw(_listed(actions))
    if resources is not None:
        made[draw(st.sampled_from(["Resource", "Resource", "Resource", "NotResource"]))] = draw(_listed(resources, 3))
    block = draw(conditions)
    if block:
        made["Condition"] = block
    if principals is not None:
        made |= draw(principals)
    return made


Pair = tuple[Policy, Policy]
Texts = list[Json]


@st.composite
def chains(
    draw: st.DrawFn,
    statement: SearchStrategy[Json],
    kind: PolicyKind = PolicyKind.IDENTITY,
    *,
    versions: Sequence[str | None] = ("2012-10-17",),
    most: int = 3,
    length: int = 2,
) -> tuple[Policy, ...]:
    """Policies, each mostly made of the one before: statements kept, changed, dropped, added."""
    version = draw(st.sampled_from(versions))
    texts = [draw(st.lists(statement, min_size=1, max_size=most))]
    while len(texts) < length:
        texts.append(_relative(draw, texts[-1], statement))
    if draw(st.booleans()):
        texts.reverse()
    other = version if draw(st.integers(0, 7)) else draw(st.sampled_from(versions))
    return (*(_policy(version, each, kind) for each in texts[:-1]), _policy(other, texts[-1], kind))


def _relative(draw: st.DrawFn, old: Texts, fresh: SearchStrategy[Json]) -> Texts:
    new: Texts = []
    for each in old if draw(st.integers(0, 3)) else []:
        what = draw(st.sampled_from(["keep", "keep", "change", "change", "drop", "both"]))
        new += [each] if what in ("keep", "both") else []
        new += [_changed(draw, each, fresh)] if what in ("change", "both") else []
    if not new or draw(st.integers(0, 3)) == 0:
        new.append(draw(fresh))
    return new


def pairs(
    statement: SearchStrategy[Json],
    kind: PolicyKind = PolicyKind.IDENTITY,
    *,
    versions: Sequence[str | None] = ("2012-10-17",),
    most: int = 3,
) -> SearchStrategy[Pair]:
    """Two policies that have much in common."""
    return chains(statement, kind, versions=versions, most=most).map(lambda two: (two[0], two[1]))


def _policy(version: str | None, made: list[Json], kind: PolicyKind) -> Policy:
    return Policy(({"Version": version} if version else {}) | {"Statement": made}, kind)


def _changed(draw: st.DrawFn, statement: Json, fresh: SearchStrategy[Json]) -> Json:
    """A statement with one thing changed."""
    made, other = dict(statement), draw(fresh)
    what = draw(st.sampled_from(["effect", "action", "resource", "condition", "operator", "operator", "principal"]))
    if what == "effect":
        made["Effect"] = "Deny" if made.get("Effect") == "Allow" else "Allow"
    elif what == "operator" and isinstance(made.get("Condition"), dict) and made["Condition"]:
        operators = draw(st.permutations([*made["Condition"]]))
        turned = {_turned(draw, operators[0]): made["Condition"][operators[0]]}
        made["Condition"] = {**{key: made["Condition"][key] for key in operators[1:]}, **turned}
    elif what in ("condition", "operator"):
        made.pop("Condition", None)
        made |= {"Condition": other["Condition"]} if "Condition" in other and draw(st.booleans()) else {}
    else:
        names = {"action": ("Action", "NotAction"), "resource": ("Resource", "NotResource")}
        for name in names.get(what, ("Principal", "NotPrincipal")):
            made.pop(name, None)
            made |= {name: other[name]} if name in other else {}
    return made


def _turned(draw: st.DrawFn, operator: str) -> str:
    """An operator negated, loosened, or with another qualifier."""
    before, colon, name = operator.rpartition(":")
    what = draw(st.sampled_from(["negate", "negate", "exists", "qualifier", "order"]))
    if what == "exists":
        return operator.removesuffix("IfExists") if operator.endswith("IfExists") else f"{operator}IfExists"
    if what == "qualifier":
        return draw(st.sampled_from(["", "ForAllValues:", "ForAnyValue:"])) + name
    bare = name.removesuffix("IfExists")
    suffix = name[len(bare) :]
    for one, other in _TURNS[what]:
        if bare in (one, other):
            return f"{before}{colon}{other if bare == one else one}{suffix}"
    return operator


_TURNS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "negate": (
        *((f"String{each}", f"StringNot{each}") for each in ("Equals", "EqualsIgnoreCase", "Like")),
        *((f"Arn{each}", f"ArnNot{each}") for each in ("Equals", "Like")),
        *((f"{each}Equals", f"{each}NotEquals") for each in ("Numeric", "Date")),
        *((f"{each}LessThan", f"{each}GreaterThanEquals") for each in ("Numeric", "Date")),
        *((f"{each}GreaterThan", f"{each}LessThanEquals") for each in ("Numeric", "Date")),
        ("IpAddress", "NotIpAddress"),
    ),
    "order": (
        ("StringEquals", "StringLike"),
        ("StringNotEquals", "StringNotLike"),
        *((f"{each}LessThan", f"{each}LessThanEquals") for each in ("Numeric", "Date")),
        *((f"{each}GreaterThan", f"{each}GreaterThanEquals") for each in ("Numeric", "Date")),
        ("ArnEquals", "ArnLike"),
    ),
}


_actions = st.sampled_from(ACTION_PATTERNS)
plain_statements = statements(actions=_actions, resources=resources, conditions=blocks())
plain_pairs = pairs(plain_statements)
"""Identity policies with every element and operator, but no variables."""
limit_pairs = pairs(plain_statements, PolicyKind.SCP)
"""The same as SCPs, whose short ARNs are read otherwise."""


@st.composite
def _broken(draw: st.DrawFn) -> Json:
    """A statement that AWS would reject."""
    made = draw(plain_statements)
    element = draw(st.sampled_from([*made]))
    wrong: SearchStrategy[Any] = st.sampled_from(
        [None, [], {}, 5, "", [5], {"StringEquals": "a"}, {"StringEquals": {"s3:prefix": []}}]
    )
    also = st.sampled_from(["Action", "NotAction", "Resource", "NotResource"])
    what = draw(st.sampled_from(["without", "wrong", "wrong", "also", "unknown"]))
    if what == "without":
        return {name: value for name, value in made.items() if name != element}
    if what == "wrong":
        return made | {element: draw(wrong)}
    if what == "also":
        return made | {draw(also): draw(_listed(resources | _actions))}
    return made | {"Condition": {draw(st.sampled_from(["StringIs", "ForSome:StringLike"])): {"s3:prefix": "a"}}}


broken_pairs = pairs(_broken() | plain_statements)
"""Statements with wrong or missing parts among others."""
open_pairs = pairs(
    statements(
        actions=_actions | st.sampled_from(UNKNOWN_ACTIONS), resources=resources, conditions=blocks(FAMILIES[:1], 1)
    ),
    most=2,
)
"""The same with actions that the world lacks."""

_numbers_as_text = st.sampled_from(["5", "5.0", "10", "1767225600", "abc"])
_MIXED: tuple[tuple[Any, Any, SearchStrategy[Any]], ...] = (
    (STRING, ("custom:mixed",), _numbers_as_text | st.just("5*")),
    (NUMERIC, ("custom:mixed",), _numbers_as_text),
    (DATE, ("custom:mixed",), _numbers_as_text),
)
mixed_pairs = pairs(statements(actions=st.just("s3:*"), resources=st.just("*"), conditions=blocks(_MIXED)), most=2)
"""One key read as text, as number and as date."""

_VARIABLE_FAMILIES: tuple[tuple[Any, Any, SearchStrategy[Any]], ...] = (
    (STRING, ("s3:prefix", "aws:RequestTag/x", "aws:username", "aws:PrincipalTag/team"), _open_texts),
    (ARN, ("aws:SourceArn", "aws:PrincipalArn"), _arns | st.just("arn:aws:iam::*:user/${aws:username}")),
)
variable_pairs = pairs(
    statements(
        actions=st.sampled_from(["s3:*", "s3:GetObject", "*"]),
        resources=resources | open_resources | open_resources,
        conditions=blocks(_VARIABLE_FAMILIES, 1),
    ),
    versions=("2012-10-17", "2012-10-17", "2012-10-17", "2008-10-17", None),
    most=2,
)
"""Identity policies with policy variables, and both versions."""


# Principals

HOME, AWAY, OTHER = "111122223333", "444455556666", "999988887777"
NAMED = (
    f"arn:aws:iam::{HOME}:root",
    HOME,
    f"arn:aws:iam::{HOME}:user/alice",
    f"arn:aws:iam::{HOME}:role/reader",
    f"arn:aws:iam::{HOME}:role/team/writer",
    f"arn:aws:sts::{HOME}:assumed-role/reader/s1",
    f"arn:aws:sts::{HOME}:assumed-role/writer/s1",
    f"arn:aws:sts::{HOME}:federated-user/bob",
    f"arn:aws:iam::{AWAY}:root",
    f"arn:aws:iam::{AWAY}:user/alice",
)
_entries = st.one_of(
    st.just("*"),
    st.fixed_dictionaries({"AWS": _listed(st.sampled_from((*NAMED, "*")), 3)}),
    st.fixed_dictionaries({"AWS": _listed(st.sampled_from(NAMED), 3)}),
    st.fixed_dictionaries({"Service": _listed(st.sampled_from(["ec2.amazonaws.com", "s3.amazonaws.com"]))}),
    st.fixed_dictionaries(
        {"Federated": st.sampled_from(["accounts.google.com", f"arn:aws:iam::{HOME}:saml-provider/i"])}
    ),
    st.fixed_dictionaries({"AWS": st.sampled_from(NAMED), "Service": st.just("ec2.amazonaws.com")}),
)
_whole = st.sampled_from(
    [
        {"AWS": [HOME, f"arn:aws:iam::{HOME}:user/alice"]},
        {"AWS": [HOME, f"arn:aws:iam::{HOME}:role/reader", f"arn:aws:sts::{HOME}:assumed-role/reader/s1"]},
    ]
)
"""All that NotPrincipal must list to exempt a caller."""
_principals = st.one_of(
    *[st.builds(lambda entry: {"Principal": entry}, _entries)] * 3,
    st.builds(lambda entry: {"NotPrincipal": entry}, _entries | _whole),
)

_CALLER_FAMILIES: tuple[tuple[Any, Any, SearchStrategy[Any]], ...] = (
    (
        ARN + STRING[:2] + STRING[4:],
        ("aws:PrincipalArn",),
        st.sampled_from(
            [*NAMED, f"arn:aws:iam::{HOME}:*", f"arn:aws:iam::{HOME}:role/*", "arn:aws:iam::*:user/alice", "arn:*",
             f"arn:aws:iam::{OTHER}:role/x", "arn:aws:iam::*:role/reader"]
        ),
    ),
    (STRING, ("aws:PrincipalAccount",), st.sampled_from([HOME, AWAY, OTHER, "*", "1*", "anonymous"])),
    (STRING, ("aws:PrincipalType",), st.sampled_from(["User", "AssumedRole", "Account", "Anonymous", "*", "A*"])),
    (STRING, ("aws:username",), st.sampled_from(["alice", "bob", "a*", "*", "ALICE"])),
    (STRING, ("aws:PrincipalOrgID", "aws:PrincipalTag/team"), st.sampled_from(["o-1", "o-*", "a"])),
    (("Bool",), ("aws:PrincipalIsAWSService",), _bools),
    (STRING, ("s3:prefix",), _texts),
)  # fmt: skip
resource_pairs = pairs(
    statements(
        actions=st.sampled_from(["s3:*", "s3:GetObject", "s3:PutObject", "*"]),
        resources=st.sampled_from(["*", "arn:aws:s3:::a", "arn:aws:s3:::a/*", "arn:aws:s3:::*"]),
        conditions=blocks(_CALLER_FAMILIES),
        principals=_principals,
    ),
    PolicyKind.RESOURCE,
)
"""Bucket policies with every kind of principal, and the keys that say who calls."""
trust_pairs = pairs(
    statements(
        actions=st.sampled_from(["sts:*", "sts:AssumeRole", "sts:Tag*", "*"]),
        resources=None,
        conditions=blocks(_CALLER_FAMILIES, 1),
        principals=_principals,
    ),
    PolicyKind.TRUST,
)
"""Trust policies, which have no resource."""
caller_pairs = pairs(
    statements(
        actions=st.sampled_from(["s3:*", "s3:GetObject", "*"]),
        resources=st.sampled_from(["*", "arn:aws:s3:::a"]),
        conditions=blocks(_CALLER_FAMILIES),
    )
)
"""Identity policies that look at who calls."""

CALLERS = (
    *(caller_of(name) for name in NAMED if name != HOME),
    caller_of({"type": "AWS", "id": NAMED[6], "role": NAMED[4]}),
    *(
        caller_of(text)
        for text in (
            f"arn:aws:iam::{HOME}:user/carol",
            f"arn:aws:iam::{HOME}:role/other",
            f"arn:aws:iam::{AWAY}:role/reader",
            f"arn:aws:iam::{OTHER}:role/x",
            f"arn:aws:iam::{OTHER}:user/ALICE",
            f"arn:aws:iam::{OTHER}:root",
            f"arn:aws:sts::{AWAY}:federated-user/bob",
            f"arn:aws:sts::{HOME}:assumed-role/reader/s2",
            f"arn:aws:sts::{HOME}:assumed-role/x/s1",
            "ec2.amazonaws.com",
            "s3.amazonaws.com",
            "sns.amazonaws.com",
            "accounts.google.com",
            f"arn:aws:iam::{HOME}:saml-provider/i",
        )
    ),
    Caller(CallerKind.ANONYMOUS),
)
ROLE = caller_of(f"arn:aws:iam::{HOME}:role/reader")
USER = caller_of(f"arn:aws:iam::{HOME}:user/alice")


# Accounts

_account_resources = st.sampled_from(["*", "arn:aws:s3:::a", "arn:aws:s3:::a/*", "arn:aws:s3:::*"])
_account_actions = st.sampled_from(["s3:*", "s3:GetObject", "s3:PutObject", "*"])
_account_conditions = blocks((FAMILIES[0], FAMILIES[3]), 1)
_FULL: Json = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def _of_kind(kind: PolicyKind, most: int = 2) -> SearchStrategy[Policy]:
    principals = _principals if kind is PolicyKind.RESOURCE else None
    statement = statements(
        actions=_account_actions, resources=_account_resources, conditions=_account_conditions, principals=principals
    )
    made = st.lists(statement, min_size=1, max_size=most)
    if kind is not PolicyKind.RESOURCE:
        made = st.one_of(made, made.map(lambda some: [_FULL, *some]), st.just([_FULL]))
    return st.builds(_policy, st.just("2012-10-17"), made, st.just(kind))


def _groups(kind: PolicyKind) -> SearchStrategy[tuple[Policy, ...]]:
    return st.lists(_of_kind(kind), min_size=1, max_size=2).map(tuple)


def _levels(groups: SearchStrategy[tuple[Policy, ...]]) -> SearchStrategy[tuple[Level, ...]]:
    return st.lists(st.builds(Level, st.just("level"), groups), max_size=2).map(tuple)


def _rcp(statement: Json) -> tuple[Policy, ...]:
    return (_policy("2012-10-17", [statement | {"Effect": "Deny", "Principal": "*"}], PolicyKind.RCP),)


_ACCOUNT: dict[str, SearchStrategy[Any]] = {
    "identity": _groups(PolicyKind.IDENTITY),
    "boundary": st.none() | _groups(PolicyKind.BOUNDARY),
    "session": st.none() | _groups(PolicyKind.SESSION),
    "resource": st.none() | _of_kind(PolicyKind.RESOURCE) | _of_kind(PolicyKind.RESOURCE),
    "scps": _levels(_groups(PolicyKind.SCP)),
    "rcps": _levels(
        statements(actions=_account_actions, resources=_account_resources, conditions=_account_conditions).map(_rcp)
    ),
}
accounts = st.builds(Policies, **_ACCOUNT)
"""All policies of a principal and of a resource in one account."""


@st.composite
def account_pairs(draw: st.DrawFn) -> tuple[Policies, Policies]:
    """The policies of an account, and the same with one or two layers exchanged."""
    old = draw(accounts)
    layers = draw(st.lists(st.sampled_from([*_ACCOUNT]), min_size=1, max_size=2))
    return old, old._replace(**{layer: draw(_ACCOUNT[layer]) for layer in layers})


def policies_of(account: Policies) -> list[Policy]:
    """All policies of an account."""
    levels = [policy for level in (*account.scps, *account.rcps) for policy in level.policies]
    own = [*account.identity, *(account.boundary or ()), *(account.session or ())]
    return [*own, *([account.resource] if account.resource else []), *levels]


# Requests

_WORDS = ("a", "b", "ab", "aa", "aab", "ba", "a/b", "b/a", "/", "a:b", "abab", "*", "?", "$", "alice", "q", "")


def requests(policies: Iterable[Policy], callers: Sequence[Caller] = (ROLE,), most: int = 1500) -> Iterator[Request]:
    """The requests that can tell policies apart, made of their own constants: all of them, or `most` picked ones."""
    found = tuple(policies)
    words = _resource_words(found)
    keys = _values(found)
    spaces: list[Sequence[Any]] = [ALL_ACTIONS, words, callers, *keys.values()]
    size = 1
    for space in spaces:
        size *= len(space)
    if size <= most:
        combinations: Iterator[tuple[Any, ...]] = product(*spaces)
    else:
        pick = random.Random(size)
        combinations = (tuple(pick.choice(space) for space in spaces) for _ in range(most))
    for action, resource, caller, *values in combinations:
        context = {
            key: value
            for key, value in zip(keys, values, strict=True)
            if value is not None and not (key.startswith(_OF_ACCOUNTS) and _is_stranger(caller))
        }
        yield Request(action, resource, caller, context)


def _resource_words(found: Sequence[Policy]) -> list[str]:
    entries = {
        pattern.text
        for policy in found
        for statement in policy.statements
        for pattern in (*statement.resources, *statement.not_resources)
    }
    made: dict[str, None] = {"*": None, "arn:aws:s3:::zz": None, "arn:aws-cn:sns:eu-west-1:999988887777:zz": None}
    for entry in sorted(entries):
        fields = entry.split(":", 5)
        if entry.strip("*") == "":
            continue
        fields += ["*"] * (6 - len(fields))
        for head in (("aws", "s3", "", "", ""), ("aws", "sqs", "us-east-1", HOME, "")):
            filled = [_filled(field, default) for field, default in zip(fields[1:5], head[:4], strict=True)]
            for word in _fillings(fields[5]):
                made.setdefault(":".join(["arn", *filled, word]))
    return list(islice(made, 40))


def _filled(field: str, default: str) -> str:
    return default if field == "*" else field.replace("*", "").replace("?", "1")


@lru_cache(maxsize=4096)
def _fillings(pattern: str) -> tuple[str, ...]:
    """A pattern as texts: words it matches, and some it does not."""
    made: dict[str, None] = {}
    for variable in ("a", "alice", "*", HOME, "b"):
        text = _replace_variables(pattern, variable)
        for star in ("", "a", "b", "ab", "/", "a:b"):
            for any_ in ("a", "b"):
                made.setdefault(text.replace("*", star).replace("?", any_))
    for word in [*made][:4]:
        made.setdefault(word + "b")
        made.setdefault("b" + word)
        made.setdefault(word[:-1])
        made.setdefault(word.swapcase())
    made.setdefault(pattern)
    return tuple(made)


def _replace_variables(text: str, value: str) -> str:
    for special, plain in (("${*}", "*"), ("${?}", "?"), ("${$}", "$")):
        text = text.replace(special, plain)
    while "${" in text and "}" in text[text.index("${") :]:
        start = text.index("${")
        text = text[:start] + value + text[text.index("}", start) + 1 :]
    return text


_OF_ACCOUNTS = ("aws:principaltag/", "aws:principalorgid")


def _is_stranger(caller: Caller) -> bool:
    """Whether a caller is no principal of an account, and so has neither tags nor an organization."""
    return not caller.account or caller.kind is CallerKind.FEDERATED


_FROM_CALLER = ("aws:principalarn", "aws:principalaccount", "aws:principaltype", "aws:principalisawsservice")


def _values(found: Sequence[Policy]) -> dict[str, list[tuple[str, ...] | None]]:
    """For each condition key the lists of values to try; None leaves the key to what follows from the caller."""
    constants: dict[str, dict[str, None]] = {}
    many: set[str] = set()
    conditions = [c for policy in found for statement in policy.statements for c in statement.conditions]
    for condition in conditions:
        texts = constants.setdefault(condition.key_lower, {})
        for text in _neighbours(condition):
            texts.setdefault(text)
        known = WORLD.is_multivalued(condition.key_lower)
        if known or (known is None and condition.operator.qualifier):
            many.add(condition.key_lower)
    for key in _variable_keys(found):
        for text in ("a", "b", "*", "zz"):
            constants.setdefault(key, {}).setdefault(text)
    if {"aws:currenttime", "aws:epochtime"} <= constants.keys():
        constants["aws:currenttime"].update(constants.pop("aws:epochtime"))
    lists: dict[str, list[tuple[str, ...] | None]] = {}
    for key, texts in constants.items():
        if key in _FROM_CALLER or key == "aws:username":
            continue
        single = [(text,) for text in texts]
        pairs = [(one, other) for one in texts for other in texts if one < other] if key in many else []
        lists[key] = [None, *single, *pairs]
    return lists


def _variable_keys(found: Sequence[Policy]) -> Iterator[str]:
    text = str([policy.raw for policy in found]).lower()
    for key in ("aws:principaltag/team", "aws:requesttag/x", "s3:prefix"):
        if "${" + key in text:
            yield key


def _neighbours(condition: Condition) -> Iterator[str]:
    """The values of a condition and others near them, all of the type that the key has."""
    family = condition.operator.family
    for value in condition.values:
        text = value.text
        if family in ("Numeric", "Date"):
            point = scalars.number(text) if family == "Numeric" else scalars.date(text)
            if point is not None:
                yield from (scalars.number_text(point + step) for step in (0, -1, 1))
        elif family == "IpAddress":
            ends = scalars.addresses(text)
            if ends is not None:
                yield from (_address(end + step) for end in ends for step in (-1, 0, 1))
        elif family == "Binary":
            yield from (each for each in (scalars.binary(text), "QUM=") if each is not None)
        elif family == "Bool":
            yield from ("true", "false")
        elif family in ("String", "Arn"):
            yield from islice(_fillings(text), 12)
            yield from (text, text.swapcase(), "q")
    if family == "Null":
        yield {
            "s3:max-keys": "3",
            "custom:numbers": "3",
            "aws:currenttime": "1767225600",
            "aws:epochtime": "1767225600",
            "custom:dates": "1767225600",
            "aws:securetransport": "true",
            "custom:flags": "true",
            "aws:sourceip": "10.0.0.1",
            "custom:addresses": "10.0.0.1",
            "custom:bytes": "QUM=",
        }.get(condition.key_lower, "q")


def _address(value: int) -> str:
    return scalars.address_text(min(max(value, 0), scalars.LAST_ADDRESS))


# Other texts of the same policy


@st.composite
def rewritten(draw: st.DrawFn, policy: Policy) -> Policy:
    """The same policy, its order, its letter case where that means nothing, and its lists written in another way."""
    made = [_rewritten(draw, statement.raw) for statement in policy.statements]
    return _policy(policy.version, draw(st.permutations(made)), policy.kind)


def _rewritten(draw: st.DrawFn, statement: Mapping[str, Any]) -> Json:
    made: Json = {"Sid": draw(st.sampled_from(["One", "Two"]))}
    for element, value in draw(st.permutations([*statement.items()])):
        if element in ("Action", "NotAction"):
            made[element] = _listing(draw, value, fold=True)
        elif element in ("Resource", "NotResource"):
            made[element] = _listing(draw, value)
        elif element == "Condition":
            made[element] = {
                _cased(draw, operator): {_cased(draw, key): _listing(draw, values) for key, values in keys.items()}
                for operator, keys in draw(st.permutations([*value.items()]))
            }
        else:
            made[element] = value
    return made


def _listing(draw: st.DrawFn, value: Any, *, fold: bool = False) -> Any:
    entries = draw(st.permutations(value if isinstance(value, list) else [value]))
    entries = [_cased(draw, each) if fold else each for each in entries]
    entries += [entries[0]] if draw(st.booleans()) else []
    return entries[0] if len(entries) == 1 and draw(st.booleans()) else entries


def _cased(draw: st.DrawFn, text: str) -> str:
    return draw(st.sampled_from([text, text.lower(), text.upper(), text.swapcase()]))


def split(policy: Policy) -> Policy:
    """The same policy with a statement for each entry of Action and of Resource."""
    made: Texts = []
    for statement in policy.statements:
        raw: Json = dict(statement.raw)
        names = [name for name in ("Action", "Resource") if name in raw]
        lists = [raw[name] if isinstance(raw[name], list) else [raw[name]] for name in names]
        made += [{**raw, **dict(zip(names, parts, strict=True))} for parts in product(*lists)]
    return _policy(policy.version, made, policy.kind)


def extended(policy: Policy, statement: Json) -> Policy:
    """A policy with one statement more."""
    return _policy(policy.version, [*(dict(each.raw) for each in policy.statements), statement], policy.kind)
