"""The whole command line, by Typer: every command, its help and its errors. One module per command does the work."""

import inspect
import sys
from typing import Annotated, Any

import typer

from iamlint.cli import assertion_options, can_options, diff_options
from iamlint.cli import check as check_command
from iamlint.cli import rule as rule_command
from iamlint.cli import suggest as suggest_command
from iamlint.cli.options import OPTIONS, collect
from iamlint.cli.parameters import with_options
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


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415

        typer.echo(f"iamlint {version('iamlint')}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_version, is_eager=True, help="The version.")
    ] = False,
) -> None:
    pass


def _check(**given: Any) -> None:
    raise typer.Exit(check_command.run(collect(given)))


def _paths(metavar: str, help: str) -> inspect.Parameter:  # noqa: A002 - Typer's own word for it
    """The words of a command that are no options."""
    argument = typer.Argument(metavar=metavar, help=help)
    return inspect.Parameter(
        "paths", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[list[str] | None, argument]
    )


def _assert(**given: Any) -> None:
    from iamlint.cli import assertion  # noqa: PLC0415 - the engine is for those who ask it

    raise typer.Exit(assertion.run(given))


def _can(**given: Any) -> None:
    from iamlint.cli import can  # noqa: PLC0415 - the engine is for those who ask it

    raise typer.Exit(can.run(given))


def _diff(**given: Any) -> None:
    from iamlint.cli import diff  # noqa: PLC0415 - the engine is for those who ask it

    raise typer.Exit(diff.run(given))


app.command(
    "check",
    help="Lint policies in JSON and YAML: files, folders, what the AWS CLI prints, or stdin.",
)(with_options(_check, OPTIONS, _paths("[PATHS|-]...", "Files and folders; `.` by default.")))
app.command(
    "assert",
    help="Test policies: these requests must, or must not, be granted. Exits with 1 if an assertion is broken.",
)(with_options(_assert, assertion_options.OPTIONS, _paths("FILE", "Assertions in YAML or JSON.")))
app.command(
    "can",
    help="Say whether a request is allowed, and by which statements. Exits with 1 if it is not.",
)(with_options(_can, can_options.OPTIONS, _paths("WHO ACTION RESOURCE", "An ARN, an action, an ARN or `*`.")))
app.command(
    "diff",
    help="Show what NEW grants that OLD did not, with a request that proves it. Exits with 1 on new access.",
)(with_options(_diff, diff_options.OPTIONS, _paths("OLD NEW", "Files, folders, or REV:path for what git has.")))
app.command("suggest", help=suggest_command.HELP)(suggest_command.suggest)


def call(words: list[str]) -> int:
    """Run a command line through Typer.

    Raises:
        IamlintError: The command line is not understood.
    """
    command = typer.main.get_command(app)
    try:
        result = command.main(args=words, prog_name="iamlint", standalone_mode=False)
    except SystemExit:
        # Not standalone, Typer exits by itself only when the reader of stdout has gone.
        raise BrokenPipeError from None
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
