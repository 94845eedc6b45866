"""`iamlint.lint`, `iamlint.authorize`, `iamlint.compare`: what the commands do, for programs. Prints nothing."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from iamlint import source
from iamlint.catalog import load
from iamlint.diagnostic import Report
from iamlint.errors import IamlintError
from iamlint.pipeline import lint as run
from iamlint.policy import Policy, PolicyKind
from iamlint.registry import load_rules
from iamlint.registry import select as choose
from iamlint.source.roles import join_folders

if TYPE_CHECKING:
    from iamlint.engine.comparison import Comparison
    from iamlint.engine.decision import Decision
    from iamlint.engine.request import Policies, Request

Document = Mapping[str, Any]
"""A policy, or a case, as JSON values."""


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


def authorize(
    request: "Request | Document",
    policies: "Policies | Policy | Document | str | os.PathLike[str] | Iterable[Policy | Document]",
) -> "Decision":
    """Decide a request as AWS does.

    Args:
        request: `{"action": …, "resource": …, "principal": …, "context": {…}}`, or a Request.
        policies: All that apply, as in a line of `can --batch`: `{"identity_policies": […], "scps": […], …}`; or the
            caller's identity policies alone: one or several, as values, as a text or as a path.

    Returns:
        The decision: `.outcome`, `.is_allowed`, `.because` (the statements that decide, or come nearest), and
        `.assumptions`.

    Raises:
        IamlintError: The request or the policies have another shape, or a file cannot be read.

    >>> reader = "arn:aws:iam::111122223333:role/reader"
    >>> request = {"action": "s3:GetObject", "resource": "arn:aws:s3:::reports/x", "principal": reader}
    >>> authorize(request, {"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}).is_allowed
    True
    """
    from iamlint.engine.authorize import authorize as decide  # noqa: PLC0415 - the engine is for those who ask it
    from iamlint.engine.case import read_case, read_request  # noqa: PLC0415
    from iamlint.engine.request import Policies, Request  # noqa: PLC0415

    try:
        asked = request if isinstance(request, Request) else read_request(request)
        if isinstance(policies, Mapping) and not _is_policy(policies):
            case = {"action": asked.action, "resource": asked.resource, "principal": {"type": "Anonymous"}}
            return decide(asked, read_case({**policies, "request": case})[1])
    except ValueError as error:
        raise IamlintError(str(error), help="the form is that of `iamlint can --batch`") from error
    if isinstance(policies, Policies):
        return decide(asked, policies)
    return decide(asked, Policies(identity=tuple(_policies(policies, PolicyKind.IDENTITY))))


def compare(
    old: "Policy | Document | str | os.PathLike[str] | Iterable[Policy | Document]",
    new: "Policy | Document | str | os.PathLike[str] | Iterable[Policy | Document]",
    *,
    policy_type: str = "identity",
) -> "Comparison":
    """Compare the access that two policies grant.

    Args:
        old: What stood there: a policy as a mapping, as a text (it begins with `{`), or by its path (`REV:path` reads
            it from git); several are attached together, none grants nothing.
        new: What stands there now, the same way.
        policy_type: What the policies are (`identity`, `trust`, `resource`, `scp` …).

    Returns:
        The comparison: `.relation` (EQUIVALENT, NARROWER, BROADER, INCOMPARABLE or UNKNOWN), `.gained` and `.lost`
        (each a witness: a request that one side grants and the other does not), `.assumptions`, and `.unknown`.

    Raises:
        IamlintError: A path does not exist, or a text cannot be read as it stands.
        ValueError: `policy_type` is none of PolicyKind's.

    >>> policy = {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
    >>> compare([], policy).gained.request.action
    's3:AbortMultipartUpload'
    """
    from iamlint.questions.changes import relate  # noqa: PLC0415 - the engine is for those who ask it

    kind = PolicyKind(policy_type)
    return relate(tuple(_policies(old, kind)), tuple(_policies(new, kind)), kind, load())


def _is_policy(value: Document) -> bool:
    return "Statement" in value or "Version" in value


def _policies(given: Any, kind: PolicyKind) -> "Iterator[Policy]":
    """Policies from whatever stands for them."""
    from iamlint.questions.sides import Side, read_side, side_of  # noqa: PLC0415

    if isinstance(given, Policy):
        yield given
    elif isinstance(given, Mapping):
        yield Policy(dict(given), kind)
    elif isinstance(given, str | os.PathLike):
        text = os.fspath(given)
        if isinstance(given, str) and text.lstrip().startswith("{"):
            reading = source.read("<policy>", text.encode("utf-8", "surrogatepass"), kind, explicit=True)
            side: Side = side_of(text, [("", reading)], is_folder=False)
        else:
            side = read_side(text, kind, _no_stdin)
        reason = next(iter((*(why for _, why in side.broken), *side.spoilt.values())), None)
        if reason:
            raise IamlintError(reason, help="a text that cannot be read as it stands decides nothing")
        yield from (member.placed.policy for member in side.members)
    else:
        for each in given:
            yield from _policies(each, kind)


def _no_stdin() -> bytes:
    raise IamlintError("`-` is stdin for the command line only", help="name a file")


def _readings(subject: str | os.PathLike[str] | Mapping[str, Any], kind: PolicyKind | None) -> list[source.Reading]:
    if isinstance(subject, Mapping):
        return [source.read("<policy>", json.dumps(subject, indent=2).encode(), kind=kind, explicit=True)]
    if isinstance(subject, str) and subject.lstrip().startswith("{"):
        return [source.read("<policy>", subject.encode("utf-8", "surrogatepass"), kind=kind, explicit=True)]
    return [source.read_file(path, kind=kind) for path in source.expand([os.fspath(subject)])]
