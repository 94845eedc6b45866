"""The process's own ends: stdout, stderr, files, the terminal. Knows no command and no policy."""

import os
import sys
from collections.abc import Iterable

from iamlint.errors import IamlintError
from iamlint.report.paint import safe


def note(text: str) -> None:
    """Say something on stderr that is no result."""
    sys.stderr.write(f"{safe(text)}\n")


def complain(error: IamlintError) -> None:
    """Say on stderr what is wrong with the run, and what to do."""
    note(f"error: {error.message}")
    if error.help:
        note(f" help: {error.help}")


def use_color(when: str) -> bool:
    """Whether to colour stdout: `--color`, then NO_COLOR, then FORCE_COLOR, then whether it is a terminal."""
    if when != "auto":
        return when == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def columns() -> int:
    """How wide a line of output may get: the terminal's width, or 120 where there is none."""
    if not sys.stdout.isatty():
        return 120
    return max(60, os.get_terminal_size(sys.stdout.fileno()).columns)


def write(lines: Iterable[str], output_file: str | None = None) -> None:
    """Write the result to stdout or to a file, which is replaced whole or not at all.

    Raises:
        IamlintError: The file cannot be written.
    """
    text = "".join(lines)
    if output_file is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    scratch = f"{output_file}.{os.getpid()}.tmp"
    try:
        with open(scratch, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        os.replace(scratch, output_file)
    except OSError as error:
        if os.path.exists(scratch):
            os.unlink(scratch)
        reason = error.strerror or str(error)
        raise IamlintError(f"`{output_file}` cannot be written: {reason}", help="choose another `-o` file") from error
