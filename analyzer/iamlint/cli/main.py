"""The command line's front door: commands with a fast way by it, all else through Typer. Decides exit codes."""

import errno
import gc
import os
import sys
from collections.abc import Sequence

from iamlint.cli.console import complain, discard, note
from iamlint.errors import IamlintError

USAGE_ERROR = 2
OUR_FAULT = 3
_FAST = {
    "check": ("iamlint.cli.options", "iamlint.cli.check"),
    "suggest": ("iamlint.cli.suggest_options", "iamlint.cli.suggest_output"),
    "assert": ("iamlint.cli.assertion_options", "iamlint.cli.assertion"),
    "can": ("iamlint.cli.can_options", "iamlint.cli.can"),
    "diff": ("iamlint.cli.diff_options", "iamlint.cli.diff"),
}
"""The commands with a fast door: the modules that parse their words and that run them."""
ISSUES = "https://github.com/iamlint/iamlint/issues"


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
        discard(sys.stdout)
        return 0
    except KeyboardInterrupt:
        note("interrupted")
        return 130
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            discard(sys.stdout)
            note("error: no space is left where stdout goes")
            return USAGE_ERROR
        _own_up(error, words)
        return OUR_FAULT


def _own_up(error: Exception, words: list[str]) -> None:
    """Say that we are wrong, and where to tell us."""
    note(f"iamlint failed: {type(error).__name__}: {error}")
    if "-v" in words or "--verbose" in words or os.environ.get("IAMLINT_TRACEBACK"):
        from traceback import format_exception  # noqa: PLC0415 - only when we crashed

        for line in "".join(format_exception(error)).splitlines():
            note(line)
    else:
        note(" help: this is a bug in iamlint; IAMLINT_TRACEBACK=1 shows the traceback")
    note(f" help: report it at {ISSUES}")


def _run(words: list[str]) -> int:
    if words and words[0] in _FAST:
        from importlib import import_module  # noqa: PLC0415 - only this command's modules

        options, command = _FAST[words[0]]
        given = import_module(options).parse(words[1:])
        if given is not None:
            return int(import_module(command).run(given))
    from iamlint.cli.app import call  # noqa: PLC0415 - Typer takes longer to import than `check` takes to run

    return call(words)


if __name__ == "__main__":
    sys.exit(main())
