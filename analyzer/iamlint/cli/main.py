"""The command line's front door: `check` by the fast way, everything else through Typer. Decides exit codes."""

import gc
import os
import sys
from collections.abc import Sequence

from iamlint.cli.console import complain, note
from iamlint.errors import IamlintError

USAGE_ERROR = 2
OUR_FAULT = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run iamlint; the entry point of the `iamlint` command.

    Args:
        arguments: The words after the command's name; those of the process by default.

    Returns:
        The exit code: 0 clean, 1 findings, 2 the run could not be done as asked, 3 iamlint itself failed.
    """
    # A run makes many small values and few cycles: collecting as often as by default takes a third of its time.
    gc.set_threshold(100_000, 20, 20)
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(words)
    except IamlintError as error:
        complain(error)
        return USAGE_ERROR
    except BrokenPipeError:
        # The reader has gone, as with `| head`. Point stdout away, or Python complains once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        note("interrupted")
        return 130


def _run(words: list[str]) -> int:
    if words[:1] == ["check"]:
        from iamlint.cli.options import parse  # noqa: PLC0415 - only this command's modules

        options = parse(words[1:])
        if options is not None:
            from iamlint.cli.check import run  # noqa: PLC0415

            return run(options)
    if words[:1] == ["suggest"]:
        from iamlint.cli.suggest_options import parse as parse_suggest  # noqa: PLC0415

        given = parse_suggest(words[1:])
        if given is not None:
            from iamlint.cli.suggest_output import run as run_suggest  # noqa: PLC0415

            return run_suggest(given)
    from iamlint.cli.app import call  # noqa: PLC0415 - Typer takes longer to import than `check` takes to run

    return call(words)


if __name__ == "__main__":
    sys.exit(main())
