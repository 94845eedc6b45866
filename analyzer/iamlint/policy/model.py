"""Policy and Statement: a document as frozen values with places. Tolerant: a wrong part never hides the others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from iamlint.policy.condition import Condition, conditions
from iamlint.policy.kind import PolicyKind
from iamlint.policy.pattern import Pattern
from iamlint.text import ROOT, Pointer

_MORE_TEXTS = frozenset({"NotResource", "Principal", "NotPrincipal", "Condition"})
_STATEMENT = ROOT / "Statement"
CURRENT_VERSION = "2012-10-17"


class PrincipalEntry(NamedTuple):
    """One entry of a Principal or NotPrincipal element. A bare `"*"` is type `AWS`, value `*`, `bare`.

    See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """

    at: Pointer
    type: str
    value: str
    bare: bool = False

    def __str__(self) -> str:
        return self.value

    @property
    def is_anyone(self) -> bool:
        """Whether it means everyone, anonymous callers included."""
        return self.value == "*" and self.type == "AWS"


class Statement:
    """One statement. Elements that are missing or of a wrong type are empty; `raw` is what really stands there."""

    def __init__(self, at: Pointer, index: int, raw: Mapping[str, object]) -> None:
        self.at: Final = at
        self.index: Final = index
        self.raw: Final = raw

    def __repr__(self) -> str:
        return f"Statement({str(self.at)!r}, {self.raw!r})"

    @property
    def sid(self) -> str | None:
        """The Sid, when it is a text."""
        return self._text("Sid")

    @property
    def effect(self) -> str | None:
        """`Allow`, `Deny`, or whatever text stands there; None without one."""
        return self._text("Effect")

    @property
    def allows(self) -> bool:
        """Whether the effect is Allow."""
        return self.raw.get("Effect") == "Allow"

    @property
    def denies(self) -> bool:
        """Whether the effect is Deny."""
        return self.raw.get("Effect") == "Deny"

    @cached_property
    def actions(self) -> tuple[Pattern, ...]:
        """The entries of Action."""
        return self._patterns("Action", fold=True)

    @cached_property
    def not_actions(self) -> tuple[Pattern, ...]:
        """The entries of NotAction."""
        return self._patterns("NotAction", fold=True)

    @cached_property
    def resources(self) -> tuple[Pattern, ...]:
        """The entries of Resource."""
        return self._patterns("Resource")

    @cached_property
    def not_resources(self) -> tuple[Pattern, ...]:
        """The entries of NotResource."""
        return self._patterns("NotResource")

    @cached_property
    def text(self) -> str:
        """Its resources, principals and condition values, one to a line: for a quick look whether a sign is in any."""
        texts = [pattern.text for pattern in self.resources]
        if _MORE_TEXTS.isdisjoint(self.raw):
            return "\n".join(texts)
        texts += [pattern.text for pattern in self.not_resources]
        texts += [entry.value for entry in (*self.principals, *self.not_principals)]
        texts += [value.text for condition in self.conditions for value in condition.values]
        return "\n".join(texts)

    @cached_property
    def services(self) -> frozenset[str]:
        """What stands before the colon in the entries of Action, in lower case: for most rules, a quick first look."""
        return frozenset([action.key.partition(":")[0] for action in self.actions])

    @cached_property
    def wild_actions(self) -> Sequence[Pattern]:
        """The entries of Action with a wildcard or a variable: of long lists they are few."""
        return [action for action in self.actions if _is_wild(action.key)]

    @cached_property
    def any_action(self) -> Pattern | None:
        """The entry of Action that is `*` or `*:*`; None if there is none."""
        if not any(service[:1] == "*" for service in self.services):
            return None
        return next((action for action in self.actions if action.is_everything or action.text == "*:*"), None)

    @cached_property
    def any_resource(self) -> Pattern | None:
        """The entry of Resource that is `*`; None if there is none."""
        return next((resource for resource in self.resources if resource.is_everything), None)

    @cached_property
    def principals(self) -> tuple[PrincipalEntry, ...]:
        """The entries of Principal."""
        if "Principal" not in self.raw:
            return ()
        return tuple(_principals(self.raw["Principal"], self.at / "Principal"))

    @cached_property
    def not_principals(self) -> tuple[PrincipalEntry, ...]:
        """The entries of NotPrincipal."""
        if "NotPrincipal" not in self.raw:
            return ()
        return tuple(_principals(self.raw["NotPrincipal"], self.at / "NotPrincipal"))

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions, one for every pair of operator and key."""
        if "Condition" not in self.raw:
            return ()
        return tuple(conditions(self.raw["Condition"], self.at / "Condition"))

    def entries_near(self, names: frozenset[str]) -> Sequence[Pattern]:
        """The entries of Action that are among some actions, given in lower case, and all that have a wildcard."""
        if self._action_keys.isdisjoint(names):
            return self.wild_actions
        return [action for action in self.actions if action.key in names or _is_wild(action.key)]

    def applies_to_action(self, name: str) -> bool:
        """Whether Action or NotAction takes in an action, such as `iam:PassRole`; nothing else is looked at."""
        if "NotAction" in self.raw:
            names, wild = self._excepted
            return name.lower() not in names and not any(pattern.matches(name) for pattern in wild)
        if name.lower() in self._action_keys:
            return True
        return bool(self.wild_actions) and self._may_name(name) and any(p.matches(name) for p in self.wild_actions)

    def entry_for(self, name: str) -> Pattern | None:
        """The entry of Action that takes in an action: the one that names it, else the first; None if none does."""
        entries = [pattern for pattern in self.actions if pattern.matches(name)] if self._may_name(name) else []
        return min(entries, key=lambda pattern: pattern.has_wildcard, default=None)

    def limits(self, key: str) -> bool:
        """Whether a condition names the texts a key may have; Access Analyzer takes none that begins with a `*`."""
        return any(
            condition.key_lower == key
            and condition.operator.name in ("StringEquals", "StringLike", "StringEqualsIgnoreCase")
            and condition.values
            and not any(value.text.startswith("*") for value in condition.values)
            for condition in self.conditions
        )

    def condition_keys(self) -> frozenset[str]:
        """The condition keys, in lower case."""
        return self._condition_keys

    def can_rename(self, condition: Condition, operator: str) -> bool:
        """Whether a condition's operator holds no other key and the one it is to become is not there yet."""
        block = self.raw.get("Condition")
        return isinstance(block, dict) and operator not in block and len(block[condition.operator.text]) == 1

    def has(self, element: str) -> bool:
        """Whether the statement has an element of that name, whatever its value."""
        return element in self.raw

    def element_at(self, element: str) -> Pointer:
        """The place of an element."""
        return self.at / element

    def _may_name(self, action: str) -> bool:
        return self._has_open_service or action.partition(":")[0].lower() in self.services

    @cached_property
    def _action_keys(self) -> frozenset[str]:
        return frozenset([action.key for action in self.actions])

    @cached_property
    def _excepted(self) -> tuple[frozenset[str], Sequence[Pattern]]:
        """The entries of NotAction: as they are compared, and those with a wildcard."""
        entries = self.not_actions
        return frozenset([entry.key for entry in entries]), [entry for entry in entries if _is_wild(entry.key)]

    @cached_property
    def _condition_keys(self) -> frozenset[str]:
        return frozenset([condition.key_lower for condition in self.conditions])

    @cached_property
    def _has_open_service(self) -> bool:
        return any("*" in service or "?" in service for service in self.services)

    def _text(self, element: str) -> str | None:
        value = self.raw.get(element)
        return value if isinstance(value, str) else None

    def _patterns(self, element: str, *, fold: bool = False) -> tuple[Pattern, ...]:
        if element not in self.raw:
            return ()
        value, at = self.raw[element], self.at / element
        if isinstance(value, str):
            return (Pattern(value, at, fold=fold),)
        if not isinstance(value, list):
            return ()
        return tuple([Pattern(e, at, i, fold=fold) for i, e in enumerate(value) if isinstance(e, str)])


class Policy:
    """A policy document of any kind. Compared by identity: two equal documents stand in two places."""

    def __init__(
        self,
        raw: object,
        kind: PolicyKind = PolicyKind.IDENTITY,
        service: str | None = None,
        address: str | None = None,
        *,
        is_attached: bool = False,
    ) -> None:
        self.raw: Final = raw
        self.kind: Final = kind
        self.service: Final = service
        """For a resource policy, the prefix of the service it is attached to, where that is known."""
        self.is_attached: Final = is_attached
        """Whether the service is told by what stands around the policy; else its own actions tell it."""
        self.address: Final = address
        """Where in its file the policy stands, in the words of the file; None for a file that is the policy."""

    def __repr__(self) -> str:
        return f"Policy({self.raw!r}, {self.kind.value!r})"

    @property
    def elements(self) -> Mapping[str, object]:
        """The top-level members; empty for a document that is no object."""
        return self.raw if isinstance(self.raw, dict) else {}

    @property
    def version(self) -> str | None:
        """The Version, when it is a text."""
        value = self.elements.get("Version")
        return value if isinstance(value, str) else None

    @property
    def has_variables(self) -> bool:
        """Whether `${…}` means a policy variable: only with Version 2012-10-17."""
        return self.version == CURRENT_VERSION

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The statements that are objects, in order; the Statement element may be one object or a list."""
        value = self.elements.get("Statement")
        at = _STATEMENT
        if isinstance(value, dict):
            return (Statement(at, 0, value),)
        if not isinstance(value, list):
            return ()
        return tuple([Statement(at / i, i, entry) for i, entry in enumerate(value) if isinstance(entry, dict)])

    def denies(self, action: str) -> bool:
        """Whether a statement denies an action on every resource, whatever the circumstances."""
        return bool(self._plain_denies) and any(each.applies_to_action(action) for each in self._plain_denies)

    @cached_property
    def _plain_denies(self) -> tuple[Statement, ...]:
        return tuple([each for each in self.statements if each.denies and each.any_resource and not each.conditions])


class Attachment(NamedTuple):
    """A managed policy as it is attached to a principal, or to a group that the principal is in."""

    name: str
    """`AmazonS3FullAccess`"""
    arn: str
    policy: Policy | None = None
    """Its document, which is one of the principal's policies; None where that is not there to read."""
    group: str = ""
    """The group that it comes by, as `group/devs`; empty if it is attached to the principal itself."""


class Principal(NamedTuple):
    """A role, user or group with all its policies: the trust policy apart, as only a role has one."""

    name: str
    """`role/reader`, `user/alice`, `group/devs`."""
    policies: tuple[Policy, ...] = ()
    """Its own, those attached to it and those of its groups; a permissions boundary is one of its kind among them."""
    trust: Policy | None = None
    profiles: tuple[str, ...] | None = None
    """The names of the instance profiles that hold the role; None where that is not known."""
    arn: str = ""
    """Empty where it is not known."""
    attached: tuple[Attachment, ...] = ()
    """The managed policies attached to it and to its groups, those that cannot be read included."""
    groups: tuple[str, ...] = ()
    """The groups that a user is in, as `group/devs`."""
    boundary: str = ""
    """The ARN of its permissions boundary; empty if there is none, or if that is not known."""
    unread: tuple[str, ...] = ()
    """What it has and is not there to read: ARNs of managed policies, a boundary included, and names of groups."""

    @property
    def permissions(self) -> tuple[Policy, ...]:
        """Its policies that grant: all but a boundary."""
        return tuple(policy for policy in self.policies if policy.kind is not PolicyKind.BOUNDARY)

    @property
    def limits(self) -> tuple[Policy, ...]:
        """The documents of its permissions boundary: none or one."""
        return tuple(policy for policy in self.policies if policy.kind is PolicyKind.BOUNDARY)

    @property
    def account(self) -> str:
        """The account that it is in; empty where that is not known."""
        fields = self.arn.split(":")
        return fields[4] if len(fields) > 5 else ""


class Account(NamedTuple):
    """Principals that belong together: a live account, a snapshot, or one role given as files."""

    principals: tuple[Principal, ...] = ()
    policies: tuple[Policy, ...] = ()
    """Every policy, those of the principals included; a managed policy once, whoever has it."""
    id: str = ""
    """Its number; empty where that is not known."""


def _is_wild(key: str) -> bool:
    """Whether an entry may take in several actions."""
    return "*" in key or "?" in key or "$" in key


def strings(value: object, at: Pointer) -> Iterator[tuple[Pointer, str]]:
    """The texts of an element that is a text or a list of texts, each with its place; anything else is passed over."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            if isinstance(entry, str):
                yield at / index, entry


def _principals(value: object, at: Pointer) -> Iterable[PrincipalEntry]:
    if isinstance(value, str):
        yield PrincipalEntry(at, "AWS", value, bare=True)
    elif isinstance(value, dict):
        for type_, entries in value.items():
            for place, text in strings(entries, at / type_):
                yield PrincipalEntry(place, type_, text)
