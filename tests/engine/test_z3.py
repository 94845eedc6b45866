"""z3 as a second opinion: an encoding of its own says whether one policy grants what another one does not."""

from collections import Counter
from typing import Any

import pytest
import strategies as shapes
from hypothesis import HealthCheck, given, settings

from iamlint.engine.access import Access
from iamlint.engine.compare import excess

EXAMPLES = 1_500
MILLISECONDS = 1_000
MOST_UNKNOWN = 0.1


@pytest.mark.z3
def test_z3_agrees() -> None:
    """Where z3 has an answer in time it is the algebra's."""
    import encoding  # noqa: PLC0415 - z3 is slow to import
    import z3  # noqa: PLC0415

    answers: Counter[str] = Counter()

    def differs(left: Any, right: Any) -> str:
        made = encoding.Encoding(shapes.ALL_ACTIONS, shapes.WORLD.many, [left, right])
        solver = z3.Solver()
        solver.set("timeout", MILLISECONDS)
        solver.add(*made.rules, made.allows(left), z3.Not(made.allows(right)))
        return str(solver.check())

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(shapes.plain_pairs)
    def law(pair: shapes.Pair) -> None:
        left, right = pair
        by_z3 = differs(left.raw, right.raw)
        by_algebra = excess(Access.of(left), Access.of(right), shapes.WORLD)
        answers[by_z3] += 1
        answers["algebra unknown"] += bool(by_algebra.unknown)
        if by_z3 != "unknown" and not by_algebra.unknown:
            assert (by_z3 == "sat") == (by_algebra.witness is not None), (left.raw, right.raw)

    law()

    assert answers["unknown"] <= MOST_UNKNOWN * EXAMPLES, answers
    assert answers["algebra unknown"] == 0
    assert answers["sat"] > EXAMPLES // 5
    assert answers["unsat"] > EXAMPLES // 5
