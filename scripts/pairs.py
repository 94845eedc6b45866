"""Compare AWS's own managed policies (moto's bundle) with each other, and each with slightly changed copies of itself.

    python scripts/pairs.py [--pairs 1000] [--seed 7]

Prints the relations, the times of random pairs, and each pair that was not decided or took over half a second.
"""

import argparse
import copy
import json
import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data

from iamlint.catalog import load
from iamlint.engine.access import Access
from iamlint.engine.compare import compare
from iamlint.policy import Policy

Statements = list[dict[str, Any]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    draw = random.Random(arguments.seed)
    documents = {name: each["Document"] for name, each in json.loads(aws_managed_policies_data).items()}
    policies = {name: Policy(document) for name, document in documents.items()}

    run = Run()
    for _ in range(arguments.pairs):
        one, other = draw.sample(sorted(policies), 2)
        run.compare("random", f"{one} {other}", policies[one], policies[other])
    run.print_times()
    for name, document in documents.items():
        kind, change = draw.choice(list(CHANGES.items()))
        changed = copy.deepcopy(document)
        statements = changed["Statement"]
        changed["Statement"] = statements if isinstance(statements, list) else [statements]
        change(changed["Statement"], draw)
        run.compare(kind, f"{name} {kind}", policies[name], Policy(changed))
    run.print_relations()


class Run:
    def __init__(self) -> None:
        self.world = load()
        self.relations: Counter[tuple[str, str]] = Counter()
        self.times: list[float] = []

    def compare(self, kind: str, label: str, old: Policy, new: Policy) -> None:
        begin = time.process_time()
        found = compare(Access.of(old), Access.of(new), self.world)
        self.times.append(time.process_time() - begin)
        self.relations[kind, found.relation.value] += 1
        if found.unknown or self.times[-1] > 0.5:
            print(f"{label}: {found.relation.value} {found.unknown} {self.times[-1]:.2f} s")

    def print_times(self) -> None:
        times = sorted(1000 * seconds for seconds in self.times)
        count = len(times)
        print(f"{count} pairs: median {times[count // 2]:.2f} ms, 90 % {times[count * 9 // 10]:.1f} ms, ", end="")
        print(f"99 % {times[count * 99 // 100]:.1f} ms, worst {times[-1]:.1f} ms of CPU, reading included")

    def print_relations(self) -> None:
        for (kind, relation), number in sorted(self.relations.items()):
            print(f"{number:>6}  {kind}: {relation}")


def _drop_statement(statements: Statements, draw: random.Random) -> None:
    statements.remove(draw.choice(statements))


def _drop_condition(statements: Statements, draw: random.Random) -> None:
    draw.choice(statements).pop("Condition", None)


def _drop_action(statements: Statements, draw: random.Random) -> None:
    actions = draw.choice(statements).get("Action")
    if isinstance(actions, list) and len(actions) > 1:
        actions.pop(draw.randrange(len(actions)))


def _widen(statements: Statements, draw: random.Random) -> None:
    draw.choice(statements).update(Resource="*")


def _shuffle(statements: Statements, draw: random.Random) -> None:
    draw.shuffle(statements)
    for statement in statements:
        for element in ("Action", "Resource"):
            if isinstance(statement.get(element), list):
                draw.shuffle(statement[element])


def _split(statements: Statements, draw: random.Random) -> None:
    chosen = draw.choice(statements)
    actions = chosen.get("Action")
    if isinstance(actions, list):
        statements.remove(chosen)
        statements.extend({**chosen, "Action": action} for action in actions)


def _negate(statements: Statements, draw: random.Random) -> None:
    condition = draw.choice(statements).get("Condition", {})
    for operator in list(condition):
        if operator.startswith("String") and "Not" not in operator:
            condition[operator.replace("String", "StringNot")] = condition.pop(operator)


CHANGES: dict[str, Callable[[Statements, random.Random], None]] = {
    "statement dropped": _drop_statement,
    "condition dropped": _drop_condition,
    "action dropped": _drop_action,
    "resource widened": _widen,
    "shuffled": _shuffle,
    "split": _split,
    "condition negated": _negate,
}


if __name__ == "__main__":
    main()
