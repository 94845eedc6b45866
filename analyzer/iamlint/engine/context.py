"""The context of a request: the condition keys that follow from the rest of it. Knows no policy, and no clock."""

from collections.abc import Iterator

from iamlint.engine.request import Caller, CallerKind, Context, Request
from iamlint.engine.scalars import date, date_text, number_text
from iamlint.policy import Arn

_HAS_TYPE = (CallerKind.ROOT, CallerKind.USER, CallerKind.ROLE, CallerKind.FEDERATED_USER, CallerKind.ANONYMOUS)
_ANONYMOUS_ID = ("s3", "sns", "sqs")
"""The services that give anonymous callers a user id.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
"""


def complete(request: Request) -> Context:
    """What was given of a request's context, and what follows from the request; what was given wins.

    A key that was given without a value is not there, even if it would follow.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    made: dict[str, tuple[str, ...]] = {key: (value,) for key, value in _derived(request)}
    made.update(request.context)
    return {key: values for key, values in made.items() if values}


def owner_of(request: Request) -> str:
    """The account that owns the resource: as given, else the one in its ARN, else the caller's."""
    if request.resource_account:
        return request.resource_account
    arn = Arn.parse(request.resource)
    return arn.account if arn is not None and arn.account.isdigit() else request.caller.account


def _derived(request: Request) -> Iterator[tuple[str, str]]:
    yield from _of_caller(request.caller, request.action.partition(":")[0].lower())
    yield from _of_resource(request)
    yield from _of_context(request.context)


def _of_caller(caller: Caller, service: str) -> Iterator[tuple[str, str]]:
    """The keys that say who calls; for a session `aws:PrincipalArn` is its role.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties
    """
    if caller.kind in _HAS_TYPE:
        yield "aws:principaltype", caller.kind.value
    if caller.kind is CallerKind.ANONYMOUS:
        yield "aws:principalaccount", "anonymous"
        if service in _ANONYMOUS_ID:
            yield "aws:userid", "anonymous"
        return
    if caller.kind is CallerKind.FEDERATED:
        return  # no AWS credentials yet: the request is not signed
    is_service = caller.kind is CallerKind.SERVICE
    yield "aws:principalisawsservice", "true" if is_service else "false"
    if is_service:
        yield "aws:principalservicename", caller.arn
        yield "aws:principalservicenameslist", caller.arn
        return
    yield "aws:principalarn", caller.role if caller.kind is CallerKind.ROLE else caller.arn
    yield "aws:principalaccount", caller.account
    if service == "kms":
        yield "kms:calleraccount", caller.account
    name = caller.arn.rpartition("/")[2]
    if caller.kind is CallerKind.USER:
        yield "aws:username", name
    elif caller.kind is CallerKind.ROOT:
        yield "aws:userid", caller.account
    elif caller.kind is CallerKind.FEDERATED_USER:
        yield "aws:userid", f"{caller.account}:{name}"


def _of_resource(request: Request) -> Iterator[tuple[str, str]]:
    owner = owner_of(request)
    if owner:
        yield "aws:resourceaccount", owner
        if request.action.lower().startswith("s3:"):
            yield "s3:resourceaccount", owner


def _of_context(given: Context) -> Iterator[tuple[str, str]]:
    """Keys that say the same in two ways."""
    for key, other in (("aws:currenttime", "aws:epochtime"), ("aws:epochtime", "aws:currenttime")):
        values = given.get(key, ())
        moment = date(values[0]) if len(values) == 1 else None
        if moment is not None:
            yield other, date_text(moment) if other == "aws:currenttime" else number_text(moment)
    via = given.get("aws:calledvia", ())
    if via:
        yield "aws:calledviafirst", via[0]
        yield "aws:calledvialast", via[-1]
        yield "aws:viaawsservice", "true"
