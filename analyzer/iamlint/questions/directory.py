"""Listings of accounts: who a caller is in them, and what it and a role to assume have. Decides and writes nothing."""

import os
from collections.abc import Callable, Sequence
from functools import cached_property

from iamlint import source
from iamlint.engine.request import Caller
from iamlint.errors import IamlintError
from iamlint.policy import Arn, PolicyKind
from iamlint.questions.sides import STDIN, flaws, is_listing, policies_in, trouble
from iamlint.source.belonging import Estate, Holding, estate
from iamlint.source.document import Reading
from iamlint.source.placed import Placed

_SEVERAL = ("role/", "user/")


class Directory:
    """The files that hold the caller's policies; where they list an account, its principals are known whole."""

    def __init__(self, paths: Sequence[str], stdin: Callable[[], bytes]) -> None:
        self.paths = paths
        self._stdin = stdin

    @cached_property
    def readings(self) -> dict[str, list[Reading]]:
        """What was read, by path; stdin is read once."""
        return {path: read_path(path, PolicyKind.IDENTITY, self._stdin) for path in self.paths}

    @cached_property
    def listed(self) -> Estate | None:
        """The principals, if an account is listed."""
        everything = [reading for readings in self.readings.values() for reading in readings]
        if not any(is_listing(reading) for reading in everything):
            return None
        for reading in everything:
            refuse(trouble(reading))
        members = [each for reading in everything for each in policies_in(reading)]
        return estate(members, [entity for reading in everything for entity in reading.entities])

    def arn_of(self, who: str) -> str:
        """The ARN of `role/NAME` or `user/NAME`; whoever is called otherwise is called by that.

        Raises:
            IamlintError: No such principal is listed, or there are several.
        """
        if not who.startswith(_SEVERAL) or self.listed is None:
            return who
        found = [each.principal for each in self.listed.holdings if each.principal.name == who]
        arns = [each.arn for each in found if each.arn]
        if len(arns) == 1:
            return arns[0]
        if found:
            raise IamlintError(f"`{who}` is not told from others by its name", help="give its ARN")
        raise self._nobody(who, self.listed)

    def holding(self, caller: Caller) -> Holding | None:
        """What a caller has; None where no account is listed.

        Raises:
            IamlintError: It is not listed, or not all it has can be read.
        """
        if self.listed is None:
            return None
        found = self._named(arn_of(caller), caller.account, self.listed)
        if found is None:
            raise self._nobody(named(arn_of(caller)), self.listed)
        name = found.principal.name
        refuse(next(iter(flaws(found.members).values()), None))
        unread = ", ".join(f"`{each}`" for each in found.principal.unread)
        if unread:
            raise IamlintError(
                f"{unread} of `{name}` is not there to read",
                help="`aws iam get-account-authorization-details` without `--filter` prints all policies",
            )
        return found

    def trust(self, resource: str) -> Placed | None:
        """The trust policy of a role that is listed."""
        arn = Arn.parse(resource)
        if self.listed is None or arn is None or not arn.resource.startswith("role/"):
            return None
        found = self._named(resource, arn.account, self.listed)
        trusts = [each for each in found.members if each.policy.kind is PolicyKind.TRUST] if found else []
        refuse(next(iter(flaws(trusts).values()), None))
        return trusts[0] if trusts else None

    @staticmethod
    def _named(arn: str, account: str, listed: Estate) -> Holding | None:
        """A principal by its ARN, or by its name in the account: the ARN of a session does not have the role's path."""
        found = [each for each in listed.holdings if each.principal.name == named(arn)]
        exact = (each for each in found if each.principal.arn == arn)
        near = (each for each in found if each.principal.account in ("", account))
        return next(exact, None) or next(near, None)

    def _nobody(self, name: str, listed: Estate) -> IamlintError:
        some = ", ".join(f"`{each}`" for each in sorted({holding.principal.name for holding in listed.holdings})[:5])
        return IamlintError(
            f"`{'`, `'.join(self.paths)}` holds no policy of `{name}`", help=f"it holds those of {some}"
        )


def arn_of(caller: Caller) -> str:
    """The ARN of the principal that a caller is; that of its role for a session."""
    return caller.role or caller.arn


def named(arn: str) -> str:
    """How a principal is called where it is listed.

    >>> named("arn:aws:iam::111122223333:role/service/reader")
    'role/reader'
    """
    resource = arn.rpartition(":")[2]
    return f"{resource.partition('/')[0]}/{resource.rpartition('/')[2]}"


def read_path(path: str, kind: PolicyKind | None, stdin: Callable[[], bytes]) -> list[Reading]:
    """What a path stands for: stdin, a file, each meant as a policy of a kind, or the files in a folder."""
    if path == STDIN:
        return [source.read("<stdin>", stdin(), kind, explicit=True)]
    return [source.read_file(each, None if os.path.isdir(path) else kind) for each in source.expand([path])]


def refuse(reason: str | None) -> None:
    """Stop where something cannot be judged.

    Raises:
        IamlintError: There is a reason to.
    """
    if reason:
        raise IamlintError(reason, help="a text that cannot be read as it stands decides nothing")
