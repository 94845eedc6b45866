"""The process's own ends: stdout, stderr, files, the terminal. Knows no command and no policy."""

import os
import stat
import sys
from collections.abc import Iterable
from typing import TextIO

from iamlint.errors import IamlintError
from iamlint.report.paint import safe

_OURS = ("/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/self/fd/")


def note(text: str) -> None:
    """Say something on stderr that is no result; whatever has become of stderr, the run goes on."""
    if sys.stderr is None:  # closed, as with `2>&-`
        return
    try:
        sys.stderr.write(f"{safe(text)}\n")
        sys.stderr.flush()
    except OSError:
        discard(sys.stderr)


def discard(stream: TextIO) -> None:
    """Let what is still written to a broken stream go nowhere, or Python complains once more at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


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
    return _is_terminal() and os.environ.get("TERM") != "dumb"


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()  # None: closed, as with `>&-`


def columns() -> int:
    """How wide a line of output may get: the terminal's width, or 120 where there is none."""
    if not _is_terminal():
        return 120
    return max(60, os.get_terminal_size(sys.stdout.fileno()).columns)


def read_stdin() -> bytes:
    """All of stdin.

    Raises:
        IamlintError: It cannot be read.
    """
    if sys.stdin is None:
        raise IamlintError("stdin is closed", help="pipe a policy into `-`, or name a file")
    if sys.stdin.isatty():
        note("note: reading a policy from the terminal; end it with Ctrl-D")
    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise IamlintError(f"stdin cannot be read: {_reason(error)}", help="pipe a policy into `-`") from error


def write(lines: Iterable[str], output_file: str | None = None) -> None:
    """Write the result to stdout or to a file, which is replaced whole or not at all.

    A reader of stdout who has gone, as with `| head`, is no error: the exit code still tells the result.

    Raises:
        IamlintError: It cannot be written.
    """
    if output_file is not None:
        _write_file("".join(lines), output_file)
        return
    if sys.stdout is None:
        raise IamlintError("stdout is closed", help="`-o FILE` writes to a file")
    try:
        sys.stdout.writelines(lines)
        sys.stdout.flush()
    except BrokenPipeError:
        discard(sys.stdout)
    except OSError as error:
        discard(sys.stdout)
        raise IamlintError(f"stdout cannot be written: {_reason(error)}", help="`-o FILE` writes to a file") from error


def _write_file(text: str, path: str) -> None:
    scratch = ""
    try:
        if _is_special(path):
            with open(path, "a", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
            return
        target = os.path.realpath(path)  # a link stays one
        scratch = f"{target}.{os.getpid()}.tmp"
        with open(scratch, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        os.replace(scratch, target)
    except BrokenPipeError:
        return
    except (OSError, ValueError) as error:
        if scratch and os.path.exists(scratch):
            os.unlink(scratch)
        raise IamlintError(f"`{path}` cannot be written: {_reason(error)}", help="choose another `-o` file") from error


def _is_special(path: str) -> bool:
    """Whether a path is a device, a pipe or what stdout stands for, which must never be replaced by a file."""
    try:
        return path.startswith(_OURS) or not stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return False


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
