"""`iamlint suggest`: the options, and what goes to stdout, to stderr and to files. Knows no AWS fact."""

import re
from typing import TYPE_CHECKING, Annotated

import typer

from iamlint.cli import suggest_output
from iamlint.errors import IamlintError

if TYPE_CHECKING:
    from collections.abc import Sequence

HELP = "Write the smallest policy for what you name; with `--for ec2`, the role around it too."

WISH, BUCKET, ROLE, OUTPUT = "What to allow", "Access to a bucket", "The role", "Output"
FORMATS = ("policy", "json")

_Words = list[str] | None
_Word = str | None


def suggest(
    actions: Annotated[
        _Words,
        typer.Option(
            "--actions",
            "--action",
            metavar="ACTION",
            rich_help_panel=WISH,
            help="An action, an API operation such as s3:HeadObject, or a pattern; with commas or given often.",
        ),
    ] = None,
    resource: Annotated[
        _Words,
        typer.Option(
            "--resource",
            "--resources",
            metavar="ARN",
            rich_help_panel=WISH,
            help="What to allow them on; each action takes the ARNs it works on.",
        ),
    ] = None,
    template: Annotated[
        bool, typer.Option("--template", rich_help_panel=WISH, help="Leave placeholders where a resource is missing.")
    ] = False,
    access: Annotated[
        _Words,
        typer.Option(
            "--access",
            metavar="KIND",
            rich_help_panel=BUCKET,
            help="Access to objects: list, read, write, delete, tag.",
        ),
    ] = None,
    bucket: Annotated[
        _Word, typer.Option("--bucket", metavar="NAME", rich_help_panel=BUCKET, help="The bucket.")
    ] = None,
    prefix: Annotated[
        _Words, typer.Option("--prefix", metavar="PREFIX", rich_help_panel=BUCKET, help="Only keys below this prefix.")
    ] = None,
    key: Annotated[
        _Words, typer.Option("--key", metavar="KEY", rich_help_panel=BUCKET, help="Only this object.")
    ] = None,
    no_multipart: Annotated[
        bool, typer.Option("--no-multipart", rich_help_panel=BUCKET, help="Leave out clearing up after large uploads.")
    ] = False,
    workload: Annotated[
        _Word, typer.Option("--for", metavar="WORKLOAD", rich_help_panel=ROLE, help="Who will use it: ec2.")
    ] = None,
    role_name: Annotated[
        str,
        typer.Option("--role-name", metavar="NAME", rich_help_panel=ROLE, help="The role's and the profile's name."),
    ] = "app-role",
    account: Annotated[
        _Word,
        typer.Option("--account", metavar="ID", rich_help_panel=ROLE, help="The role's account, for the deployer."),
    ] = None,
    partition: Annotated[
        _Word,
        typer.Option(
            "--partition", metavar="NAME", rich_help_panel=ROLE, help="[aws|aws-cn|aws-us-gov]; aws by default."
        ),
    ] = None,
    output_format: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            rich_help_panel=OUTPUT,
            help="The policy alone, or all there is to say [policy|json].",
        ),
    ] = "policy",
    output_file: Annotated[
        _Word,
        typer.Option("--output-file", "-o", metavar="FILE", rich_help_panel=OUTPUT, help="Write to this file instead."),
    ] = None,
    out_dir: Annotated[
        _Word,
        typer.Option("--out-dir", metavar="DIR", rich_help_panel=OUTPUT, help="Also write each document to a file."),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", rich_help_panel=OUTPUT, help="No explanation on stderr.")
    ] = False,
) -> None:
    """Write the policy to stdout and the explanation to stderr."""
    from iamlint.suggest.suggestion import suggest as make  # noqa: PLC0415 - policy_sentry's writer comes with it

    if output_format not in FORMATS:
        raise IamlintError(f"`--format` cannot be `{output_format}`", help=f"one of: {', '.join(FORMATS)}")
    suggestion = make(
        _words(actions),
        _arns(resource),
        access=_words(access),
        bucket=bucket,
        prefixes=prefix or (),
        keys=key or (),
        multipart=not no_multipart,
        workload=workload,
        role_name=role_name,
        account=account,
        partition=partition,
        template=template,
    )
    suggest_output.show(
        suggestion, as_json=output_format == "json", output_file=output_file, out_dir=out_dir, quiet=quiet
    )


def _words(given: "Sequence[str] | None") -> list[str]:
    return [word for each in given or () for word in each.split(",") if word.strip()]


def _arns(given: "Sequence[str] | None") -> list[str]:
    """ARNs by repetition or commas; a comma inside a key separates nothing."""
    found = (arn.strip() for each in given or () for arn in re.split(r",(?=\s*(?:arn:|\*\s*(?:,|$)))", each))
    return [arn for arn in found if arn]
