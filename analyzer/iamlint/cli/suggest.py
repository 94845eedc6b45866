"""`iamlint suggest`: the options, and their way to a suggestion. Knows no AWS fact."""

import re
from collections.abc import Sequence
from typing import Annotated

import typer

from iamlint.cli import suggest_output
from iamlint.errors import IamlintError

HELP = "Write the smallest policy for what you name; with `--for ec2`, the role around it too."

FORMATS = ("policy", "json")

_WISH, _BUCKET, _ROLE, _OUTPUT = "What to allow", "Access to a bucket", "The role", "Output"

_Actions = Annotated[
    list[str] | None,
    typer.Option(
        "--actions",
        "--action",
        metavar="ACTION",
        rich_help_panel=_WISH,
        help="An action, an API operation such as s3:HeadObject, or a pattern; with commas or given often.",
    ),
]
_Resources = Annotated[
    list[str] | None,
    typer.Option(
        "--resource",
        "--resources",
        metavar="ARN",
        rich_help_panel=_WISH,
        help="What to allow them on; each action takes the ARNs it works on.",
    ),
]
_Template = Annotated[
    bool, typer.Option("--template", rich_help_panel=_WISH, help="Leave placeholders where a resource is missing.")
]
_Access = Annotated[
    list[str] | None,
    typer.Option(
        "--access", metavar="KIND", rich_help_panel=_BUCKET, help="Access to objects: list, read, write, delete, tag."
    ),
]
_Bucket = Annotated[str | None, typer.Option("--bucket", metavar="NAME", rich_help_panel=_BUCKET, help="The bucket.")]
_Prefixes = Annotated[
    list[str] | None,
    typer.Option(
        "--prefix",
        metavar="PREFIX",
        rich_help_panel=_BUCKET,
        help="Only keys below this prefix; given often for several.",
    ),
]
_Keys = Annotated[
    list[str] | None,
    typer.Option("--key", metavar="KEY", rich_help_panel=_BUCKET, help="Only this object; given often for several."),
]
_NoMultipart = Annotated[
    bool,
    typer.Option("--no-multipart", rich_help_panel=_BUCKET, help="Leave out clearing up after failed large uploads."),
]
_Workload = Annotated[
    str | None, typer.Option("--for", metavar="WORKLOAD", rich_help_panel=_ROLE, help="Who will use it: ec2.")
]
_RoleName = Annotated[
    str, typer.Option("--role-name", metavar="NAME", rich_help_panel=_ROLE, help="The role's and the profile's name.")
]
_Account = Annotated[
    str | None,
    typer.Option(
        "--account", metavar="ID", rich_help_panel=_ROLE, help="The role's account, for the deployer's policy."
    ),
]
_Partition = Annotated[
    str | None,
    typer.Option("--partition", metavar="NAME", rich_help_panel=_ROLE, help="aws by default; or aws-cn, aws-us-gov."),
]
_Format = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        rich_help_panel=_OUTPUT,
        help="The policy alone, or all there is to say [policy|json].",
    ),
]
_OutputFile = Annotated[
    str | None,
    typer.Option(
        "--output-file", "-o", metavar="FILE", rich_help_panel=_OUTPUT, help="Write to this file instead of stdout."
    ),
]
_OutDir = Annotated[
    str | None,
    typer.Option(
        "--out-dir", metavar="DIR", rich_help_panel=_OUTPUT, help="Also write each document to a file in this folder."
    ),
]
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", rich_help_panel=_OUTPUT, help="No explanation on stderr.")]


def suggest(
    *,
    actions: _Actions = None,
    resources: _Resources = None,
    template: _Template = False,
    access: _Access = None,
    bucket: _Bucket = None,
    prefixes: _Prefixes = None,
    keys: _Keys = None,
    no_multipart: _NoMultipart = False,
    workload: _Workload = None,
    role_name: _RoleName = "app-role",
    account: _Account = None,
    partition: _Partition = None,
    output_format: _Format = "policy",
    output_file: _OutputFile = None,
    out_dir: _OutDir = None,
    quiet: _Quiet = False,
) -> None:
    """Write the policy to stdout and the explanation to stderr."""
    from iamlint.suggest.suggestion import suggest as make  # noqa: PLC0415 - the catalogue and its readers come with it

    if output_format not in FORMATS:
        raise IamlintError(f"`--format` cannot be `{output_format}`", help=f"one of: {', '.join(FORMATS)}")
    suggestion = make(
        _words(actions),
        _arns(resources),
        access=_words(access),
        bucket=bucket,
        prefixes=prefixes or (),
        keys=keys or (),
        multipart=not no_multipart,
        workload=workload,
        role_name=role_name,
        account=account,
        partition=partition,
        template=template,
    )
    as_json = output_format == "json"
    suggest_output.show(suggestion, as_json=as_json, output_file=output_file, out_dir=out_dir, quiet=quiet)


def _words(given: Sequence[str] | None) -> list[str]:
    return [word for each in given or () for word in each.split(",") if word.strip()]


def _arns(given: Sequence[str] | None) -> list[str]:
    """ARNs by repetition or commas; a comma inside a key separates nothing."""
    found = (arn.strip() for each in given or () for arn in re.split(r",(?=\s*(?:arn:|\*\s*(?:,|$)))", each))
    return [arn for arn in found if arn]
