"""Cases in JSON: requests and decisions as `--batch` reads and writes them. Knows no file, and evaluates nothing."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from iamlint.engine.caller import caller_of
from iamlint.engine.decision import Because, Decision
from iamlint.engine.layers import is_trusted
from iamlint.engine.request import Caller, CallerKind, Context, Level, Policies, Request
from iamlint.errors import IamlintError
from iamlint.policy import Policy, PolicyKind

Json = dict[str, object]
Shape = TypeVar("Shape")


def read_case(case: Mapping[str, object]) -> tuple[Request, Policies]:
    """The request and the policies of a case; the address of a policy is its place in the case.

    Raises:
        ValueError: The case has another shape.
    """
    request = read_request(_as(Mapping, case.get("request"), "`request` must be an object"))
    own = _group(case, "identity_policies", PolicyKind.IDENTITY)
    key = "session_policies" if "session_policies" in case else "session_policy"
    return request, Policies(
        identity=own or (),
        boundary=_group(case, "permission_boundaries", PolicyKind.BOUNDARY),
        session=_group(case, key, PolicyKind.SESSION),
        resource=_resource_policy(case, request),
        scps=tuple(_levels(case, "scps", PolicyKind.SCP)),
        rcps=tuple(_levels(case, "rcps", PolicyKind.RCP)),
        vpc_endpoint=_group(case, "vpc_endpoint_policies", PolicyKind.VPC_ENDPOINT),
    )


def read_request(given: Mapping[str, object]) -> Request:
    """A request from its JSON form.

    Raises:
        ValueError: It has another shape.
    """
    action = _as(str, given.get("action"), "`request.action` must be a text such as `s3:GetObject`")
    resource = _as(str, given.get("resource", "*"), "`request.resource` must be an ARN or `*`")
    account = _as(str, given.get("resource_account") or "", "`request.resource_account` must be a text of 12 digits")
    if ":" not in action:
        raise ValueError(f"`request.action`: `{action}` has no service prefix")
    if "principal" not in given:
        raise ValueError("`request.principal` is missing")
    try:
        caller = caller_of(given["principal"])
    except IamlintError as error:
        raise ValueError(f"`request.principal`: {error.message}; {error.help}") from error
    return Request(action, resource, caller, _context(given.get("context")), account)


def _context(given: object) -> Context:
    given = _as(Mapping, {} if given is None else given, "`request.context` must be an object")
    return {str(key).lower(): tuple(_values(key, value)) for key, value in given.items()}


def _values(key: object, value: object) -> Iterator[str]:
    """The values of a key; null and an empty list say that it is not there."""
    from json import dumps  # noqa: PLC0415 - few values are no texts

    message = f"`request.context`: the value of `{key}` must be a text or a list of texts"
    for each in value if isinstance(value, list) else [] if value is None else [value]:
        yield each if isinstance(each, str) else dumps(_as((int, float), each, message))


def _group(case: Mapping[str, object], key: str, kind: PolicyKind) -> tuple[Policy, ...] | None:
    """Policies that are evaluated together; a single one may stand without a list."""
    given = case.get(key)
    if given is None:
        return None
    if isinstance(given, Mapping):
        return (_policy(given, kind, key),)
    return tuple(_list(given, kind, key))


def _list(given: object, kind: PolicyKind, at: str) -> Iterator[Policy]:
    for index, each in enumerate(_as(list, given, f"`{at}` must be a list of policies")):
        yield _policy(each, kind, f"{at}/{index}")


def _policy(given: object, kind: PolicyKind, at: str, service: str | None = None) -> Policy:
    return Policy(_as(dict, given, f"`{at}` must be a policy, which is an object"), kind, service, at)


def _resource_policy(case: Mapping[str, object], request: Request) -> Policy | None:
    key = "resource_policy"
    if case.get(key) is None:
        return None
    action = request.action.lower()
    if is_trusted(action) and ":role/" in request.resource:
        return _policy(case[key], PolicyKind.TRUST, key)
    return _policy(case[key], PolicyKind.RESOURCE, key, action.partition(":")[0])


def _levels(case: Mapping[str, object], key: str, kind: PolicyKind) -> Iterator[Level]:
    given = case.get(key)
    levels = _as(list, [] if given is None else given, f"`{key}` must be a list of levels")
    for index, given_level in enumerate(levels):
        level = _as(Mapping, given_level, f"`{key}/{index}` must be an object with `level` and `policies`")
        policies = tuple(_list(level.get("policies", []), kind, f"{key}/{index}/policies"))
        yield Level(str(level.get("level", index)), policies)


def _as(shape: type[Shape] | tuple[type[Shape], ...], value: object, message: str) -> Shape:
    """A value that must be of a type."""
    if isinstance(value, shape):
        return value
    raise ValueError(message)


def write_request(request: Request) -> Json:
    """A request in its JSON form; keys with one value stand without a list."""
    written: Json = {"action": request.action, "resource": request.resource}
    if request.resource_account:
        written["resource_account"] = request.resource_account
    written["principal"] = _caller(request.caller)
    written["context"] = {
        key: values[0] if len(values) == 1 else list(values) for key, values in sorted(request.context.items())
    }
    return written


def _caller(caller: Caller) -> object:
    if caller.kind is CallerKind.ANONYMOUS:
        return {"type": "Anonymous"}
    kind = {CallerKind.FEDERATED: "Federated", CallerKind.SERVICE: "Service"}.get(caller.kind, "AWS")
    return caller.arn if caller_is(caller.arn, caller) else {"type": kind, "id": caller.arn, "role": caller.role}


def caller_is(text: str, caller: Caller) -> bool:
    """Whether a text alone names the caller."""
    try:
        return caller_of(text) == caller
    except IamlintError:
        return False


def write_decision(decision: Decision) -> Json:
    """A decision in its JSON form."""
    return {
        "decision": decision.outcome.value,
        "because": [_because(reason) for reason in decision.because],
        "assumptions": list(decision.assumptions),
    }


def _because(reason: Because) -> Json:
    written: Json = {"layer": reason.layer.value}
    if reason.level:
        written["level"] = reason.level
    if reason.policy is not None:
        written["policy"] = reason.policy.address
    if reason.statement is not None:
        statement = reason.statement
        written |= {"pointer": statement.at, "sid": statement.sid, "effect": statement.effect}
    written["message"] = reason.message
    if reason.misses:
        written["misses"] = [{"element": m.element, "pointer": m.at, "message": m.message} for m in reason.misses]
    return written
