"""`iamlint suggest` as Typer sees it: the shared declaration made into parameters. Knows no AWS fact."""

import inspect
from typing import Annotated, Any

import typer

from iamlint.cli.options import Option
from iamlint.cli.suggest_options import OPTIONS
from iamlint.cli.suggest_output import run

HELP = "Write the smallest policy for what you name; with `--for ec2`, the role around it too."


def suggest(**given: Any) -> None:
    """Write the policy to stdout and the explanation to stderr."""
    raise typer.Exit(run(given))


def _parameter(option: Option) -> inspect.Parameter:
    choices = f" [{'|'.join(option.choices)}]" if option.choices else ""
    declared = typer.Option(
        *option.flags,
        help=f"{option.help}{choices}",
        metavar=option.metavar or None,
        rich_help_panel=option.panel,
        show_default=option.default or False,
    )
    types: dict[str, Any] = {"flag": bool, "list": list[str] | None, "value": str | None}
    return inspect.Parameter(
        option.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=False if option.kind == "flag" else None,
        annotation=Annotated[types[option.kind], declared],
    )


_SIGNATURE = inspect.Signature([_parameter(option) for option in OPTIONS])
suggest.__signature__ = _SIGNATURE  # type: ignore[attr-defined]
suggest.__annotations__ = {name: each.annotation for name, each in _SIGNATURE.parameters.items()}
