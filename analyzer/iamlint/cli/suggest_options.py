"""The one declaration of `suggest`'s options, read by both doors: the small one here, and Typer's. Runs nothing."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from iamlint.cli.options import Option, gather

_WISH, _BUCKET, _ROLE, _OUTPUT = "What to allow", "Access to a bucket", "The role", "Output"

FORMATS = ("policy", "json")

OPTIONS = (
    Option(("--actions", "--action"), "list", "Actions, API operations or patterns, such as s3:Get*.", _WISH, "ACTION"),
    Option(
        ("--resource", "--resources"), "list", "ARNs; each action takes those it works on.", _WISH, "ARN", commas=False
    ),
    Option(("--template",), "flag", "Leave placeholders where a resource is missing.", _WISH),
    Option(("--access",), "list", "Access to objects: list, read, write, delete, tag.", _BUCKET, "KIND"),
    Option(("--bucket",), "value", "The bucket.", _BUCKET, "NAME"),
    Option(("--prefix",), "list", "Only keys below this prefix; given often for several.", _BUCKET, "P", commas=False),
    Option(("--key",), "list", "Only this object; given often for several.", _BUCKET, "KEY", commas=False),
    Option(("--no-multipart",), "flag", "Leave out clearing up after failed large uploads.", _BUCKET),
    Option(("--for", "--workload"), "value", "Who will use it: ec2.", _ROLE, "WORKLOAD"),
    Option(("--role-name",), "value", "The role's and the profile's name.", _ROLE, "NAME", "app-role"),
    Option(("--account",), "value", "The role's account, for the deployer's policy.", _ROLE, "ID"),
    Option(("--partition",), "value", "aws by default; or aws-cn, aws-us-gov.", _ROLE, "NAME"),
    Option(
        ("-f", "--format"), "value", "The policy alone, or all there is to say.", _OUTPUT, "FORMAT", "policy", FORMATS
    ),
    Option(("-o", "--output-file"), "value", "Write to this file instead of stdout.", _OUTPUT, "FILE"),
    Option(("--out-dir",), "value", "Also write each document to a file in this folder.", _OUTPUT, "DIR"),
    Option(("-q", "--quiet"), "flag", "No explanation on stderr.", _OUTPUT),
)

_BETWEEN_ARNS = re.compile(r",(?=\s*(?:arn:|\*\s*(?:,|$)))")


def parse(arguments: Sequence[str]) -> dict[str, Any] | None:
    """The options in a command line by name, or None for anything unusual, which is then Typer's to answer."""
    given = gather(arguments, OPTIONS)
    return None if given is None or given.pop("paths") else given


def wish(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a door gathered, in the words of `iamlint.suggest`."""
    return {
        "actions": _words(given.get("actions")),
        "resources": _arns(given.get("resources")),
        "access": _words(given.get("access")),
        "bucket": given.get("bucket"),
        "prefixes": given.get("prefix") or (),
        "keys": given.get("key") or (),
        "multipart": not given.get("no_multipart"),
        "workload": given.get("workload"),
        "role_name": given.get("role_name") or "app-role",
        "account": given.get("account"),
        "partition": given.get("partition"),
        "template": bool(given.get("template")),
    }


def _words(given: Sequence[str] | None) -> list[str]:
    return [word for each in given or () for word in each.split(",") if word.strip()]


def _arns(given: Sequence[str] | None) -> list[str]:
    """ARNs by repetition or commas; a comma inside a key separates nothing."""
    found = (arn.strip() for each in given or () for arn in _BETWEEN_ARNS.split(each))
    return [arn for arn in found if arn]
