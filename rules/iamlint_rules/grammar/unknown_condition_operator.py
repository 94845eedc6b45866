from collections.abc import Iterator, Mapping

from iamlint.rule import Context, Finding, Fix, Operator, Severity, Statement, is_computed, rename, rule

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
NAMES = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
]
ALIASES = {"boolean": "Bool", "boolequals": "Bool", "stringmatch": "StringLike", "stringmatches": "StringLike"}


@rule(
    "IAM018",
    on=Statement,
    severity=Severity.HIGH,
    needs="Condition",
    aws="INVALID_CONDITION_OPERATOR",
    parliament="UNKNOWN_OPERATOR",
)
def unknown_condition_operator(statement: Statement, _: Context) -> Iterator[Finding]:
    """A condition uses an operator that does not exist.

    ## Why it matters

    AWS rejects the policy. There are 27 operators, with `IfExists` behind and
    `ForAllValues:` or `ForAnyValue:` before them; the operator stands around
    the condition key.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"StringEqual": {"aws:PrincipalTag/team": "finance"}}
                      ^^^^^^^^^^^^^ `StringEqual` is no condition operator
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/team": "finance"}}
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"aws:SourceIp": {"IpAddress": "203.0.113.0/24"}}
                      ^^^^^^^^^^^^^^ `aws:SourceIp` is no condition operator
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
          "IpAddress": {"aws:SourceIp": "203.0.113.0/24"},
          "ForAllValues:StringEqualsIfExists": {"aws:TagKeys": ["team"]}
        }
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    """
    block = statement.raw.get("Condition")
    if not isinstance(block, dict):
        return
    for text, keys in block.items():
        if Operator.parse(text).known or is_computed(text):
            continue
        at, meant = statement.element_at("Condition"), _meant(text)
        yield Finding(
            at / text,
            f"`{text}` is no condition operator",
            why="AWS rejects the policy",
            help=_help(text, keys, meant),
            on_key=True,
            fix=Fix.risky(f"Rename it to {meant}", rename(at / text, meant)) if meant and meant not in block else None,
        )


def _help(text: str, keys: object, meant: str | None) -> str:
    if meant:
        return f"did you mean `{meant}`?"
    inner = next((key for key in keys if Operator.parse(key).known), None) if isinstance(keys, dict) else None
    if inner:
        return f'the operator stands outside: `{{"{inner}": {{"{text}": …}}}}`'
    return f'an operator stands around the key: `{{"StringEquals": {{"{text}": …}}}}`' if ":" in text else ""


def _meant(text: str) -> str | None:
    before, colon, after = text.strip().rpartition(":")
    name = ALIASES.get(after.lower()) or _nearest(after, (*NAMES, *(f"{name}IfExists" for name in NAMES)))
    qualifier = _nearest(before, ("ForAllValues", "ForAnyValue")) if colon else ""
    return f"{qualifier}{colon}{name}" if name and qualifier is not None else None


def _nearest(word: str, names: tuple[str, ...]) -> str | None:
    from difflib import get_close_matches  # noqa: PLC0415 - only for a slip

    folded: Mapping[str, str] = {name.lower(): name for name in names}
    return next((folded[match] for match in get_close_matches(word.lower(), folded, 1, 0.85)), None)
