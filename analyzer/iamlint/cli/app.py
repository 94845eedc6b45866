"""The whole command line, by Typer: every command, its help and its errors. One module per command does the work."""

import inspect
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from iamlint.cli import check as check_command
from iamlint.cli import rule as rule_command
from iamlint.cli import suggest as suggest_command
from iamlint.cli.options import OPTIONS, Option, collect
from iamlint.errors import IamlintError

app = typer.Typer(
    name="iamlint",
    help="The IAM policy linter and least-privilege analyzer. Offline: nothing leaves this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(rule_command.app)


def _version(wanted: bool) -> None:  # noqa: FBT001 - Typer's way
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415

        typer.echo(f"iamlint {version('iamlint')}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[bool, typer.Option("--version", "-V", callback=_version, is_eager=True, help="The version.")] = False,
) -> None:
    pass


def _check(**given: Any) -> None:
    raise typer.Exit(check_command.run(collect(given)))


def _signature(options: tuple[Option, ...]) -> Callable[..., None]:
    """`check` with the parameters that the shared declaration lists."""
    paths = inspect.Parameter(
        "paths",
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[
            list[str] | None, typer.Argument(metavar="[PATHS|-]...", help="Files and folders; `.` by default.")
        ],
    )
    _check.__signature__ = inspect.Signature([paths, *map(_parameter, options)])  # type: ignore[attr-defined]
    _check.__annotations__ = {p.name: p.annotation for p in _check.__signature__.parameters.values()}  # type: ignore[attr-defined]
    return _check


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
    default = False if option.kind == "flag" else None
    return inspect.Parameter(
        option.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[types[option.kind], declared]
    )


def _chooser(option: Option) -> Callable[[Any], Any] | None:
    if not option.choices:
        return None

    def choose(value: Any) -> Any:
        if value is not None and value not in option.choices:
            raise IamlintError(
                f"`{max(option.flags, key=len)}` cannot be `{value}`", help=f"one of: {', '.join(option.choices)}"
            )
        return value

    return choose


app.command(
    "check",
    help="Lint policies in JSON and YAML: files, folders, what the AWS CLI prints, or stdin.",
)(_signature(OPTIONS))
app.command("suggest", help=suggest_command.HELP)(suggest_command.suggest)


def call(words: list[str]) -> int:
    """Run a command line through Typer.

    Raises:
        IamlintError: The command line is not understood.
    """
    command = typer.main.get_command(app)
    try:
        result = command.main(args=words, prog_name="iamlint", standalone_mode=False)
    except Exception as error:
        # Typer raises click's usage errors, from click itself or from its own copy, depending on its version.
        if not hasattr(error, "format_message"):
            raise
        message = error.format_message()
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else "iamlint"
        if not message:
            sys.stderr.write(f"{context.get_help()}\n" if context is not None else "")
            return int(getattr(error, "exit_code", 2))
        raise IamlintError(message[:1].lower() + message[1:].rstrip("."), help=f"try `{path} --help`") from None
    return result if isinstance(result, int) else 0
