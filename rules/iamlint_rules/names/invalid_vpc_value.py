import re
from collections.abc import Iterator

from iamlint.rule import ConditionValue, Context, Finding, Severity, Statement, is_computed, rule

_ID = r"([0-9a-z]{8}|[0-9a-z]{17})"
_KEYS = {
    "aws:sourcevpc": ("VPC", re.compile(f"vpc-{_ID}"), "INVALID_VPC_FORMAT"),
    "aws:sourcevpce": ("VPC endpoint", re.compile(f"vpce-{_ID}"), "INVALID_VPCE_FORMAT"),
}
_OTHERS = {
    "vpc-": "`aws:SourceVpc` is the key for a VPC",
    "vpce-": "`aws:SourceVpce` is the key for a VPC endpoint",
    "arn:": "`aws:SourceVpcArn` is the key for an ARN",
}


@rule(
    "IAM118", on=Statement, severity=Severity.HIGH, needs="Condition", aws=("INVALID_VPC_FORMAT", "INVALID_VPCE_FORMAT")
)
def invalid_vpc_value(statement: Statement, _: Context) -> Iterator[Finding]:
    """Value for `aws:SourceVpc` or `aws:SourceVpce` is no id of such.

    ## Why it matters

    AWS rejects the policy, or the value never matches: what should be open to
    one VPC is open to none. In a Deny with `StringNotEquals` it shuts everyone
    out.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {
          "StringNotEquals": {
            "aws:SourceVpc": "vpc-1234",
                             ^^^^^^^^^^ `vpc-1234` is no id of a VPC
            "aws:SourceVpce": ["vpce-0abc1234def567890", "vpc-0abc1234def567890"]
                                                         ^^^^^^^^^^^^^^^^^^^^^^^ `vpc-0abc1234def567890` is no id of a VPC endpoint
          }
        }
      }
    }
    ```

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {
          "StringNotEquals": {
            "aws:SourceVpc": ["vpc-0abc1234def567890", "vpc-1a2b3c4d"],
            "aws:SourceVpce": "${aws:PrincipalTag/endpoint}"
          },
          "Null": {"aws:SourceVpce": "false"}
        }
      }
    }
    ```

    ## References

    - [aws:SourceVpc, aws:SourceVpce](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcevpc)
    - [Access Analyzer: invalid vpc format, invalid vpce format](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for condition in statement.conditions:
        what, shape, code = _KEYS.get(condition.key_lower, ("", None, ""))
        if shape is None or condition.operator.family != "String":
            continue
        for value in condition.values:
            if not shape.fullmatch(value.text) and not is_computed(value.text) and not re.search(r"[*?]", value.text):
                message = f"`{value}` is no id of a {what}"
                yield Finding(value.at, message, help=_help(value, what), aws=(code,))


def _help(value: ConditionValue, what: str) -> str:
    other = next((words for start, words in _OTHERS.items() if value.text.startswith(start)), "")
    shape = f"it is `{'vpce' if 'endpoint' in what else 'vpc'}-` and 8 or 17 digits or lower-case letters"
    return shape if not other or other.endswith(what) else other
