"""Run the rules over AWS's own managed policies (moto's bundle) and count what they say: the false-alarm corpus.

    python scripts/corpus.py [--select RULE…] [--show CODE] [--parliament]

Prints the time, and for each rule how many findings it makes on how many policies; with `--show`, each one.
"""

import argparse
import json
import time
from collections import Counter, defaultdict

from moto.iam.aws_managed_policies import aws_managed_policies_data

from iamlint import source
from iamlint.bridges.parliament import opinions
from iamlint.catalog import load
from iamlint.pipeline import lint
from iamlint.policy import PolicyKind
from iamlint.registry import load_rules, select


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--select", action="append", default=[])
    parser.add_argument("--show", default="")
    parser.add_argument("--parliament", action="store_true")
    arguments = parser.parse_args()

    rules = [rule for rule in select(load_rules(), arguments.select) if not rule.pedantic]
    if not arguments.parliament:
        rules = [rule for rule in rules if rule.category != "parliament"]
    ask = opinions if arguments.parliament else None
    corpus = {
        name: json.dumps(policy["Document"], indent=2).encode()
        for name, policy in json.loads(aws_managed_policies_data).items()
    }

    findings: Counter[tuple[str, str, str, str]] = Counter()
    policies: defaultdict[str, set[str]] = defaultdict(set)
    crashes = 0
    begin = time.process_time()
    for name, text in corpus.items():
        report = lint([source.read(name, text, kind=PolicyKind.IDENTITY)], rules, load(), ask)
        crashes += len(report.crashes)
        for each in report.diagnostics:
            findings[each.code, each.name, each.severity.value, each.confidence.value] += 1
            policies[each.code].add(name)
            if each.code == arguments.show:
                print(f"{name}:{each.place.start.line}: {each.message}")
    seconds = time.process_time() - begin

    for (code, name, severity, confidence), number in sorted(findings.items()):
        print(f"{number:>6} in {len(policies[code]):>4}  {code} {name} ({severity}, {confidence} confidence)")
    touched = len(set().union(*policies.values()))
    print(f"{len(corpus)} policies, {touched} with findings, {crashes} crashes, {seconds:.2f} s of CPU")


if __name__ == "__main__":
    main()
