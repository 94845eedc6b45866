"""The one declaration of `can`'s options, read by both doors: the small one here, and Typer's. Runs nothing."""

from collections.abc import Sequence
from typing import Any

from iamlint.cli.options import Option, gather
from iamlint.report.decisions import FORMATS

_OWN, _RESOURCE, _ORGANIZATION, _REQUEST = "The caller's policies", "The resource's", "Around them", "The request"
_OUTPUT = "Output"

OPTIONS = (
    Option(
        ("--identity",),
        "list",
        "Identity policies: files, a role's folder, an account's dump.",
        _OWN,
        "PATH",
        commas=False,
    ),
    Option(("--boundary",), "list", "The permissions boundary.", _OWN, "FILE", commas=False),
    Option(("--session",), "list", "The session policy.", _OWN, "FILE", commas=False),
    Option(("--resource-policy",), "list", "The resource's policy.", _RESOURCE, "FILE", commas=False),
    Option(("--trust",), "list", "The trust policy of the role to assume.", _RESOURCE, "FILE", commas=False),
    Option(
        ("--scp",), "list", "The SCPs of one level, from the root down.", _ORGANIZATION, "[LEVEL=]PATH", commas=False
    ),
    Option(("--rcp",), "list", "The RCPs of one level, the same way.", _ORGANIZATION, "[LEVEL=]PATH", commas=False),
    Option(("--vpc-endpoint",), "list", "The VPC endpoint's policy.", _ORGANIZATION, "FILE", commas=False),
    Option(("--context",), "list", "A condition key's value; given often for several.", _REQUEST, "K=V", commas=False),
    Option(("--resource-account",), "value", "The account that owns the resource.", _REQUEST, "ID"),
    Option(("--batch",), "value", "Read one case a line; print one decision a line.", _REQUEST, "JSONL"),
    Option(("-f", "--format"), "value", "How to write the decision.", _OUTPUT, "FORMAT", "full", FORMATS),
    Option(("-o", "--output-file"), "value", "Write to this file instead of stdout.", _OUTPUT, "FILE"),
    Option(("--color",), "value", "When to use colours.", _OUTPUT, "WHEN", "auto", ("auto", "always", "never")),
    Option(("-q", "--quiet"), "flag", "The answer only, without the reasons.", _OUTPUT),
)


def parse(arguments: Sequence[str]) -> dict[str, Any] | None:
    """The options in a command line by name, or None for anything unusual, which is then Typer's to answer."""
    given = gather(arguments, OPTIONS)
    wanted = (0,) if given and "batch" in given else (2, 3)
    return given if given is not None and len(given["paths"]) in wanted else None
