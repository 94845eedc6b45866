"""Access to a bucket in plain words, as grants: list, read, write, delete, tag. Knows S3's rules for names and keys."""

import re
from collections.abc import Iterable, Sequence

from iamlint.errors import IamlintError
from iamlint.suggest.grant import Conditions, Grant

ACCESS = ("list", "read", "write", "delete", "tag")

_LABELS = {"list": "List", "read": "Read", "write": "Write", "delete": "Delete", "tag": "Tag"}

_ACTIONS = {
    "read": ("s3:GetObject",),
    "write": ("s3:PutObject",),
    "delete": ("s3:DeleteObject",),
    "tag": ("s3:PutObjectTagging",),
}
"""What each kind of access to objects needs.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""

_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--table-s3")
_PREFIXES = ("xn--", "sthree-")
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")


def bucket_grants(
    access: Sequence[str], bucket: str, prefixes: Sequence[str], keys: Sequence[str], partition: str, *, multipart: bool
) -> list[Grant]:
    """What the access needs on a bucket, or on the keys below prefixes, or on single keys."""
    arn = f"arn:{partition}:s3:::{bucket}"
    places = [f"{arn}/{escaped(key)}" for key in keys] or [f"{arn}/{escaped(p)}*" for p in prefixes] or [f"{arn}/*"]
    one = "Object" if len(keys) == 1 else "Objects"
    grants = []
    for word in (each for each in ACCESS if each in access):
        if word == "list":
            label = "ListKeys" if keys else "ListPrefix" if prefixes else "ListBucket"
            grants.append(Grant("s3:ListBucket", arn, _listing(prefixes, keys), label))
            continue
        actions = _ACTIONS[word] + (("s3:AbortMultipartUpload",) if word == "write" and multipart else ())
        grants += [Grant(action, place, (), f"{_LABELS[word]}{one}") for action in actions for place in places]
    return grants


def _listing(prefixes: Sequence[str], keys: Sequence[str]) -> Conditions:
    """The condition on the prefix that a list request sends.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html#example-object-ops-prefix
    """
    if keys:
        return (("StringEquals", "s3:prefix", tuple(escaped(key) for key in keys)),)
    return (("StringLike", "s3:prefix", tuple(f"{escaped(prefix)}*" for prefix in prefixes)),) if prefixes else ()


def escaped(key: str) -> str:
    """A key as a pattern that matches nothing else.

    >>> escaped("100%*?/${home}")
    '100%${*}${?}/${$}{home}'
    """
    return re.sub(r"\*|\?|\$(?=\{)", lambda found: f"${{{found[0]}}}", key)


def read_access(words: Iterable[str]) -> tuple[str, ...]:
    """The kinds of access, in order, without repetitions.

    Raises:
        IamlintError: There is no such kind.
    """
    asked = {word.strip().lower() for word in words if word.strip()}
    for word in sorted(asked):
        if word not in ACCESS:
            raise IamlintError(f"there is no access `{word}`", help=f"one or more of: {', '.join(ACCESS)}")
    return tuple(word for word in ACCESS if word in asked)


def read_prefixes(prefixes: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
    """The prefixes, each ended by a slash, and what is to be said of them.

    Raises:
        IamlintError: A prefix is empty.
    """
    done, notes = [], []
    for prefix in prefixes:
        if not prefix.strip("/"):
            raise IamlintError(
                f"`--prefix '{prefix}'` names no folder", help="leave `--prefix` out for the whole bucket"
            )
        ended = prefix if prefix.endswith("/") else f"{prefix}/"
        if ended != prefix:
            notes.append(f"`{prefix}` is taken as `{ended}`: `{prefix}*` also matches `{prefix}-private/`")
        if ended.startswith("/"):
            notes.append(f"`{ended}` begins with a slash, and keys seldom do: `{ended.lstrip('/')}` is another prefix")
        notes += _literal(prefix, "--prefix")
        done.append(ended)
    return tuple(dict.fromkeys(done)), notes


def read_keys(keys: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
    """The keys of single objects, and what is to be said of them.

    Raises:
        IamlintError: A key is empty, or longer than S3 allows.
    """
    done = tuple(dict.fromkeys(keys))
    for key in done:
        if not key or key.endswith("/") or len(key.encode()) > 1024:
            raise IamlintError(
                f"`--key '{key}'` names no single object", help="`--prefix` stands for all keys in a folder"
            )
    return done, [note for key in done for note in _literal(key, "--key")]


def _literal(text: str, flag: str) -> list[str]:
    marks = [mark for mark in ("*", "?", "${") if mark in text]
    quoted = " and ".join(f"`{mark}`" for mark in marks)
    return [f"{quoted} in `{flag} {text}` is taken as part of the key, not as a wildcard"] if marks else []


def read_bucket(name: str) -> str:
    """The name of a general purpose bucket.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html

    Raises:
        IamlintError: No bucket can have the name.
    """
    wrong = _wrong(name)
    if wrong:
        raise IamlintError(f"`{name}` is no bucket's name: {wrong[0]}", help=wrong[1])
    return name


def _wrong(name: str) -> tuple[str, str] | None:
    rules = "3 to 63 lower-case letters, digits, dots and hyphens, with a letter or digit at both ends"
    if name.startswith("arn:"):
        return "it is an ARN", "give the name alone, or use `--actions` with `--resource`"
    if name.startswith("s3://"):
        bucket, _, prefix = name.removeprefix("s3://").partition("/")
        return "it is a URL", f"write `--bucket {bucket}{' --prefix ' + prefix if prefix else ''}`"
    if name.endswith("--x-s3"):
        return (
            "it is a directory bucket, which has permissions of its own",
            "use `--actions s3express:CreateSession --resource arn:aws:s3express:REGION:ACCOUNT:bucket/NAME`",
        )
    if name.endswith(_SUFFIXES) or name.startswith(_PREFIXES):
        return (
            "S3 reserves that beginning or ending",
            "aliases are not accepted in policies: give the bucket's own name",
        )
    if not _NAME.fullmatch(name) or ".." in name or _ADDRESS.fullmatch(name):
        return "S3 would reject it", f"a name has {rules}, no two dots in a row, and is no IP address"
    return None


def remarks(access: Sequence[str], prefixes: Sequence[str], *, multipart: bool) -> tuple[list[str], list[str]]:
    """What a user of such access should know, and should be asked."""
    notes, questions = [], []
    if "list" in access and prefixes:
        notes.append("a list request without a prefix, and HeadBucket, send no `s3:prefix` and stay denied")
    if "write" in access and multipart:
        notes.append("`s3:AbortMultipartUpload` clears up after failed uploads; `--no-multipart` leaves it out")
    if "read" in access and "list" not in access:
        notes.append(
            "a missing key answers 403: S3 says 404 only to those who may list; add `--access list` if that matters"
        )
    if {"read", "write"} & {*access}:
        needs = " and ".join(
            name
            for name, wanted in (
                ("`kms:Decrypt`", "read" in access or multipart),
                ("`kms:GenerateDataKey`", "write" in access),
            )
            if wanted
        )
        questions.append(f"are the objects encrypted with a KMS key of yours? then {needs} on that key is needed too")
    questions.append("is the bucket another account's? then its bucket policy must allow the role as well")
    if "delete" in access or "read" in access:
        questions.append("are single versions meant? then the actions are others, such as `s3:GetObjectVersion`")
    return notes, questions
