"""Options as Typer wants them: a declaration made into a function's parameters. Runs no command."""

import inspect
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from iamlint.cli.options import Option
from iamlint.errors import IamlintError

Command = Callable[..., None]


def with_options(command: Command, options: Sequence[Option], *arguments: inspect.Parameter) -> Command:
    """Give a command that takes `**given` the parameters of a declaration.

    Args:
        command: What to run; its parameters are only those given here.
        options: The declaration.
        arguments: Parameters that are no options.
    """
    parameters = [*arguments, *map(_parameter, options)]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    return command


def _parameter(option: Option) -> inspect.Parameter:
    choices = f" [{'|'.join(option.choices)}]" if option.choices else ""
    declared = typer.Option(
        *option.flags,
        help=f"{option.help}{choices}",
        metavar=option.metavar or None,
        rich_help_panel=option.panel,
        show_default=option.default or False,
        callback=_chooser(option),
    )
    types: dict[str, Any] = {"flag": bool, "list": list[str] | None, "value": str | None}
    return inspect.Parameter(
        option.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=False if option.kind == "flag" else None,
        annotation=Annotated[types[option.kind], declared],
    )


def _chooser(option: Option) -> Callable[[Any], Any] | None:
    if not option.choices:
        return None

    def choose(value: Any) -> Any:
        if value is not None and value not in option.choices:
            flag = max(option.flags, key=len)
            raise IamlintError(f"`{flag}` cannot be `{value}`", help=f"one of: {', '.join(option.choices)}")
        return value

    return choose
