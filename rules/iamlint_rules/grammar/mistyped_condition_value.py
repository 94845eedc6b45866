import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from iamlint.rule import Confidence, Context, Finding, Severity, Statement, is_computed, rule

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
# The W3C profile of ISO 8601, https://www.w3.org/TR/NOTE-datetime, or seconds since 1970.
DATE = re.compile(r"-?\d+|\d{4}-(\d\d)(-(\d\d)(T\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d:?\d\d)?)?)?")
ZONE = re.compile(r"(Z|[+-]\d\d:?\d\d)$")
BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=?|[A-Za-z0-9+/]{2})?")


@rule(
    "IAM020",
    on=Statement,
    severity=Severity.MEDIUM,
    needs="Condition",
    aws=(
        "TYPE_MISMATCH_NUMBER",
        "TYPE_MISMATCH_DATE",
        "TYPE_MISMATCH_BOOLEAN",
        "TYPE_MISMATCH_IP_RANGE",
        "TYPE_MISMATCH_STRING",
    ),
    parliament=("MISMATCHED_TYPE", "MISMATCHED_TYPE_OPERATION_TO_NULL"),
)
def mistyped_condition_value(statement: Statement, _: Context) -> Iterator[Finding]:
    """A condition's value is not of the type that its operator compares.

    ## Why it matters

    AWS rejects the policy, or the value never compares as it was meant: an
    Allow then grants nothing, and a Deny does not protect.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {
          "Bool": {"aws:SecureTransport": "yes"},
                                          ^^^^^ `yes` is neither `true` nor `false`
          "NumericLessThan": {"aws:MultiFactorAuthAge": "1h"},
                                                        ^^^^ `1h` is no number
          "DateLessThan": {"aws:CurrentTime": "31.12.2027"},
                                              ^^^^^^^^^^^^ `31.12.2027` is no date
          "IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "203.0.113.999"]}
                                                           ^^^^^^^^^^^^^^^ `203.0.113.999` is no IP address or range
        }
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {
          "Bool": {"aws:SecureTransport": "true"},
          "NumericLessThan": {"aws:MultiFactorAuthAge": "3600"},
          "DateLessThan": {"aws:CurrentTime": "2027-12-31T23:59:59Z"},
          "IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]}
        }
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    """
    for condition in statement.conditions:
        kind = TYPES.get(condition.operator.family)
        if kind is None:
            continue
        for value in condition.values if condition.operator.known else ():
            if kind.reads(value.text) or is_computed(value.text):
                continue
            yield Finding(
                value.at,
                f"`{value}` is {kind.not_this}" if value.text else f"an empty string is {kind.not_this}",
                why=f"`{condition.operator.text}` compares {kind.what}",
                help=f"write it as in `{kind.example}`",
                severity=kind.severity,
                aws=(kind.aws,),
            )
        if condition.operator.family == "Date":
            for value in condition.values:
                if "T" in value.text and _is_date(value.text) and not ZONE.search(value.text):
                    yield Finding(
                        value.at,
                        f"`{value}` has no time zone",
                        help=f"write `{value}Z` for UTC",
                        confidence=Confidence.MEDIUM,
                        aws=("TYPE_MISMATCH_DATE",),
                    )


def _is_number(text: str) -> bool:
    return NUMBER.fullmatch(text) is not None


def _is_date(text: str) -> bool:
    match = DATE.fullmatch(text)
    if match is None or match[1] is None:
        return match is not None
    from datetime import datetime  # noqa: PLC0415 - few policies have dates

    try:
        datetime.fromisoformat(text if match[3] else f"{text}-01")
    except ValueError:
        return False
    return True


def _is_boolean(text: str) -> bool:
    return text.lower() in ("true", "false")


def _is_network(text: str) -> bool:
    from ipaddress import ip_network  # noqa: PLC0415 - few policies have addresses

    address, slash, length = text.partition("/")
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return "%" not in address and (not slash or length.isdecimal())


def _is_base64(text: str) -> bool:
    return BASE64.fullmatch(text) is not None


class Type(NamedTuple):
    """What an operator family compares, and what AWS says of other values."""

    reads: Callable[[str], bool]
    what: str
    not_this: str
    example: str
    aws: str
    severity: Severity | None = None


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
_BOOLEAN = Type(_is_boolean, "`true` and `false`", "neither `true` nor `false`", "true", "TYPE_MISMATCH_BOOLEAN")
TYPES: Mapping[str, Type] = {
    "Bool": _BOOLEAN,
    "Null": _BOOLEAN,
    "Numeric": Type(_is_number, "numbers", "no number", "3600", "TYPE_MISMATCH_NUMBER"),
    "Date": Type(_is_date, "dates", "no date", "2027-12-31T23:59:59Z", "TYPE_MISMATCH_DATE"),
    "IpAddress": Type(
        _is_network, "addresses", "no IP address or range", "203.0.113.0/24", "TYPE_MISMATCH_IP_RANGE", Severity.HIGH
    ),
    "Binary": Type(_is_base64, "bytes in Base64", "not Base64", "QmluYXJ5", "TYPE_MISMATCH_STRING"),
}
