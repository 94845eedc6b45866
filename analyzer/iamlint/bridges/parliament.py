"""The second opinion: what parliament's library says of a policy, minus what is not so. Knows none of our rules.

parliament is unmaintained since 2025; it is read with today's catalogue, and only when it is asked for the first time.
"""

from collections.abc import Callable, Mapping

from iamlint.bridges.opinion import Opinion
from iamlint.catalog import Catalog
from iamlint.policy import Policy

TITLES: Mapping[str, str] = {
    "BAD_PATTERN_FOR_MFA": "Bad pattern used for MFA check",
    "DUPLICATE_SID": "Duplicate Statement Ids",
    "EXCEPTION": "An exception occurred during the audit",
    "INVALID_ARN": "Invalid ARN",
    "INVALID_SID": "Invalid SID",
    "INVALID_VERSION": "Invalid Version",
    "MALFORMED": "Malformed",
    "MISMATCHED_TYPE": "Mismatched type",
    "MISMATCHED_TYPE_BUT_USABLE": "Mismatched type, but usable",
    "MISMATCHED_TYPE_OPERATION_TO_NULL": "Mismatched type of operator to null",
    "NO_VERSION": "Policy does not contain a Version element",
    "OLD_VERSION": "Old version",
    "RESOURCE_EFFECTIVELY_STAR": "Unnecessary use of Resource * based on wildcards",
    "RESOURCE_MISMATCH": "No resources match for the given action",
    "RESOURCE_POLICY_PRIVILEGE_ESCALATION": "Possible resource policy privilege escalation",
    "RESOURCE_STAR": "Unnecessary use of Resource *",
    "UNKNOWN_ACTION": "Unknown action",
    "UNKNOWN_CONDITION_FOR_ACTION": "Unknown condition for action",
    "UNKNOWN_FEDERATION_SOURCE": "Unknown federation source",
    "UNKNOWN_OPERATOR": "The condition operator is unknown",
    "UNKNOWN_PREFIX": "Unknown prefix",
    "UNKNOWN_PRINCIPAL": "Unknown AWS principal",
}
"""parliament's issues and its words for them, from its `config.yaml`: what is left out there can never arrive here."""


def opinions(policy: Policy, catalog: Catalog) -> tuple[Opinion, ...]:
    """All that parliament says of a policy, known falsehoods left out.

    What makes parliament raise is an opinion too, `EXCEPTION`, at the statement it costs; no rule passes that on.

    Args:
        policy: The policy.
        catalog: What parliament is to take for AWS.
    """
    from iamlint.bridges.parliament_doubts import believed  # noqa: PLC0415 - nothing is read until it is asked
    from iamlint.bridges.parliament_library import Library  # noqa: PLC0415
    from iamlint.bridges.parliament_said import Scene, understand  # noqa: PLC0415

    library = catalog.remember("parliament", lambda: Library(catalog))
    scene = Scene(policy, library)
    kept = (believed(said, scene) for said in understand(library.hear(policy.raw), scene))
    return tuple(
        Opinion(said.issue, said.at, TITLES[said.issue], _DETAILS.get(said.issue, _plain)(said.names, said.detail))
        for said in kept
        if said is not None
    )


def _plain(names: tuple[str, ...], detail: str) -> str:
    return detail or ", ".join(names)


def _malformed(names: tuple[str, ...], _: str) -> str:
    first = names[0].partition(". ")[0]
    return first[:1].lower() + first[1:]


def _no_arn(names: tuple[str, ...], detail: str) -> str:
    """Which field parliament finds wrong.

    >>> _no_arn(("arn:aws:s3",), "Does not have 6 parts")
    '`arn:aws:s3` has fewer than six fields'
    """
    fault = next((words for start, words in _FAULTS.items() if detail.startswith(start)), "is no ARN")
    return f"`{names[0]}` {fault}"


_FAULTS: Mapping[str, str] = {
    "Account": "has an account that is not 12 digits",
    "Does not have 6": "has fewer than six fields",
    "Does not start": "does not begin with `arn:`",
    "Region": "has a region that AWS does not have",
    "Unexpected partition": "has a partition that AWS does not have",
}


def _quoted(names: tuple[str, ...], _: str) -> str:
    """Some names, and how many more there are.

    >>> _quoted(("a", "b", "c", "d"), "")
    '`a`, `b` and 2 more'
    """
    quoted = [f"`{name}`" for name in names]
    if len(quoted) > 3:
        return f"{quoted[0]}, {quoted[1]} and {len(quoted) - 2} more"
    return " and ".join(filter(None, [", ".join(quoted[:-1]), *quoted[-1:]]))


def _need(names: tuple[str, ...], _: str) -> str:
    action, _, shape = names[0].partition(" ")
    return f"`{action}` works on `*` only" if shape == "*" else f"`{action}` works on `{shape}`"


def _escalation(names: tuple[str, ...], allowed: str) -> str:
    return f"`{allowed}` can give its holder {_quoted(names, '')}"


_DETAILS: Mapping[str, Callable[[tuple[str, ...], str], str]] = {
    "INVALID_ARN": _no_arn,
    "MALFORMED": _malformed,
    "RESOURCE_MISMATCH": _need,
    "RESOURCE_POLICY_PRIVILEGE_ESCALATION": _escalation,
    "RESOURCE_STAR": _quoted,
    "UNKNOWN_CONDITION_FOR_ACTION": _quoted,
}
"""What makes the detail of an opinion, where names alone would not be plain."""
