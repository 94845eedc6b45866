"""Which policies belong to which role, user or group, and to which account. Reads nothing, judges nothing."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from iamlint.policy import Account, Attachment, Policy, PolicyKind, Principal
from iamlint.source.document import Entity, Found
from iamlint.source.placed import Homes, Placed, homes, placed
from iamlint.source.wrappers import account_of


class Holding(NamedTuple):
    """A principal, its policies with their places, and where it is told of itself: a policy of its own, or its name."""

    principal: Principal
    members: tuple[Placed, ...]
    seat: Placed


class Listing(NamedTuple):
    """An account whose principals are listed, and where the first of them is told of."""

    account: Account
    seat: Placed


class Estate(NamedTuple):
    """All principals that some policies tell of, the accounts that are listed, and where every policy stands."""

    holdings: tuple[Holding, ...]
    listings: tuple[Listing, ...]
    homes: Homes


def estate(members: Sequence[Placed], entities: Sequence[Entity] = ()) -> Estate:
    """The principals that the surroundings of policies tell of, and those that are listed, with all they have.

    A managed policy is one value, whoever it is attached to; as a boundary it is another one, in the same place.
    """
    linker = _Linker(members, entities)
    holdings = {who: linker.holding(who) for who in linker.known}
    seats = (holding.seat for holding in holdings.values())
    places = homes([*seats, *linker.copies.values(), *members])
    return Estate(tuple(holdings.values()), tuple(_listings(linker, holdings)), places)


class _Who(NamedTuple):
    """What tells a principal from the others: a name is unique in its account only."""

    name: str
    account: str


class _Linker:
    """The policies by owner and by ARN, so that each principal finds its own at once."""

    def __init__(self, members: Sequence[Placed], entities: Iterable[Entity]) -> None:
        self.members = members
        self.known: dict[_Who, Entity | None] = {}
        self.own: dict[_Who, list[Placed]] = {}
        self.managed: dict[tuple[str, str], Placed] = {}  # by ARN and file, or any file
        self.copies: dict[tuple[int, PolicyKind], Placed] = {}
        accounts: dict[str, set[str]] = {}
        for entity in entities:
            who = _Who(entity.name, entity.account)
            self.known[who] = _merged(self.known.get(who), entity)
            accounts.setdefault(entity.name, set()).add(entity.account)
        for member in members:
            found = member.found
            if found.principal:
                named = accounts.get(found.principal, set())
                who = _Who(found.principal, next(iter(named)) if len(named) == 1 else found.account)
                self.known.setdefault(who, None)
                self.own.setdefault(who, []).append(member)
            elif found.managed:
                for file in (found.document.file.name, ""):
                    self.managed.setdefault((found.managed, file), member)

    def holding(self, who: _Who) -> Holding:
        """A principal with all that belongs to it."""
        entity, own = self.known[who], self.own.get(who, [])
        trust = next((each for each in own if each.policy.kind is PolicyKind.TRUST), None)
        seat = trust or (own[0] if own else None)
        granted = _granted(own)
        principal = Principal(who.name, trust=trust and trust.policy)
        if entity is not None:
            principal, granted = self._linked(who, entity, principal, granted)
            seat = seat or Placed(Policy(None), Found(entity.document, address=who.name))
        assert seat is not None  # noqa: S101 - known by a policy of its own, or listed
        policies = tuple(each.policy for each in granted)
        members = ((trust,) if trust else ()) + granted
        return Holding(principal._replace(policies=policies), members, seat)

    def _linked(
        self, who: _Who, entity: Entity, principal: Principal, own: tuple[Placed, ...]
    ) -> tuple[Principal, tuple[Placed, ...]]:
        """A principal as it is listed, and its policies, those that are attached and those of its groups included."""
        groups = {name: _Who(name, who.account) for name in entity.groups}
        by_group = (each for name, group in groups.items() for each in self._by_group(name, group))
        attached = [*self._attached(entity), *by_group]
        joint = (each for group in groups.values() for each in _granted(self.own.get(group, ())))
        documents = (document for _, document in attached if document)
        boundary = self._document(entity, entity.boundary, PolicyKind.BOUNDARY)
        granted = {id(each.policy): each for each in (*own, *joint, *documents, *((boundary,) if boundary else ()))}
        unread = [each.arn for each, document in attached if not document]
        unread += [name for name, group in groups.items() if self.known.get(group) is None]
        unread += [entity.boundary] if entity.boundary and not boundary else []
        principal = principal._replace(
            profiles=entity.profiles,
            arn=entity.arn,
            attached=tuple(each for each, _ in attached),
            groups=entity.groups,
            boundary=entity.boundary,
            unread=tuple(dict.fromkeys(unread)),
        )
        return principal, tuple(granted.values())

    def _by_group(self, name: str, group: _Who) -> Iterator[tuple[Attachment, Placed | None]]:
        entity = self.known.get(group)
        for attachment, document in self._attached(entity) if entity else ():
            yield attachment._replace(group=name), document

    def _attached(self, entity: Entity) -> Iterator[tuple[Attachment, Placed | None]]:
        for name, arn in entity.attached:
            document = self._document(entity, arn, PolicyKind.IDENTITY)
            yield Attachment(name, arn, document and document.policy), document

    def _document(self, entity: Entity, arn: str, kind: PolicyKind) -> Placed | None:
        """The document of a managed policy, of the same file or else of another, as a policy of a kind."""
        found = self.managed.get((arn, entity.document.file.name)) or self.managed.get((arn, ""))
        if found is None or found.policy.kind is kind:
            return found
        key = (id(found.policy), kind)
        if key not in self.copies:
            self.copies[key] = placed(found.found._replace(kind=kind))
        return self.copies[key]


def _granted(own: Iterable[Placed]) -> tuple[Placed, ...]:
    return tuple(each for each in own if each.policy.kind is not PolicyKind.TRUST)


def _merged(before: Entity | None, entity: Entity) -> Entity:
    """What two listings of a principal tell together: `list-roles` and the details of the account, say."""
    if before is None:
        return entity
    first, second = (entity, before) if entity.is_whole and not before.is_whole else (before, entity)
    return first._replace(
        attached=tuple(dict.fromkeys((*first.attached, *second.attached))),
        groups=tuple(dict.fromkeys((*first.groups, *second.groups))),
        boundary=first.boundary or second.boundary,
        profiles=second.profiles if first.profiles is None else first.profiles,
    )


def _listings(linker: _Linker, holdings: dict[_Who, Holding]) -> Iterator[Listing]:
    """The accounts that are listed whole; principals whose account is not told are one by file."""
    listed: dict[str, None] = {}
    files: dict[str, str] = {}
    owners: dict[str, list[Holding]] = {}
    for who, entity in linker.known.items():
        file = entity.document.file.name if entity else ""
        key = who.account or file
        owners.setdefault(key, []).append(holdings[who])
        if entity and entity.is_whole:
            listed[key] = None
            files.setdefault(file, key)
    own: dict[str, list[Placed]] = {key: [] for key in listed}
    for member in linker.members:
        found = member.found
        named = next((each for each in (found.account, account_of(found.managed)) if each in listed), None)
        own.get(named or files.get(found.document.file.name, ""), []).append(member)
    for key, members in own.items():
        documents: dict[int, Policy] = {}
        for member in (*members, *(each for holding in owners[key] for each in holding.members)):
            documents.setdefault(id(member.found.document), member.policy)
        principals = tuple(holding.principal for holding in owners[key])
        yield Listing(Account(principals, tuple(documents.values()), principals[0].account), owners[key][0].seat)
