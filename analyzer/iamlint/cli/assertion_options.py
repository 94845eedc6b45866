"""The one declaration of `assert`'s options, read by both doors: the small one here, and Typer's. Runs nothing."""

from collections.abc import Sequence
from typing import Any

from iamlint.cli.options import KINDS, Option, gather
from iamlint.report.assertions import FORMATS

_INPUT, _OUTPUT = "Input", "Output"

OPTIONS = (
    Option(("--policies",), "list", "Judge these instead of what the file names.", _INPUT, "PATH", commas=False),
    Option(("--policy-type",), "value", "What the policies are, instead of detecting it.", _INPUT, "TYPE", None, KINDS),
    Option(("-f", "--format"), "value", "How to write the judgements.", _OUTPUT, "FORMAT", "full", FORMATS),
    Option(("-o", "--output-file"), "value", "Write to this file instead of stdout.", _OUTPUT, "FILE"),
    Option(("--color",), "value", "When to use colours.", _OUTPUT, "WHEN", "auto", ("auto", "always", "never")),
    Option(("-q", "--quiet"), "flag", "Broken assertions only, no summary.", _OUTPUT),
)


def parse(arguments: Sequence[str]) -> dict[str, Any] | None:
    """The options in a command line by name, or None for anything unusual, which is then Typer's to answer."""
    given = gather(arguments, OPTIONS)
    return given if given and given["paths"] else None
