"""What holds of every comparison: it agrees with the definition, request by request, and with itself."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import strategies as shapes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from iamlint.engine.access import Access
from iamlint.engine.authorize import authorize
from iamlint.engine.case import read_request, write_request
from iamlint.engine.compare import compare, excess
from iamlint.engine.comparison import Comparison, Relation
from iamlint.engine.decision import Outcome
from iamlint.engine.request import Caller, CallerKind, Policies, Request
from iamlint.engine.witness import grants
from iamlint.policy import Policy

WORLD = shapes.WORLD
UNKNOWN = 0.02
"""How many of the questions may have no answer."""
_MIXED = 0.1
"""The same where one key is read as text and as number: a witness fits both readings, or is none."""

Law = Callable[[Any], None]


def sizes(short: int, long: int = 5_000) -> pytest.MarkDecorator:
    """A law is tried on a few examples, always the same, and under the marker `slow` on many."""
    return pytest.mark.parametrize(
        "size", [pytest.param(short, id="few"), pytest.param(long, id="many", marks=pytest.mark.slow)]
    )


def holds(law: Law, examples: SearchStrategy[Any], size: int) -> None:
    """A law holds of so many examples."""
    settings(
        max_examples=size,
        deadline=None,
        database=None,
        derandomize=size < 1000,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )(given(examples)(law))()


class Tally:
    """How often a comparison came out how; few may be unknown."""

    def __init__(self) -> None:
        self.relations: Counter[Relation] = Counter()

    def compare(self, old: Access, new: Access) -> Comparison:
        """A comparison, counted."""
        found = compare(old, new, WORLD)
        self.relations[found.relation] += 1
        return found

    def settle(self, share: float = UNKNOWN) -> None:
        """Few were unknown."""
        total = sum(self.relations.values())
        assert self.relations[Relation.UNKNOWN] <= 1 + share * total, self.relations


def agrees(found: Comparison, old: Access, new: Access, requests: Any) -> None:
    """A comparison says nothing that a request contradicts, and its witnesses are what they are said to be."""
    for witness, more, less in ((found.gained, new, old), (found.lost, old, new)):
        if witness is not None:
            read = read_request(json.loads(json.dumps(write_request(witness.request))))
            assert read == witness.request
            assert grants(more, read)
            assert not grants(less, read)
    for request in requests:
        is_old, is_new = grants(old, request), grants(new, request)
        if is_new and not is_old:
            assert found.relation not in (Relation.EQUIVALENT, Relation.NARROWER), request
        if is_old and not is_new:
            assert found.relation not in (Relation.EQUIVALENT, Relation.BROADER), request


_HOLDERS = tuple(c for c in shapes.CALLERS if c.kind in (CallerKind.USER, CallerKind.ROLE, CallerKind.FEDERATED_USER))
_PAIRS: dict[str, tuple[SearchStrategy[shapes.Pair], Sequence[Caller]]] = {
    "identity": (shapes.plain_pairs, (shapes.ROLE,)),
    "actions that the world lacks": (shapes.open_pairs, (shapes.ROLE,)),
    "variables": (shapes.variable_pairs, _HOLDERS),
    "principals": (shapes.resource_pairs, shapes.CALLERS),
    "who calls": (shapes.caller_pairs, _HOLDERS),
    "limits of an organization": (shapes.limit_pairs, (shapes.ROLE,)),
    "trust": (shapes.trust_pairs, shapes.CALLERS),
}
_EVERY = _PAIRS | {
    "broken statements": (shapes.broken_pairs, (shapes.ROLE,)),
    "several readings of a key": (shapes.mixed_pairs, (shapes.ROLE,)),
}


@pytest.mark.parametrize("name", _EVERY)
@sizes(40)
def test_agrees_with_every_request(name: str, size: int) -> None:
    """Whatever one of many requests shows of two policies, the algebra says."""
    examples, callers = _EVERY[name]
    tally = Tally()

    def law(pair: shapes.Pair) -> None:
        old, new = (Access.of(policy) for policy in pair)
        agrees(tally.compare(old, new), old, new, shapes.requests(pair, callers, 500 if size < 1000 else 1500))

    holds(law, examples, size)
    tally.settle(_MIXED if name == "several readings of a key" else UNKNOWN)


def _at_home(accounts: Sequence[Policies]) -> list[Request]:
    """Requests of the principals of an account for its own resources."""
    callers = [c for c in shapes.CALLERS if c.account == shapes.HOME and c.kind in (CallerKind.USER, CallerKind.ROLE)]
    policies = [policy for account in accounts for policy in shapes.policies_of(account)]
    return [each._replace(resource_account=shapes.HOME) for each in shapes.requests(policies, callers, 200)]


@sizes(25)
def test_an_account_is_what_authorize_says(size: int) -> None:
    """The gates of all layers let through what `authorize` allows."""

    def law(account: Policies) -> None:
        access = Access.of_all(account)
        for request in _at_home([account]):
            assert grants(access, request) == (authorize(request, account).outcome is Outcome.ALLOW), request

    holds(law, shapes.accounts, size)


@sizes(40)
def test_accounts_agree_with_every_request(size: int) -> None:
    """Whatever one of many requests shows of all layers of two accounts, the algebra says."""
    tally = Tally()

    def law(pair: tuple[Policies, Policies]) -> None:
        old, new = (Access.of_all(account) for account in pair)
        agrees(tally.compare(old, new), old, new, _at_home(pair))

    holds(law, shapes.account_pairs(), size)
    tally.settle()


_ALL = st.one_of(*[examples for examples, _ in _PAIRS.values()])


@sizes(80)
def test_another_text_of_a_policy_is_equivalent(size: int) -> None:
    """Order, Sids, repetitions, lists of one, and letter case where it does not count, mean nothing."""
    tally = Tally()

    def law(pair: shapes.Pair) -> None:
        old, new = (Access.of(policy) for policy in pair)
        assert tally.compare(old, new).relation in (Relation.EQUIVALENT, Relation.UNKNOWN)

    texts = _ALL.flatmap(lambda pair: st.tuples(st.just(pair[0]), shapes.rewritten(pair[0])))
    holds(law, texts, size)
    tally.settle()


@sizes(60)
def test_splitting_lists_changes_nothing(size: int) -> None:
    """A statement for each entry of Action and Resource says the same as one for all."""
    tally = Tally()

    def law(pair: shapes.Pair) -> None:
        whole, parts = Access.of(pair[0]), Access.of(shapes.split(pair[0]))
        assert tally.compare(whole, parts).relation in (Relation.EQUIVALENT, Relation.UNKNOWN)

    holds(law, _ALL, size)
    tally.settle()


@sizes(60)
def test_included_is_transitive(size: int) -> None:
    """What is in something that is in a third is in the third."""

    def law(three: tuple[Policy, ...]) -> None:
        one, two, three_ = (Access.of(policy) for policy in three)
        if is_included(one, two) and is_included(two, three_):
            assert excess(one, three_, WORLD).witness is None

    holds(law, shapes.chains(shapes.plain_statements, length=3), size)


def is_included(one: Access, other: Access) -> bool:
    """Whether one side plainly grants nothing that the other does not."""
    answer = excess(one, other, WORLD)
    return answer.witness is None and not answer.unknown


@sizes(60)
def test_a_deny_never_widens_and_an_allow_never_narrows(size: int) -> None:
    """One statement more takes away or adds, as its effect says."""

    def law(example: tuple[shapes.Pair, Policy]) -> None:
        (policy, _), other = example
        more = dict(other.statements[0].raw)
        denied = Access.of(shapes.extended(policy, more | {"Effect": "Deny"}))
        allowed = Access.of(shapes.extended(policy, more | {"Effect": "Allow"}))
        assert excess(denied, Access.of(policy), WORLD).witness is None
        assert excess(Access.of(policy), allowed, WORLD).witness is None

    holds(law, st.one_of(*(st.tuples(each, each.map(lambda two: two[1])) for each, _ in _PAIRS.values())), size)


@sizes(60)
def test_mirrors(size: int) -> None:
    """Exchanged, what is broader is narrower."""
    mirror = {Relation.BROADER: Relation.NARROWER, Relation.NARROWER: Relation.BROADER}

    def law(pair: shapes.Pair) -> None:
        old, new = (Access.of(policy) for policy in pair)
        there, back = compare(old, new, WORLD), compare(new, old, WORLD)
        assert back.relation == mirror.get(there.relation, there.relation)
        assert (back.gained, back.lost) == (there.lost, there.gained)

    holds(law, _ALL, size)


_NEW = {"Effect": "Allow", "Action": "new:Thing", "Resource": "*"}


@sizes(60)
def test_closed_and_open_world_do_not_contradict(size: int) -> None:
    """What is included whatever actions may exist is included among those that do; a witness stays one."""

    def law(pair: shapes.Pair) -> None:
        one, other = (Access.of(policy) for policy in pair)
        open_one, open_other = (Access.of(shapes.extended(policy, _NEW)) for policy in pair)
        closed, wide = excess(one, other, WORLD), excess(open_one, open_other, WORLD)
        if closed.witness is not None:
            assert wide.witness is not None or wide.unknown
            assert grants(open_one, closed.witness.request)
            assert not grants(open_other, closed.witness.request)
        if wide.witness is None and not wide.unknown:
            assert closed.witness is None

    holds(law, shapes.plain_pairs, size)
