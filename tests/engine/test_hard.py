"""Hard questions end within their budget: with an answer, or with *unknown*. Steps are counted, no clock is read."""

import random
from typing import Any

import pytest

from iamlint.catalog import load
from iamlint.engine.access import Access
from iamlint.engine.compare import NOTHING, STEPS
from iamlint.engine.question import EVERYWHERE, Question
from iamlint.engine.witness import grants
from iamlint.policy import Policy
from iamlint.policy.automaton import Budget

Json = dict[str, Any]
S3 = "arn:aws:s3:::"


def allow(resource: Any = "*", action: Any = "s3:*", **rest: Any) -> Json:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **rest}


def deny(resource: Any = "*", action: Any = "s3:*", **rest: Any) -> Json:
    return {**allow(resource, action, **rest), "Effect": "Deny"}


def flags(*values: str) -> Json:
    return {"Bool": {f"example:flag{number}": value for number, value in enumerate(values)}}


def clauses(count: int) -> list[Json]:
    """Denies of three random flags each: whether anything is left allowed is a question of satisfiability."""
    draw = random.Random(count)
    return [
        deny(
            Condition={"Bool": {f"example:flag{n}": draw.choice(("true", "false")) for n in draw.sample(range(50), 3)}}
        )
        for _ in range(count)
    ]


def many(pattern: str, count: int = 10_000) -> list[str]:
    return [pattern.format(number) for number in range(count)]


def like(values: list[str]) -> Json:
    return {"StringLike": {"aws:PrincipalTag/team": values}}


HARD: dict[str, tuple[list[Json], list[Json]]] = {
    "suffixes of one length": ([allow(f"{S3}*a{'?' * 14}")], [allow(f"{S3}*b{'?' * 14}")]),
    "suffixes that are denied": ([allow(f"{S3}*a{'?' * 14}"), deny(f"{S3}*b{'?' * 14}")], [allow(f"{S3}*c{'?' * 14}")]),
    "middles of one length": (
        [allow(f"{S3}*a{'?' * 12}*")],
        [allow([f"{S3}*{letter}{'?' * 12}a*" for letter in "abcdefgh"])],
    ),
    "fifty flags in one Deny": ([allow()], [allow(), deny(Condition=flags(*["true"] * 50))]),
    "fifty Denies of a flag": (
        [allow(), *(deny(Condition={"Bool": {f"example:flag{n}": "true"}}) for n in range(50))],
        [allow(), deny(Condition=flags(*["true"] * 50))],
    ),
    "three flags a Deny, few": ([allow(), *clauses(100)], [allow(action="ec2:*")]),
    "three flags a Deny, at the threshold": ([allow(), *clauses(213)], [allow(action="ec2:*")]),
    "three flags a Deny, too many": ([allow(), *clauses(600)], [allow(action="ec2:*")]),
    "eighty negated resources": (
        [{"Effect": "Allow", "Action": "s3:*", "NotResource": many(f"{S3}*x{{}}*y*", 80)}],
        [{"Effect": "Allow", "Action": "s3:*", "NotResource": many(f"{S3}*x{{}}*y*z*", 80)}],
    ),
    "eighty negated values": (
        [allow(Condition={"StringNotLike": {"aws:PrincipalTag/team": many("*a{}*b?c*", 80)}})],
        [allow(Condition={"StringNotLike": {"aws:PrincipalTag/team": many("*a{}*b*", 80)}})],
    ),
    "long lists of resources": ([allow(many(f"{S3}b{{}}/*"))], [allow(many(f"{S3}b{{}}/x*"))]),
    "long lists of names": ([allow(many(f"{S3}b{{}}/k"))], [allow(many(f"{S3}b{{}}/k")[::-1])]),
    "long lists with stars in front": ([allow(many(f"{S3}*{{}}/x"))], [allow(many(f"{S3}*{{}}?/x"))]),
    "long lists of actions": ([allow(action=many("s3:Get{}"))], [allow(action=many("s3:Get{}*"))]),
    "long lists of values": ([allow(Condition=like(many("*v{}")))], [allow(Condition=like(many("v{}*")))]),
    "long lists of addresses": (
        [allow(Condition={"IpAddress": {"aws:SourceIp": [f"10.{n // 256}.{n % 256}.0/24" for n in range(10_000)]}})],
        [allow(Condition={"NotIpAddress": {"aws:SourceIp": [f"10.{n // 256}.{n % 256}.0/25" for n in range(10_000)]}})],
    ),
    "a thousand statements": (
        [allow(f"{S3}b{number}/*") for number in range(1000)],
        [allow(f"{S3}b{number}/*", "s3:Get*") for number in range(1000)],
    ),
    "three thousand Denies": (
        [allow(), *(deny(f"{S3}b{number}/*", "s3:Get*") for number in range(3000))],
        [allow(), *(deny(f"{S3}b{number}*", "s3:Get*") for number in range(3000))],
    ),
    "variables in a row": (
        [allow(f"{S3}b/" + "/".join(f"${{aws:PrincipalTag/t{number}}}" for number in range(8)))],
        [allow(f"{S3}b/" + "/".join(f"${{aws:PrincipalTag/t{number}}}" for number in range(7, -1, -1)))],
    ),
}


@pytest.mark.parametrize("direction", ["gained", "lost"])
@pytest.mark.parametrize("name", HARD)
def test_ends(name: str, direction: str) -> None:
    """A hard question ends within the budget; what it claims holds."""
    documents = HARD[name] if direction == "lost" else HARD[name][::-1]
    left, right = (Access.of(Policy({"Version": "2012-10-17", "Statement": each})) for each in documents)
    budget = Budget(STEPS)
    question = Question(left, right, load(), EVERYWHERE, budget)
    witness = question.ask()

    assert budget.steps >= -STEPS // 2  # the last step may be a long one, but none is as long as the budget
    if witness is not None:
        assert grants(left, witness.request)
        assert not grants(right, witness.request)


@pytest.mark.parametrize(
    ("name", "gained", "lost"),
    [
        ("suffixes of one length", True, True),
        ("suffixes that are denied", True, True),
        ("fifty flags in one Deny", False, True),
        ("fifty Denies of a flag", True, False),
        ("long lists of names", False, False),
        ("long lists of actions", True, False),
        ("long lists of addresses", True, True),
        ("a thousand statements", False, True),
    ],
)
def test_is_decided(name: str, gained: bool, lost: bool) -> None:
    """What looks hard and is not is decided."""
    old, new = (Access.of(Policy({"Version": "2012-10-17", "Statement": each})) for each in HARD[name])
    answers = {}
    for key, left, right in (("gained", new, old), ("lost", old, new)):
        question = Question(left, right, load(), EVERYWHERE, Budget(STEPS))
        answers[key] = (question.ask() is not None, question.doubt)

    assert answers == {"gained": (gained, ""), "lost": (lost, "")}


def test_no_budget_is_no_answer() -> None:
    """Without a step to take, nothing is claimed: neither that there is a witness nor that there is none."""
    left = Access.of(Policy({"Version": "2012-10-17", "Statement": allow(f"{S3}a*")}))
    question = Question(left, NOTHING, load(), EVERYWHERE, Budget(0))

    assert question.ask() is None
    assert question.doubt == "it takes more steps than the budget allows"
