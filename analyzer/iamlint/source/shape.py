"""What a policy looks like from outside, slips included. Knows nothing of where it was found, or of its meaning."""

from collections.abc import Iterator

DATES = ("2012-10-17", "2008-10-17")
_TELLING = frozenset(("effect", "action", "notaction", "principal", "notprincipal", "resource", "notresource"))


def member(value: object, name: str) -> object:
    """A member of a mapping, its name in any case; None without one.

    >>> member({"statement": []}, "Statement")
    []
    """
    if not isinstance(value, dict):
        return None
    if name in value:
        return value[name]
    return next((item for key, item in value.items() if isinstance(key, str) and key.lower() == name.lower()), None)


def is_statement(value: object) -> bool:
    """Whether a value is a policy's statement: a mapping with an element that only statements have, as a value."""
    return isinstance(value, dict) and any(
        isinstance(key, str)
        and key.lower() in _TELLING
        and (not isinstance(item, dict) or key.lower().endswith("principal"))
        for key, item in value.items()
    )


def is_policy(value: object) -> bool:
    """Whether a value is unmistakably a policy.

    >>> is_policy({"Statement": {"Effect": "Allow"}}), is_policy({"Statement": {"ByteMatchStatement": {}}})
    (True, False)
    """
    if not isinstance(value, dict):
        return False
    names = {key.lower(): key for key in value if isinstance(key, str)}
    dated = value.get(names.get("version")) in DATES if "version" in names else False
    if "statement" not in names:
        return dated and "statements" in names and is_statements(value[names["statements"]])
    return dated or any(is_statement(item) for item in listed(value[names["statement"]]))


def is_statements(value: object) -> bool:
    """Whether a value is a list of statements."""
    return isinstance(value, list) and any(is_statement(item) for item in value)


def listed(value: object) -> list[object]:
    """A list, or a single value as a list of one."""
    return value if isinstance(value, list) else [value]


def statements(policy: object) -> Iterator[dict[str, object]]:
    """The statements of a policy (or of a bare list of them) that are mappings."""
    inner = policy if isinstance(policy, list) else member(policy, "Statement")
    yield from (item for item in listed(inner) if isinstance(item, dict))
