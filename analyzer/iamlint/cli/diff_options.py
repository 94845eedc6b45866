"""The one declaration of `diff`'s options, read by both doors: the small one here, and Typer's. Runs nothing."""

from collections.abc import Sequence
from typing import Any

from iamlint.cli.options import KINDS, Option, gather
from iamlint.report.changes import FORMATS

_INPUT, _OUTPUT, _OUTCOME = "Input", "Output", "Outcome"

OPTIONS = (
    Option(("--policy-type",), "value", "What the policies are, instead of detecting it.", _INPUT, "TYPE", None, KINDS),
    Option(("--batch",), "value", "Read one pair a line; print one line of JSON for each.", _INPUT, "JSONL"),
    Option(("-f", "--format"), "value", "How to write the changes.", _OUTPUT, "FORMAT", "full", FORMATS),
    Option(("-o", "--output-file"), "value", "Write to this file instead of stdout.", _OUTPUT, "FILE"),
    Option(("--color",), "value", "When to use colours.", _OUTPUT, "WHEN", "auto", ("auto", "always", "never")),
    Option(("-q", "--quiet"), "flag", "Changes only: no summary, nothing that stayed as it is.", _OUTPUT),
    Option(("-v", "--verbose"), "flag", "Also say what was passed over, and why.", _OUTPUT),
    Option(("--exit-zero",), "flag", "Exit with 0 even if there is new access.", _OUTCOME),
)


def parse(arguments: Sequence[str]) -> dict[str, Any] | None:
    """The options in a command line by name, or None for anything unusual, which is then Typer's to answer."""
    given = gather(arguments, OPTIONS)
    return None if given is None or len(given["paths"]) != (0 if "batch" in given else 2) else given
