"""`iamlint.lint`: the straight line for programs. Prints nothing."""

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from iamlint import source
from iamlint.catalog import load
from iamlint.diagnostic import Report
from iamlint.pipeline import lint as run
from iamlint.policy import PolicyKind
from iamlint.registry import load_rules
from iamlint.registry import select as choose
from iamlint.source.roles import join_folders


def lint(
    subject: str | os.PathLike[str] | Mapping[str, Any],
    *,
    policy_type: str | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    parliament: bool = True,
) -> Report:
    """Judge policies.

    Args:
        subject: A policy as a mapping; or the text of one (it begins with `{`); or the path of a file or folder.
        policy_type: What the policies are (`identity`, `trust`, `resource`, `scp` …) instead of detecting it.
        select: Codes, prefixes, categories or names of the rules to run; all but the style rules by default.
        ignore: The same, to leave out.
        parliament: Whether to ask parliament for its opinion.

    Returns:
        The report: `.diagnostics`, each with rule, message, place and fix; `.skipped` and `.crashes`.

    Raises:
        IamlintError: The path does not exist, or a rule or policy type is unknown.
        ValueError: `policy_type` is none of PolicyKind's.
    """
    kind = PolicyKind(policy_type) if policy_type else None
    rules = choose(load_rules(), select, ignore)
    readings = join_folders(_readings(subject, kind))
    if not parliament:
        return run(readings, [rule for rule in rules if rule.category != "parliament"], load())
    from iamlint.bridges.parliament import opinions  # noqa: PLC0415 - slow to import

    return run(readings, rules, load(), opinions)


def _readings(subject: str | os.PathLike[str] | Mapping[str, Any], kind: PolicyKind | None) -> list[source.Reading]:
    if isinstance(subject, Mapping):
        return [source.read("<policy>", json.dumps(subject, indent=2).encode(), kind=kind, explicit=True)]
    if isinstance(subject, str) and subject.lstrip().startswith("{"):
        return [source.read("<policy>", subject.encode("utf-8", "surrogatepass"), kind=kind, explicit=True)]
    return [source.read_file(path, kind=kind) for path in source.expand([os.fspath(subject)])]
