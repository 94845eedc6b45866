"""`iamlint can`: reads the policies, asks the definition, writes the decision. Parses no options."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from iamlint.catalog import Catalog, load
from iamlint.cli.cases import lines, value_of
from iamlint.cli.console import columns, note, read_stdin, use_color, write
from iamlint.cli.main import USAGE_ERROR
from iamlint.engine.authorize import authorize
from iamlint.engine.case import read_case, write_decision
from iamlint.errors import IamlintError
from iamlint.questions.directory import Directory
from iamlint.questions.requests import Answer, Given, doubts, policies_of, request_of
from iamlint.questions.spelling import respelled
from iamlint.report import Style
from iamlint.report.decisions import renderer

NO = 1
_LAYERS = ("identity", "boundary", "session", "scp", "rcp", "vpc_endpoint", "trust")


def run(given: Mapping[str, Any]) -> int:
    """Decide the request that the options describe and write the answer.

    Returns:
        0 allowed, 1 denied, 2 something could not be read.

    Raises:
        IamlintError: An option or a file cannot be used.
    """
    words: Sequence[str] = given.get("paths") or ()
    if given.get("batch") is not None:
        if words:
            raise IamlintError("`--batch` decides its own lines and no other request", help="ask that by another run")
        return _batch(given)
    if len(words) not in (2, 3):
        raise IamlintError(
            "`can` takes three: WHO, ACTION and RESOURCE",
            help="such as `iamlint can arn:aws:iam::111122223333:role/app s3:GetObject arn:aws:s3:::reports/x`",
        )
    catalog = load()
    who, action = words[:2]
    resource = words[2] if len(words) == 3 else _only_resource(action, catalog)
    account, context = given.get("resource_account") or "", given.get("context") or ()
    files = Given(**{name: given.get(name) or () for name in _LAYERS}, resource=given.get("resource_policy") or ())
    directory = Directory(files.identity, read_stdin)
    request = request_of(directory.arn_of(who), action, resource, context, account, catalog=catalog)
    policies, homes = policies_of(files, request, directory, read_stdin)
    doubt = doubts(request, catalog)
    if doubt:
        note(f"note: {doubt}")
    decision = authorize(request, policies)
    shown = respelled(request, [placed.policy for placed in homes.values()], catalog)
    style = Style(use_color(given.get("color") or "auto"), columns(), bool(given.get("quiet")))
    answer = Answer(shown, decision, homes, catalog.date)
    write(renderer(given.get("format") or "full")(answer, style), given.get("output_file"))
    return 0 if decision.is_allowed else NO


def _only_resource(action: str, catalog: Catalog) -> str:
    """The resource of an action that works on none; any other must be named."""
    templates = catalog.arns_of(action)
    if templates:
        raise IamlintError(f"`{action}` works on a resource, and none is named", help=f"such as `{templates[0]}`")
    return "*"


def _batch(given: Mapping[str, Any]) -> int:
    codes = {0}
    write(_decisions(str(given["batch"]), codes), given.get("output_file"))
    return max(codes)


def _decisions(path: str, codes: set[int]) -> Iterator[str]:
    for number, line in lines(path):
        try:
            case = _case(line)
            request, policies = read_case(case)
        except ValueError as error:
            note(f"error: {path}:{number}: {error}")
            codes.add(USAGE_ERROR)
            continue
        decision = authorize(request, policies)
        codes.add(0 if decision.is_allowed else NO)
        yield f"{json.dumps({'id': case.get('id'), **write_decision(decision)})}\n"


def _case(line: bytes) -> dict[str, Any]:
    case = value_of(line)
    if isinstance(case, dict):
        return case
    raise ValueError('a line is an object with "id", "request" and policies')
