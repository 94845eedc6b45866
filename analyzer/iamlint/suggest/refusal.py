"""What to tell a user whose actions and resources do not go together. Decides nothing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from iamlint.errors import IamlintError
from iamlint.suggest import fit
from iamlint.suggest.names import Asked

if TYPE_CHECKING:
    from iamlint.catalog import Action
    from iamlint.suggest.bind import Binder


def star(action: "Action", binder: "Binder") -> IamlintError:
    """`*` was given for an action that can be limited."""
    return IamlintError(
        f"`*` is no resource to give for `{action.name}`, which works on {_wanted(action, binder)[0]}",
        help=f"name the resource: {_flags(_wanted(action, binder)[1])}",
    )


def no_place(action: "Action", binder: "Binder") -> IamlintError:
    """No given resource is one that the action works on."""
    types, arns = _wanted(action, binder)
    if not binder.resources:
        return IamlintError(
            f"`--resource` is missing: `{action.name}` works on {types}",
            help=f"add {_flags(arns)}, or `--template` for a policy with placeholders",
        )
    return IamlintError(
        f"`{action.name}` works on {types}: {', '.join(f'`{arn}`' for arn in arns)}",
        help=f"add {_flags(arns)}",
    )


def unused(resource: str, binder: "Binder", asked: Sequence[Asked]) -> IamlintError:
    """No asked action works on a given resource."""
    actions = {action.name: action for each in asked for action in each.actions}
    scoped = [action for action in actions.values() if action.resources]
    if not scoped:
        names = ", ".join(f"`{name}`" for name in actions)
        if not names:
            return IamlintError(f"no action is asked for on `{resource}`", help="name one with `--actions`")
        return IamlintError(
            f"{names} cannot be limited to `{resource}`: AWS allows nothing narrower than `*`",
            help="leave `--resource` out",
        )
    kinds = sorted({name for each in scoped for name in binder.types(each.service, resource)})
    what = f"names {' or '.join(fit.plural(kind) for kind in kinds)}" if kinds else "fits no resource type"
    wanted = sorted({fit.plural(use.name) for action in scoped for use in action.resources})
    return IamlintError(
        f"no asked action works on `{resource}`, which {what}",
        help=f"leave it out, or ask for another action: the asked ones work on {', '.join(wanted)}",
    )


def nothing_fits(asked: Asked, management: Sequence[str], binder: "Binder") -> IamlintError:
    """A pattern's actions all work on something else, or all manage permissions."""
    if management:
        return IamlintError(
            f"all that `{asked.word}` matches here changes permissions: {', '.join(management)}",
            help="name the ones you mean; a pattern never brings them in",
        )
    if not binder.resources:
        return IamlintError(
            f"`--resource` is missing: it decides which actions `{asked.word}` stands for",
            help="add `--resource ARN`, or `--resource '*'` for the actions for which AWS allows nothing narrower",
        )
    return IamlintError(
        f"no action that `{asked.word}` matches works on the given resources",
        help=f"the first it matches: {', '.join(action.name for action in asked.actions[:3])}",
    )


def _wanted(action: "Action", binder: "Binder") -> tuple[str, list[str]]:
    """The types an action works on, in words, and ARNs for them: the nearest to what was given, or the templates."""
    service = binder.catalog.service(action.service)
    types = [service.resources[use.name.lower()] for use in action.resources] if service else []
    types.sort(key=lambda each: len(each.arns[0]))
    near = {each.name: arn for each in types for template in each.arns for arn in _guesses(template, binder)}
    chosen = [each for each in types if each.name in near]
    if chosen:
        return " and ".join(fit.plural(each.name) for each in chosen), [near[each.name] for each in chosen]
    required = {use.name for use in action.resources if use.required}
    shown = [each for each in types if each.name in required] or types
    return " or ".join(fit.plural(each.name) for each in shown), [fit.fill(shown[0].arns[0], "aws", None)]


def _guesses(template: str, binder: "Binder") -> list[str]:
    return [arn for given in binder.arns.values() if (arn := fit.guess(template, given)) is not None]


def _flags(arns: Sequence[str]) -> str:
    return " or ".join(f"`--resource '{arn}'`" for arn in arns)
