"""`iamlint suggest` as Typer sees it: the shared declaration made into parameters. Knows no AWS fact."""

from typing import Any

import typer

from iamlint.cli.parameters import with_options
from iamlint.cli.suggest_options import OPTIONS
from iamlint.cli.suggest_output import run

HELP = "Write the smallest policy for what you name; with `--for ec2`, the role around it too."


def _suggest(**given: Any) -> None:
    raise typer.Exit(run(given))


suggest = with_options(_suggest, OPTIONS)
