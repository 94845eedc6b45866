"""The line from a wish to the smallest policy: resolve, draft, bind, write, read back. Does no input and no output."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from iamlint import catalog as catalogue
from iamlint.bridges.policy_sentry import Draft, draft
from iamlint.suggest import ec2, repair, s3
from iamlint.suggest.bind import Blanks, Bound, bind, few
from iamlint.suggest.grant import Grant, check, policy_of, statements_of
from iamlint.suggest.names import resolve
from iamlint.suggest.request import Request, read

if TYPE_CHECKING:
    from iamlint.catalog import Action, Catalog

LEVELS = ("List", "Read", "Write", "Tagging", "Permissions management")
MANAGED_LIMIT = 6144
"""Characters, white space not counted: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The policy, and all there is to say of it."""

    policy: dict[str, Any]
    explanation: tuple[str, ...]
    """What the policy allows, and why it is as it is."""
    questions: tuple[str, ...]
    """What only the user can know; nothing in the policy depends on it."""
    access_levels: Mapping[str, tuple[str, ...]]
    """The actions by access level."""
    checked: str
    """What the finished policy was held against."""
    drafted_by: str | None
    placeholders: tuple[str, ...]
    """What is to be filled in before the policy can be used; only with `template`."""
    role: ec2.Role | None
    catalogue_date: str


def suggest(
    actions: Iterable[str] = (),
    resources: Iterable[str] = (),
    *,
    catalog: "Catalog | None" = None,
    **wish: Any,
) -> Suggestion:
    """The smallest policy that allows the actions on the resources.

    Args:
        actions: Actions, API operations, CLI commands or patterns.
        resources: ARNs; each action is bound to those it works on.
        catalog: AWS's facts; the bundled ones by default.
        wish: What else `request.read` takes: access, bucket, prefixes, keys, workload, account and their like.

    Raises:
        IamlintError: What is asked for does not exist or does not go together.
    """
    facts = catalogue.load() if catalog is None else catalog
    return fulfil(read(actions=actions, resources=resources, **wish), facts)


def fulfil(request: Request, catalog: "Catalog") -> Suggestion:
    """The suggestion for a wish that has been read."""
    bound = _bound(request, catalog)
    grants = list(dict.fromkeys(bound.grants))
    actions = [found for name in dict.fromkeys(g.action for g in grants) if (found := catalog.action(name))]
    drafted = draft(catalog, actions)
    repaired = repair.remarks(drafted, actions, catalog)
    policy = policy_of(grants)
    check(policy, grants)
    role, notes = _role(request)
    return Suggestion(
        policy,
        tuple(
            dict.fromkeys([*_granted(grants, actions), *request.notes, *bound.notes, *notes, *_size(policy), *repaired])
        ),
        tuple(dict.fromkeys(bound.questions)),
        _census(actions),
        "every asked action is allowed on every resource it was bound to, and the policy allows nothing else",
        _author(drafted),
        tuple(bound.placeholders),
        role,
        catalog.date,
    )


def _bound(request: Request, catalog: "Catalog") -> Bound:
    blanks = Blanks(request.partition, request.account) if request.template else None
    asked = resolve(catalog, request.actions)
    bound = bind(catalog, asked, request.resources, blanks, elsewhere=bool(request.access))
    if request.access and request.bucket is not None:
        partition = request.partition or "aws"
        options = request.access, request.bucket, request.prefixes, request.keys, partition
        bound.grants[:0] = s3.bucket_grants(*options, multipart=request.multipart)
        notes, questions = s3.remarks(request.access, request.prefixes, multipart=request.multipart)
        bound.notes += notes
        bound.questions += questions
        if request.bucket.startswith("${"):
            bound.placeholders[request.bucket] = None
    return bound


def _role(request: Request) -> tuple[ec2.Role | None, list[str]]:
    if request.workload is None:
        return None, []
    account = request.account or ("${Account}" if request.template else None)
    role = ec2.role_for_ec2(request.role_name, request.partition or "aws", account)
    return role, ec2.remarks(role, request.partition or "aws", account)


def _granted(grants: Sequence[Grant], actions: Sequence["Action"]) -> list[str]:
    levels = {action.name: action.access_level.lower() for action in actions}
    lines = []
    for names, resources, conditions, _ in statements_of(grants):
        limits = "".join(f" if {key} is like {' or '.join(values)}" for _, key, values in conditions)
        shown = [f"{name} ({levels.get(name, 'unknown')})" for name in names]
        lines.append(f"allows {few(shown)} on {' and '.join(resources)}{limits}")
    return lines


def _size(policy: Mapping[str, Any]) -> list[str]:
    import json  # noqa: PLC0415

    size = len("".join(json.dumps(policy).split()))
    over = f"the policy has {size:,} characters, and a managed policy may have {MANAGED_LIMIT:,}: attach it in parts"
    return [over] if size > MANAGED_LIMIT else []


def _census(actions: Sequence["Action"]) -> dict[str, tuple[str, ...]]:
    found = {level: tuple(sorted(a.name for a in actions if a.access_level == level)) for level in LEVELS}
    return {level: names for level, names in found.items() if names}


def _author(drafted: Draft) -> str | None:
    return drafted.author if drafted.failure is None else None
