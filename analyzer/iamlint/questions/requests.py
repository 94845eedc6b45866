"""Requests and the files that decide them: which policies a path gives for which layer. Decides and writes nothing."""

import os
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from iamlint.catalog import Catalog
from iamlint.engine.caller import caller_of
from iamlint.engine.decision import Decision
from iamlint.engine.match import HAS_PRINCIPAL
from iamlint.engine.request import Context, Level, Policies, Request
from iamlint.errors import IamlintError
from iamlint.policy import Policy, PolicyKind
from iamlint.questions.directory import Directory, arn_of, named, read_path, refuse
from iamlint.questions.pairs import CALLED
from iamlint.questions.sides import STDIN, flaws, is_listing, policies_in, trouble
from iamlint.source.document import Reading
from iamlint.source.placed import Homes, Placed, homes, placed

_LIMITS = (PolicyKind.BOUNDARY, PolicyKind.SESSION)


class Answer(NamedTuple):
    """A request, what AWS answers to it, and where the policies stand that decide."""

    request: Request
    decision: Decision
    homes: Homes
    catalogue: str = ""


class Given(NamedTuple):
    """The files that were named, layer by layer."""

    identity: Sequence[str] = ()
    boundary: Sequence[str] = ()
    session: Sequence[str] = ()
    resource: Sequence[str] = ()
    trust: Sequence[str] = ()
    scp: Sequence[str] = ()
    rcp: Sequence[str] = ()
    vpc_endpoint: Sequence[str] = ()


def request_of(
    who: str, action: str, resource: str, context: Iterable[str], account: str = "", *, catalog: Catalog
) -> Request:
    """A request from the words of a command line; `context` are texts `KEY=VALUE`.

    Raises:
        IamlintError: A word cannot be what it stands for.
    """
    service, colon, name = action.partition(":")
    if not (service and colon and name):
        near = catalog.nearest_actions(action, 1)
        hint = f"did you mean `{near[0]}`?" if near else "such as `s3:GetObject`"
        raise IamlintError(f"`{action}` is no action: it has no service", help=hint)
    if resource != "*" and resource.count(":") < 5:
        raise IamlintError(f"`{resource}` is no ARN", help="an ARN, or `*` for an action that works on no resource")
    return Request(action, resource, caller_of("anonymous" if who == "*" else who), _context(context), account)


def _context(pairs: Iterable[str]) -> Context:
    values: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or ":" not in key:
            raise IamlintError(
                f"`--context` cannot be `{pair}`",
                help="KEY=VALUE, such as `aws:SecureTransport=true`; often for a list",
            )
        key = key.strip().lower()
        values[key] = (*values.get(key, ()), value)
    return values


def policies_of(
    given: Given, request: Request, directory: Directory, stdin: Callable[[], bytes]
) -> tuple[Policies, dict[int, Placed]]:
    """The policies in the files, and where each stands; `directory` is that of the identity policies' files.

    Where it lists the account, the caller has its boundary too, and a role to assume its trust policy, unless files
    are named for them.

    Raises:
        IamlintError: A file cannot be judged, holds no policy of its kind, or there is none at all.
    """
    if not any(given):
        raise IamlintError(
            "there is no policy to decide by", help="name files by `--identity`, `--resource-policy`, `--scp` …"
        )
    everything: list[Placed] = []

    def read(paths: Sequence[str], kind: PolicyKind) -> tuple[Placed, ...]:
        return keep(each for path in paths for each in _read(path, kind, request, read_path(path, kind, stdin)))

    def keep(found: Iterable[Placed]) -> tuple[Placed, ...]:
        everything.extend(kept := tuple(found))
        return kept

    def group(paths: Sequence[str], kind: PolicyKind) -> tuple[Placed, ...] | None:
        return read(paths, kind) if paths else None

    own = keep(_own(directory, request))
    boundary = tuple(each for each in own if each.policy.kind is PolicyKind.BOUNDARY)
    resource = (*read(given.resource, PolicyKind.RESOURCE), *read(given.trust, PolicyKind.TRUST))
    if len(resource) > 1:
        raise IamlintError(
            f"{len(resource)} policies are given for one resource", help="name the file that holds the one that counts"
        )
    if not resource and request.action.lower().startswith("sts:assumerole"):
        resource = keep(filter(None, [directory.trust(request.resource)]))
    policies = Policies(
        identity=_plain(each for each in own if each.policy.kind is PolicyKind.IDENTITY) or (),
        boundary=_plain(group(given.boundary, PolicyKind.BOUNDARY) or boundary or None),
        session=_plain(group(given.session, PolicyKind.SESSION)),
        resource=resource[0].policy if resource else None,
        scps=_levels(given.scp, lambda path: read([path], PolicyKind.SCP)),
        rcps=_levels(given.rcp, lambda path: read([path], PolicyKind.RCP)),
        vpc_endpoint=_plain(group(given.vpc_endpoint, PolicyKind.VPC_ENDPOINT)),
    )
    return policies, homes(everything)


def _plain(members: Iterable[Placed] | None) -> tuple[Policy, ...] | None:
    return None if members is None else tuple(each.policy for each in members)


def _levels(words: Sequence[str], read: Callable[[str], tuple[Placed, ...]]) -> tuple[Level, ...]:
    """The levels in the order they are given; `LEVEL=FILE` names one, and the same name joins."""
    levels: dict[str, tuple[Placed, ...]] = {}
    for word in words:
        name, equals, path = ("", "", word) if os.path.lexists(word) else word.partition("=")
        path = path if equals or not name else word
        levels[name or path] = (*levels.get(name or path, ()), *read(path))
    return tuple(Level(name, _plain(members) or ()) for name, members in levels.items())


def _own(directory: Directory, request: Request) -> Iterable[Placed]:
    """The caller's own policies; what belongs to nobody is given to it beside what a listing tells."""
    holding, kind = directory.holding(request.caller), PolicyKind.IDENTITY
    for path, readings in directory.readings.items():
        if holding is None or not any(map(is_listing, readings)):
            yield from _read(path, kind, request, readings)
    yield from holding.members if holding else ()


def _read(path: str, kind: PolicyKind, request: Request, readings: Iterable[Reading]) -> list[Placed]:
    """The policies of a kind at a path; where it has many principals, those of the caller, or of the role to assume."""
    is_folder = path != STDIN and os.path.isdir(path)
    found: list[Placed] = []
    for reading in readings:
        refuse(trouble(reading))
        found += policies_in(reading)
    wanted = [_as(each, kind) for each in found if each.policy.kind is kind or (not is_folder and _serves(each, kind))]
    wanted = [each for each in wanted if kind in HAS_PRINCIPAL or not _names_principals(each)]
    if not wanted:
        others = sorted({CALLED[each.policy.kind] for each in found if each.policy.kind is not kind})
        hint = f"it holds {', '.join(others)}" if others else "name a file that holds one"
        hint = "its statements name principals" if any(map(_names_principals, found)) and not others else hint
        raise IamlintError(f"`{path}` holds no {CALLED[kind].partition(' ')[2]}", help=hint)
    wanted = _owned(wanted, request.resource if kind is PolicyKind.TRUST else arn_of(request.caller), path)
    refuse(next(iter(flaws(wanted).values()), None))
    return wanted


def _serves(each: Placed, kind: PolicyKind) -> bool:
    """Whether a policy can be used as one of a kind: a managed policy as a boundary or a session policy."""
    return kind in _LIMITS and each.policy.kind is PolicyKind.IDENTITY


def _names_principals(each: Placed) -> bool:
    return any(statement.has("Principal") or statement.has("NotPrincipal") for statement in each.policy.statements)


def _as(each: Placed, kind: PolicyKind) -> Placed:
    return each if each.policy.kind is kind else placed(each.found._replace(kind=kind))


def _owned(found: list[Placed], whose: str, path: str) -> list[Placed]:
    """Of the policies of several principals those of the one with an ARN."""
    owners = {each.found.principal for each in found if each.found.principal}
    if len(owners) < 2:
        return found
    name = named(whose)
    own = [each for each in found if each.found.principal == name]
    if own:
        return own
    some = ", ".join(f"`{owner}`" for owner in sorted(filter(None, owners))[:5])
    raise IamlintError(f"`{path}` holds no policy of `{name}`", help=f"it holds those of {some}")


def doubts(request: Request, catalog: Catalog) -> str | None:
    """What there is to say of an action that AWS does not know; None if it does."""
    if catalog.action(request.action):
        return None
    operation = catalog.operation(request.action)
    if operation is not None:
        needs = ", ".join(f"`{name}`" for name in operation.actions)
        return f"`{request.action}` is an API operation and no action: it needs {needs}"
    if catalog.retired(request.action):
        return f"`{request.action}` is an action that AWS has retired"
    near = catalog.nearest_actions(request.action, 1)
    hint = f"; did you mean `{near[0]}`?" if near else ""
    return f"AWS has no action `{request.action}`{hint}"
