from collections.abc import Iterator

from iamlint.rule import ROOT, Context, Finding, Fix, Operator, Pointer, Policy, Severity, is_computed, replace, rule

TYPES: dict[type, str] = {
    str: "a string",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
    type(None): "null",
}
LISTS = ("Action", "NotAction", "Resource", "NotResource")
ONLY_TEXT = frozenset({str})
TEXTS = frozenset([str])
SCALARS = (str, bool, int, float)
Wrong = tuple[Pointer, object, str]


@rule("IAM007", on=Policy, severity=Severity.HIGH, aws="DATA_TYPE_MISMATCH", parliament="MALFORMED")
def wrong_type(policy: Policy, context: Context) -> Iterator[Finding]:
    """An element holds a value of the wrong type.

    ## Why it matters

    AWS rejects the policy. The grammar says for every element whether it is a
    string, a list of strings or an object; only the values of conditions may
    be numbers and booleans, too.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Sid": 7,
               ^ `Sid` is a number, not a string
        "Effect": ["Allow"],
                  ^^^^^^^^^ `Effect` is a list, not a string
        "Action": ["s3:GetObject", {"s3": "PutObject"}],
                                   ^^^^^^^^^^^^^^^^^^^ an entry of `Action` is an object, not a string
        "Resource": null
                    ^^^^ `Resource` is null, not a string or a list of strings
      }
    }
    ```

    An account is text, although it is written in digits.

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": 111122223333},
                             ^^^^^^^^^^^^ `AWS` is a number, not a string or a list of strings
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "111122223333"},
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": ["arn:aws:s3:::reports/*"],
        "Condition": {"Bool": {"aws:SecureTransport": true}, "NumericLessThan": {"s3:TlsVersion": [1.2]}}
      }
    }
    ```

    ## References

    - [Grammar of the IAM JSON policy language](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html)
    """
    if context.is_repaired:
        return
    for at, value, expected in _wrong(policy):
        element = f"an entry of `{at.parent.last}`" if at.last.isdigit() else f"`{at.last}`"
        actual = TYPES[type(value)]
        quoted = isinstance(value, int) and len(str(value)) == 12 and "Principal" in at
        fix = Fix.risky("Quote the account", replace(at, str(value))) if quoted else None
        yield Finding(at, f"{element} is {actual}, not {expected}", why="AWS rejects the policy", fix=fix)


def _wrong(policy: Policy) -> Iterator[Wrong]:
    for element in ("Version", "Id"):
        if element in policy.elements:
            yield from _check(ROOT / element, policy.elements[element], "a string", str)
    listed, at = policy.elements.get("Statement", []), ROOT / "Statement"
    yield from _check(at, listed, "an object or a list of objects", dict, list)
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(entry, dict):
            yield from _check(at / index, entry, "an object", dict)
    for statement in policy.statements:
        for element, value in statement.raw.items():
            if (type(value) is not str or element == "Condition") and not _is_plain(element, value):
                yield from _element(statement.at / element, element, value)


def _is_plain(element: str, value: object) -> bool:
    """Whether an element is what most are that are no texts, a list of them or conditions on them: a quick look."""
    if type(value) is list:
        return element in LISTS and TEXTS.issuperset(map(type, value))
    return element == "Condition" and isinstance(value, dict) and all(map(_are_plain, value.values()))


def _are_plain(keys: object) -> bool:
    if type(keys) is not dict:
        return False
    return all(type(v) is str or (type(v) is list and TEXTS.issuperset(map(type, v))) for v in keys.values())


def _element(at: Pointer, element: str, value: object) -> Iterator[Wrong]:
    if element in ("Sid", "Effect"):
        yield from _check(at, value, "a string", str)
    elif element in LISTS:
        yield from _texts(at, value)
    elif element in ("Principal", "NotPrincipal"):
        yield from _check(at, value, "a string or an object", str, dict)
        for key, inner in value.items() if isinstance(value, dict) and not _is_computed(value) else ():
            yield from _texts(at / key, inner)
    elif element == "Condition":
        yield from _condition(at, value)


def _condition(at: Pointer, block: object) -> Iterator[Wrong]:
    yield from _check(at, block, "an object", dict)
    for operator, keys in block.items() if isinstance(block, dict) else ():
        if not Operator.parse(operator).known:
            continue  # reported as such
        yield from _check(at / operator, keys, "an object", dict)
        for key, value in keys.items() if isinstance(keys, dict) and not _is_computed(keys) else ():
            yield from _check(at / operator / key, value, "a value or a list of values", *SCALARS, list)
            for index, entry in enumerate(value if isinstance(value, list) else ()):
                yield from _check(at / operator / key / index, entry, "a string, number or boolean", *SCALARS)


def _texts(at: Pointer, value: object) -> Iterator[Wrong]:
    if isinstance(value, str):
        return
    yield from _check(at, value, "a string or a list of strings", str, list)
    for index, entry in enumerate(value if isinstance(value, list) else ()):
        if not isinstance(entry, str):
            yield from _check(at / index, entry, "a string", str)


def _check(at: Pointer, value: object, expected: str, *types: type) -> Iterator[Wrong]:
    if type(value) in TYPES and type(value) not in types and not _is_computed(value):
        yield at, value, expected


def _is_computed(value: object) -> bool:
    """Whether a tool puts something else in its place before AWS sees it."""
    if isinstance(value, dict):
        return any(key == "Ref" or key.startswith("Fn::") for key in value)
    return isinstance(value, str) and is_computed(value)
