"""`iamlint check --batch`: one policy a line in, one line of JSON findings out. Holds one policy at a time."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from iamlint import source
from iamlint.catalog import load
from iamlint.cli.cases import kind_of, lines, value_of
from iamlint.cli.check import asker, narrowed, outcome
from iamlint.cli.console import note, write
from iamlint.cli.main import OUR_FAULT, USAGE_ERROR
from iamlint.cli.options import CheckOptions
from iamlint.errors import IamlintError
from iamlint.pipeline import lint
from iamlint.policy import PolicyKind
from iamlint.registry import AnyRule
from iamlint.report.json import document


def run_batch(options: CheckOptions, rules: tuple[AnyRule, ...]) -> int:
    """Check every line of a JSONL file (`-` for stdin) and print a line for each, in order.

    Returns:
        The highest of what the single policies call for; 2 when a line is no case.

    Raises:
        IamlintError: The file cannot be read, or the options name other files too.
    """
    if options.paths or options.trust or options.permissions:
        raise IamlintError("`--batch` checks its own lines and no files", help="check the files by a run of their own")
    codes = {0}
    write(_results(options, rules, codes), options.output_file)
    return max(codes)


def _results(options: CheckOptions, rules: tuple[AnyRule, ...], codes: set[int]) -> Iterator[str]:
    for number, line in lines(str(options.batch)):
        try:
            case = _case(line)
        except ValueError as error:
            note(f"error: {options.batch}:{number}: {error}")
            codes.add(USAGE_ERROR)
            continue
        result, code = _check(case, rules, options)
        codes.add(code)
        yield f"{json.dumps(result)}\n"


def _case(line: bytes) -> Mapping[str, Any]:
    """One line as a case: `{"id", "policy": {} or text, "policy_type": "identity"}`, perhaps with a `service`."""
    case = value_of(line)
    if not isinstance(case, dict) or case.get("policy") is None or isinstance(case["policy"], int | float):
        raise ValueError('a line is an object with "id", "policy" (an object, or its text) and "policy_type"')
    kind_of(case.get("policy_type"))
    return case


def _check(case: Mapping[str, Any], rules: tuple[AnyRule, ...], options: CheckOptions) -> tuple[dict[str, Any], int]:
    policy = case["policy"]
    kind = kind_of(case.get("policy_type")) or (PolicyKind(options.policy_type) if options.policy_type else None)
    text = policy if isinstance(policy, str) else json.dumps(policy, indent=2, ensure_ascii=False)
    data, name = text.encode("utf-8", "surrogatepass"), f"{case.get('id', '')}.json"
    reading = source.read(name, data, kind=kind, explicit=True)
    if not reading.found and not reading.problems:
        reading = source.read(name, data, kind=kind or PolicyKind.IDENTITY, explicit=True)
    found = reading.found
    if case.get("service"):
        found = tuple(each._replace(service=str(case["service"]), is_attached=True) for each in found)
    reading = reading._replace(found=found)
    report = narrowed(lint([reading], rules, load(), asker(rules)), options)
    result = {"id": case.get("id"), "findings": document(report)["findings"]}
    if report.crashes:
        result["crashes"] = document(report)["crashes"]
    return result, OUR_FAULT if report.crashes else outcome(report, options)
