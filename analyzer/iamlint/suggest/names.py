"""From the words a user writes to the actions they mean. Knows the catalogue, and nothing of resources."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iamlint.errors import IamlintError

if TYPE_CHECKING:
    from iamlint.catalog import Action, Catalog


@dataclass(frozen=True, slots=True)
class Asked:
    """One word and the actions it stands for.

    `where` names the place each action of an operation applies to, such as the source of a copy; `conditional` holds
    the actions that the operation needs in some cases only.
    """

    word: str
    actions: tuple["Action", ...]
    is_pattern: bool = False
    operation: str | None = None
    conditional: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)


def resolve(catalog: "Catalog", words: Iterable[str]) -> tuple[Asked, ...]:
    """What the words ask for: actions, API operations, CLI commands and patterns, without repetitions.

    Raises:
        IamlintError: A word names nothing.
    """
    return tuple(_resolve(catalog, word) for word in dict.fromkeys(filter(None, (" ".join(w.split()) for w in words))))


def _resolve(catalog: "Catalog", word: str) -> Asked:
    if "*" in word or "?" in word:
        return _expand(catalog, word)
    action = catalog.action(word)
    if action is not None:
        return Asked(word, (action,))
    operation = catalog.requirements(word)
    # A word without a service, such as `list-objects-v2`, may belong to several.
    if operation is None or (":" not in word and " " not in word):
        raise _unknown(catalog, word)
    actions = [found for name in operation.actions if (found := catalog.action(name))]
    if not actions:
        raise IamlintError(f"`{operation.name}` needs no permission", help="leave it out of `--actions`")
    return Asked(
        word, tuple(actions), operation=operation.name, conditional=operation.conditional, where=operation.where
    )


def _expand(catalog: "Catalog", word: str) -> Asked:
    prefix, colon, _ = word.partition(":")
    if not colon or "*" in prefix or "?" in prefix:
        raise IamlintError(
            f"`{word}` names no single service", help="write the service and the action, such as `s3:Get*`"
        )
    names = catalog.expand(word)
    if not names:
        raise _unknown(catalog, word)
    return Asked(word, tuple(found for name in names if (found := catalog.action(name))), is_pattern=True)


def _unknown(catalog: "Catalog", word: str) -> IamlintError:
    command = word.removeprefix("aws ")
    if " " in command:
        return _unknown_command(catalog, word, *command.split(" ", 1))
    prefix, colon, _ = word.partition(":")
    nearest = " or ".join(f"`{name}`" for name in catalog.nearest_actions(word)) if "*" not in word else ""
    did_you_mean = f"did you mean {nearest}?" if nearest else ""
    if not colon:
        form = "write the service and the action, such as `s3:GetObject`"
        return IamlintError(f"`{word}` names no service", help=did_you_mean or form)
    if catalog.retired(word):
        return IamlintError(f"AWS has retired the action `{word}`", help=did_you_mean)
    if catalog.service(prefix) is None:
        services = " or ".join(f"`{name}`" for name in catalog.nearest_services(prefix))
        hint = f"did you mean {services}?" if services else ""
        return IamlintError(f"there is no service `{prefix}`, in `{word}`", help=did_you_mean or hint)
    if "*" in word or "?" in word:
        return IamlintError(f"no action matches `{word}`", help=f"`{prefix}:*` stands for all of them")
    return IamlintError(f"there is no action `{word}`", help=did_you_mean or f"`{prefix}:*` stands for all of them")


def _unknown_command(catalog: "Catalog", word: str, service: str, operation: str) -> IamlintError:
    prefix = catalog.prefix_of(service) or service
    nearest = catalog.nearest_actions(f"{prefix}:{operation.replace('-', '')}")
    hint = f"did you mean {' or '.join(f'`{name}`' for name in nearest)}?" if nearest else ""
    return IamlintError(
        f"there is no command or operation `{word}`", help=hint or "name the action, such as `s3:GetObject`"
    )
