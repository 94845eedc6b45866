"""What a user asks a policy for, read and checked. Knows no catalogue."""

from collections.abc import Iterable
from dataclasses import dataclass

from iamlint.errors import IamlintError
from iamlint.suggest import ec2, s3

WORKLOADS = ("ec2",)


@dataclass(frozen=True, slots=True)
class Request:
    """The wish: actions on resources, or access to a bucket, or both; for a workload, or for anyone."""

    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    bucket: str | None = None
    prefixes: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    multipart: bool = True
    workload: str | None = None
    role_name: str = "app-role"
    account: str | None = None
    partition: str | None = None
    template: bool = False
    notes: tuple[str, ...] = ()


def read(
    *,
    actions: Iterable[str] = (),
    resources: Iterable[str] = (),
    access: Iterable[str] = (),
    bucket: str | None = None,
    prefixes: Iterable[str] = (),
    keys: Iterable[str] = (),
    multipart: bool = True,
    workload: str | None = None,
    role_name: str = "app-role",
    account: str | None = None,
    partition: str | None = None,
    template: bool = False,
) -> Request:
    """The wish, when its parts are well-formed and go together.

    Raises:
        IamlintError: They are not.
    """
    if workload is not None and workload not in WORKLOADS:
        raise IamlintError(f"`--for` cannot be `{workload}`", help=f"one of: {', '.join(WORKLOADS)}")
    wanted = s3.read_access(access)
    ended, about_prefixes = s3.read_prefixes(prefixes)
    single, about_keys = s3.read_keys(keys)
    words = tuple(actions)
    _together(words, wanted, bucket, ended, single, template=template)
    if bucket is not None:
        s3.read_bucket(bucket)
    return Request(
        words,
        tuple(resources),
        wanted,
        bucket or ("${BucketName}" if wanted else None),
        ended,
        single,
        multipart,
        workload,
        ec2.read_role_name(role_name),
        None if account is None else ec2.read_account(account),
        None if partition is None else ec2.read_partition(partition),
        template,
        (*about_prefixes, *about_keys, *_idle(account, workload, template=template)),
    )


def _idle(account: str | None, workload: str | None, *, template: bool) -> list[str]:
    if account is None or workload is not None or template:
        return []
    return ["`--account` changes nothing here: only `--for` and `--template` use it"]


def _together(
    actions: tuple[str, ...],
    access: tuple[str, ...],
    bucket: str | None,
    prefixes: tuple[str, ...],
    keys: tuple[str, ...],
    *,
    template: bool,
) -> None:
    if not actions and not access:
        if bucket is not None:
            raise IamlintError("`--access` is missing", help=f"one or more of: {', '.join(s3.ACCESS)}")
        raise IamlintError(
            "`--actions` is missing, or `--access` with `--bucket`",
            help="such as `--actions s3:GetObject --resource 'arn:aws:s3:::amzn-s3-demo-bucket/*'`",
        )
    if access and bucket is None and not template:
        raise IamlintError(
            "`--bucket` is missing: `--access` is to the objects of a bucket",
            help="add `--bucket NAME`, or `--template` for a policy with placeholders",
        )
    if prefixes and keys:
        raise IamlintError("`--prefix` and `--key` exclude each other", help="suggest each by itself")
    for flag, given in (("--bucket", bucket), ("--prefix", prefixes), ("--key", keys)):
        if given and not access:
            raise IamlintError(f"`{flag}` needs `--access`", help=f"one or more of: {', '.join(s3.ACCESS)}")
