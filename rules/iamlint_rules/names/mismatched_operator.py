from collections.abc import Iterator
from functools import lru_cache

from iamlint.rule import Catalog, Condition, Context, Finding, Fix, Severity, Statement, rename, rule

# Whichever operator a key's type calls for; texts and ARNs may be compared as each other.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
_FAMILIES = {"Bool": "Bool", "Numeric": "Numeric", "Date": "Date", "IPAddress": "IpAddress"}
_WORDS = {"Bool": "true or false", "Numeric": "a number", "Date": "a date", "IPAddress": "an IP address"}
_COMPARED = {"String": "as text", "Arn": "as an ARN", "Numeric": "as a number", "Date": "as a date"}
_SAME = {"Like": "Equals", "NotLike": "NotEquals", "EqualsIgnoreCase": "Equals", "NotEqualsIgnoreCase": "NotEquals"}


@rule(
    "IAM136",
    on=Statement,
    severity=Severity.MEDIUM,
    needs="Condition",
    aws="TYPE_MISMATCH",
    parliament="MISMATCHED_TYPE",
)
def mismatched_operator(statement: Statement, context: Context) -> Iterator[Finding]:
    """Operator compares another type than the condition key has.

    ## Why it matters

    Numbers, dates and addresses have many spellings, and `StringEquals` knows
    one: `203.0.113.0/24` as a text is the text, not the range. The condition
    then never holds, or holds for another reason than it seems.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"StringEquals": {"aws:SourceIp": "203.0.113.0/24"}}
                                       ^^^^^^^^^^^^^^ `aws:SourceIp` is an IP address, and compared as text
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
      }
    }
    ```

    `Null` asks for no type, and a text or an ARN may be compared as either.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {
          "Bool": {"aws:ViaAWSService": "true"},
          "Null": {"aws:SourceIp": "false"},
          "StringEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/reader"}
        }
      }
    }
    ```

    ## References

    - [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
    - [Access Analyzer: type mismatch](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for condition in statement.conditions:
        operator = condition.operator
        types = _types(context.catalog, condition.key_lower) if operator.known and operator.name != "Null" else ()
        if types and not _has_variable(condition) and all(_FAMILIES.get(type_) != operator.family for type_ in types):
            compared = _COMPARED.get(operator.family, f"with `{operator.name}`")
            yield Finding(
                condition.at,
                f"`{condition.key}` is {_WORDS[types[0]]}, and compared {compared}",
                on_key=True,
                help=f"use the operators for `{_FAMILIES[types[0]]}`",
                fix=_fix(statement, condition, types[0]),
            )


def _has_variable(condition: Condition) -> bool:
    """Whether it is compared with a policy variable, for which AWS has the operators of texts alone.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-ec2instancesourceprivateipv4
    """
    return condition.operator.family == "String" and any("${" in value.text for value in condition.values)


@lru_cache(maxsize=4096)
def _types(catalog: Catalog, key: str) -> tuple[str, ...]:
    """The types of a key that one family of operators alone compares; none for texts and ARNs."""
    found = catalog.condition_key(key)
    types = (found.type.removeprefix("ArrayOf"), *found.also) if found else ()
    return types if types and types[0] in _FAMILIES else ()


def _fix(statement: Statement, condition: Condition, type_: str) -> Fix | None:
    operator = condition.operator
    stem = operator.name.removeprefix(operator.family)
    if type_ == "Bool":
        name = "" if operator.is_negated else "Bool"
    elif type_ == "IPAddress":
        name = "NotIpAddress" if operator.is_negated else "IpAddress"
    else:
        name = type_ + _SAME.get(stem, stem) if operator.family in _COMPARED else ""
    right = operator.text.replace(operator.unqualified.removesuffix("IfExists"), name)
    if (
        not name
        or not statement.can_rename(condition, right)
        or not all(_reads(v.text, type_) for v in condition.values)
    ):
        return None
    return Fix.risky(f"Compare with `{right}`", rename(condition.operator_at, right))


def _reads(text: str, type_: str) -> bool:
    """Whether a value could be meant as a type: roughly, as another rule looks closely."""
    if type_ == "Bool":
        return text.lower() in ("true", "false")
    return text[:1].isdigit() or (type_ == "IPAddress" and ":" in text)
