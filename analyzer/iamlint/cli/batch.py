"""`iamlint check --batch`: one policy a line in, one line of JSON findings out. Holds one policy at a time."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from iamlint import source
from iamlint.catalog import load
from iamlint.cli.check import asker, narrowed, outcome
from iamlint.cli.console import note
from iamlint.cli.main import OUR_FAULT
from iamlint.cli.options import CheckOptions
from iamlint.errors import IamlintError
from iamlint.pipeline import lint
from iamlint.policy import PolicyKind
from iamlint.registry import AnyRule
from iamlint.report.json import document

BY_AWS_NAME = {
    "IDENTITY_POLICY": PolicyKind.IDENTITY,
    "RESOURCE_POLICY": PolicyKind.RESOURCE,
    "SERVICE_CONTROL_POLICY": PolicyKind.SCP,
    "RESOURCE_CONTROL_POLICY": PolicyKind.RCP,
}
"""The policy types of Access Analyzer's ValidatePolicy, for those who compare."""


def run_batch(options: CheckOptions, rules: tuple[AnyRule, ...]) -> int:
    """Check every line of a JSONL file (`-` for stdin) and print a line for each, in order.

    Returns:
        The highest of what the single policies call for; 2 when a line is no case.

    Raises:
        IamlintError: The file cannot be read.
    """
    code = 0
    for number, line in _lines(str(options.batch)):
        try:
            case = _case(line)
        except ValueError as error:
            note(f"error: {options.batch}:{number}: {error}")
            code = max(code, 2)
            continue
        result, code_of_case = _check(case, rules, options)
        sys.stdout.write(f"{json.dumps(result)}\n")
        code = max(code, code_of_case)
    sys.stdout.flush()
    return code


def _lines(path: str) -> Iterator[tuple[int, str]]:
    try:
        if path == "-":
            yield from _numbered(sys.stdin)
            return
        with open(path, encoding="utf-8-sig") as stream:
            yield from _numbered(stream)
    except OSError as error:
        raise IamlintError(f"`{path}` cannot be read: {error.strerror}", help="`--batch` takes a JSONL file") from error
    except UnicodeDecodeError as error:
        raise IamlintError(f"`{path}` is not UTF-8", help="save the file as UTF-8") from error


def _numbered(stream: Iterable[str]) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in enumerate(stream, 1) if line.strip())


def _case(line: str) -> Mapping[str, Any]:
    """One line as a case: `{"id", "policy": {} or text, "policy_type": "identity"}`, perhaps with a `service`."""
    try:
        case = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the line is no JSON: {error}") from error
    if not isinstance(case, dict) or "policy" not in case:
        raise ValueError('a line is an object with "id", "policy" and "policy_type"')
    _kind(case)
    return case


def _kind(case: Mapping[str, Any]) -> PolicyKind | None:
    word = case.get("policy_type")
    if word is None:
        return None
    if isinstance(word, str) and word in BY_AWS_NAME:
        return BY_AWS_NAME[word]
    try:
        return PolicyKind(word)
    except ValueError:
        raise ValueError(f"`policy_type` is one of {', '.join(kind.value for kind in PolicyKind)}") from None


def _check(case: Mapping[str, Any], rules: tuple[AnyRule, ...], options: CheckOptions) -> tuple[dict[str, Any], int]:
    policy, kind = case["policy"], _kind(case)
    text = policy if isinstance(policy, str) else json.dumps(policy, indent=2, ensure_ascii=False)
    data, name = text.encode("utf-8", "surrogatepass"), f"{case.get('id', '')}.json"
    reading = source.read(name, data, kind=kind, explicit=True)
    if not reading.found and not reading.problems:
        reading = source.read(name, data, kind=kind or PolicyKind.IDENTITY, explicit=True)
    found = reading.found
    if case.get("service"):
        found = tuple(each._replace(service=str(case["service"])) for each in found)
    reading = reading._replace(found=found)
    report = narrowed(lint([reading], rules, load(), asker(rules)), options)
    result = {"id": case.get("id"), "findings": document(report)["findings"]}
    if report.crashes:
        result["crashes"] = document(report)["crashes"]
    return result, OUR_FAULT if report.crashes else outcome(report, options)
