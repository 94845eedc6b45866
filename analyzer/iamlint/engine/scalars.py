"""Numbers, dates, addresses and bytes as they stand in policies and requests. Knows no operator and no key."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # both are slow to import, and few policies hold numbers or dates
    from fractions import Fraction

    Point = Fraction | int | float

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?")
_DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:?\d\d)?)?)?)?", re.IGNORECASE
)
_V6 = 1 << 32
"""Where the IPv6 addresses begin: they stand above the IPv4 ones, so that no range holds both."""


@lru_cache(maxsize=4096)
def number(text: str) -> "Fraction | None":
    """The number in a text, an integer or a decimal; None if it is none.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Numeric
    """
    from fractions import Fraction  # noqa: PLC0415

    return Fraction(text) if _NUMBER.fullmatch(text) else None


@lru_cache(maxsize=4096)
def date(text: str) -> "Fraction | None":
    """Seconds since 1970 of a date in the W3C's profile of ISO 8601, or of a number, which is such seconds.

    A date without an offset is UTC; https://www.w3.org/TR/NOTE-datetime
    """
    from datetime import UTC, datetime  # noqa: PLC0415
    from fractions import Fraction  # noqa: PLC0415

    match = _DATE.fullmatch(text)
    if match is None or (text.isdigit() and len(text) == 4):
        return number(text)
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        moment = datetime(
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            tzinfo=UTC,
        )
    except ValueError:
        return None
    part = Fraction(int(fraction), 10 ** len(fraction)) if fraction else Fraction(0)
    return int(moment.timestamp()) + part - _offset(zone)


def _offset(zone: str | None) -> int:
    if zone is None or zone in "Zz":
        return 0
    seconds = int(zone[1:3]) * 3600 + int(zone[-2:]) * 60
    return -seconds if zone[0] == "-" else seconds


def date_text(seconds: "Point") -> str:
    """A moment as AWS writes it, in UTC; the fraction of a second is kept."""
    from datetime import UTC, datetime  # noqa: PLC0415
    from fractions import Fraction  # noqa: PLC0415

    seconds = Fraction(seconds)
    whole = seconds.numerator // seconds.denominator
    moment = datetime.fromtimestamp(whole, tz=UTC)
    part = seconds - whole
    tail = f".{int(part * 1_000_000):06d}".rstrip("0") if part else ""
    return f"{moment:%Y-%m-%dT%H:%M:%S}{tail}Z"


def number_text(value: "Point") -> str:
    """A number as a policy would have it: an integer, or a decimal."""
    from fractions import Fraction  # noqa: PLC0415

    value = Fraction(value)
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.12f}".rstrip("0")


@lru_cache(maxsize=4096)
def addresses(text: str) -> tuple[int, int] | None:
    """The first and last address of a CIDR range or of a single address; host bits are passed over; None if neither.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
    """
    from ipaddress import ip_network  # noqa: PLC0415 - slow to import, and few policies name addresses

    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        return None
    shift = _V6 if network.version == 6 else 0
    return int(network.network_address) + shift, int(network.broadcast_address) + shift


def address_text(value: int) -> str:
    """An address in its usual writing."""
    from ipaddress import IPv4Address, IPv6Address  # noqa: PLC0415

    return str(IPv6Address(value - _V6) if value >= _V6 else IPv4Address(value))


LAST_ADDRESS = _V6 + (1 << 128) - 1
"""The last of all addresses, IPv4 and IPv6."""


@lru_cache(maxsize=4096)
def binary(text: str) -> str | None:
    """Bytes in base64, in the one way to write them; None if it is no base64."""
    from base64 import b64decode, b64encode  # noqa: PLC0415

    try:
        return b64encode(b64decode(text, validate=True)).decode("ascii")
    except ValueError:
        return None


def boolean(text: str) -> str | None:
    """`true` or `false`; None for anything else."""
    lower = text.lower()
    return lower if lower in ("true", "false") else None
