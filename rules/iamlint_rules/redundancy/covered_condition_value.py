from collections.abc import Iterator
from functools import lru_cache

from iamlint.rule import (
    Arn,
    Condition,
    ConditionValue,
    Context,
    Finding,
    Fix,
    Pattern,
    Severity,
    Statement,
    remove,
    rule,
)


@rule("IAM206", on=Statement, severity=Severity.LOW, needs="Condition")
def covered_condition_value(statement: Statement, _: Context) -> Iterator[Finding]:
    """Condition value is already covered by another one.

    ## Why it matters

    The value changes nothing, yet it reads like a limit. Whoever deletes the
    broad value later, to tighten the policy, leaves the narrow one behind.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::reports",
        "Condition": {"StringLike": {"s3:prefix": ["2026/*", "2026/05/*"]}}
                                                             ^^^^^^^^^^^ `2026/*` already covers it
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": "arn:aws:s3:::reports",
        "Condition": {"StringLike": {"s3:prefix": ["2026/*"]}}
      }
    }
    ```

    The same value twice counts once, whatever the operator.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {
          "StringNotEquals": {
            "aws:PrincipalTag/team": [
              "audit",
              "audit"
              ^^^^^^^ `audit` already covers it
            ]
          }
        }
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {
          "StringNotEquals": {
            "aws:PrincipalTag/team": [
              "audit"
            ]
          }
        }
      }
    }
    ```

    A range of addresses covers those within it.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24", "203.0.113.64/26"]}}
                                                                          ^^^^^^^^^^^^^^^^^ `203.0.113.0/24` already covers it
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}}
      }
    }
    ```

    A wildcard in an ARN stays between its colons, and without `Like` a
    wildcard is a character like any other.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "sns:Publish",
        "Resource": "arn:aws:sns:us-east-1:111122223333:alarms",
        "Condition": {
          "ArnLike": {"aws:SourceArn": ["arn:aws:s3:*:*:reports", "arn:aws:s3:*:*:*:reports"]},
          "StringEquals": {"aws:PrincipalTag/team": ["a*", "ab"]}
        }
      }
    }
    ```

    ## References

    - [Conditions with multiple context keys or values](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html)
    """
    for condition in statement.conditions:
        if len(condition.values) < 2 or not _may_be_covered(condition):
            continue
        for index, value in enumerate(condition.values):
            broader = next((other for i, other in enumerate(condition.values) if _wins(condition, i, index)), None)
            if broader is not None:
                fix = Fix.safely("Remove the covered value", remove(value.at))
                yield Finding(value.at, f"`{broader}` already covers it", fix=fix)


def _may_be_covered(condition: Condition) -> bool:
    """Whether a text stands twice, or may take in others."""
    name, texts = condition.operator.name, [value.text for value in condition.values]
    if name.endswith("IgnoreCase"):
        texts = [text.lower() for text in texts]
    if len(set(texts)) < len(texts) or name.endswith("IpAddress"):
        return True
    return name.startswith(("Arn", "String")) and not {"*", "?", "$"}.isdisjoint("".join(texts))


def _wins(condition: Condition, one: int, other: int) -> bool:
    """Whether a value makes another superfluous; of two that mean the same, the first stays."""
    if one == other:
        return False
    this, that = condition.values[one], condition.values[other]
    return _covers(condition, this, that) and (one < other or not _covers(condition, that, this))


def _covers(condition: Condition, broad: ConditionValue, narrow: ConditionValue) -> bool:
    if broad.text == narrow.text:
        return True
    if condition.operator.name in ("StringLike", "StringNotLike"):
        return Pattern(narrow.text) <= Pattern(broad.text)
    if condition.operator.name.endswith("IgnoreCase"):
        return broad.text.lower() == narrow.text.lower()
    if condition.operator.family == "IpAddress":
        return _includes(broad.text, narrow.text)
    big, small = Arn.parse(broad.text), Arn.parse(narrow.text)
    if condition.operator.family != "Arn" or big is None or small is None:
        return False
    return all(Pattern(one) <= Pattern(other) for one, other in zip(small, big, strict=True))


def _includes(broad: str, narrow: str) -> bool:
    """Whether a range of addresses includes another one; a text that is none neither includes nor is included."""
    big, small = _range(broad), _range(narrow)
    if big is None or small is None:
        return False
    return big[0] == small[0] and big[1] <= small[1] and small[2] <= big[2]


@lru_cache(maxsize=4096)
def _range(text: str) -> tuple[int, int, int] | None:
    """The version, first and last address of a range."""
    from ipaddress import ip_network  # noqa: PLC0415 - slow to import, and few ask

    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return None
    return network.version, int(network.network_address), int(network.broadcast_address)
