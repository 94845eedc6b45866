from collections.abc import Iterator

from iamlint.rule import Condition, Context, Finding, Fix, Severity, Statement, insert, rename, rule

BESIDE = {
    "aws:sourceorgpaths": ("aws:sourceorg", "aws:sourceaccount", "aws:sourcearn"),
    "aws:resourceorgpaths": ("aws:resourceorg", "aws:resourceaccount"),
    "aws:vpceorgpaths": ("aws:vpce", "aws:sourcevp"),
    "aws:calledvia": ("aws:calledvia", "aws:viaawsservice"),
    "dynamodb:leadingkeys": ("dynamodb:leadingkeys",),
}
"""Keys that requests may lack, and what the keys begin with that keep such requests out if they must be there.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""
DENIED = ("aws:sourceorgpaths", "aws:resourceorgpaths", "aws:vpceorgpaths", "aws:principalorgpaths")


@rule("IAM538", on=Statement, severity=Severity.HIGH, needs="Condition")
def porous_set_operator(statement: Statement, context: Context) -> Iterator[Finding]:
    """Condition with a set operator lets requests through that lack the key.

    ## Why it matters

    `ForAllValues:` is true of an empty list, and so of a request without the
    key; `ForAnyValue:` is false of it, even with `Not`. So an `Allow` for "all
    of its paths are ours" takes in what is in no organization at all, and a
    `Deny` of "one of its paths is not ours" does not meet that.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:PutObject",
        "Resource": "*",
        "Condition": {
          "ForAllValues:StringLike": {"aws:ResourceOrgPaths": "o-a1b2c3d4e5/*"}
          ^^^^^^^^^^^^^^^^^^^^^^^^^ it allows requests without `aws:ResourceOrgPaths` as well
        }
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:PutObject",
        "Resource": "*",
        "Condition": {
          "ForAllValues:StringLike": {"aws:ResourceOrgPaths": "o-a1b2c3d4e5/*"},
          "Null": {"aws:ResourceOrgPaths": "false"}
        }
      }
    }
    ```

    ```json bad scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:PutObject",
        "Resource": "*",
        "Condition": {"ForAnyValue:StringNotLike": {"aws:ResourceOrgPaths": "o-a1b2c3d4e5/*"}}
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^ it does not deny requests without `aws:ResourceOrgPaths`
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:PutObject",
        "Resource": "*",
        "Condition": {"ForAnyValue:StringNotLikeIfExists": {"aws:ResourceOrgPaths": "o-a1b2c3d4e5/*"}}
      }
    }
    ```

    A scan of a DynamoDB table names no keys either.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["dynamodb:Query", "dynamodb:Scan"],
        "Resource": "arn:aws:dynamodb:us-east-1:111122223333:table/orders",
        "Condition": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "${aws:userid}"}}
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^ it allows `dynamodb:Scan` of the whole table
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["dynamodb:Query", "dynamodb:Scan"],
        "Resource": "arn:aws:dynamodb:us-east-1:111122223333:table/orders",
        "Condition": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": "${aws:userid}"}, "Null": {"dynamodb:LeadingKeys": "false"}}
      }
    }
    ```

    A list of tags may well be empty.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "sqs:CreateQueue",
        "Resource": "*",
        "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["team", "stage"]}}
      }
    }
    ```

    ## References

    - [Set operators for multivalued context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html#reference_policies_condition-multi-valued-context-keys)
    - [aws:ResourceOrgPaths](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceorgpaths)
    - [DynamoDB: fine-grained access control](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html)
    """
    for condition in statement.conditions:
        match condition.operator.qualifier:
            case "ForAllValues" if statement.allows and _is_open(condition, statement):
                message = _allowed(condition, statement)
                if message and not _is_public(statement, context):
                    yield _finding(condition, message, _present(condition, statement))
            case "ForAnyValue" if _is_weak(condition, statement) and not _is_denied(condition, context):
                message = f"it does not deny requests without `{condition.key}`"
                yield _finding(condition, message, _if_exists(condition, statement))


def _finding(condition: Condition, message: str, fix: Fix | None) -> Finding:
    help_ = fix.title[0].lower() + fix.title[1:] if fix else ""
    return Finding(condition.operator_at, message, on_key=True, help=help_, fix=fix)


def _allowed(condition: Condition, statement: Statement) -> str:
    """What an Allow lets through without the key, in words; empty if that is nothing."""
    if condition.key_lower != "dynamodb:leadingkeys":
        return f"it allows requests without `{condition.key}` as well"
    return "it allows `dynamodb:Scan` of the whole table" if statement.applies_to_action("dynamodb:Scan") else ""


def _is_public(statement: Statement, context: Context) -> bool:
    """Whether strangers get in, as `public-principal` says."""
    return any(entry.is_anyone for entry in statement.principals) and context.exposure(statement) is not None


def _is_open(condition: Condition, statement: Statement) -> bool:
    """Whether the condition is to let only some values pass, and no other wants something of the kind to be there."""
    beside = BESIDE.get(condition.key_lower, ())
    others = (other for other in statement.conditions if other.key_lower.startswith(beside))
    return bool(beside) and not condition.operator.is_negated and all(other.holds_when_absent for other in others)


def _is_weak(condition: Condition, statement: Statement) -> bool:
    """Whether a Deny of what does not fit leaves out requests without the key."""
    operator = condition.operator
    return statement.denies and condition.key_lower in DENIED and operator.is_negated and not operator.if_exists


def _is_denied(condition: Condition, context: Context) -> bool:
    """Whether another Deny meets requests without the key: by its absence, or by that of the organization."""
    organization = condition.key_lower.replace("paths", "id")
    return any(
        (other.key_lower == condition.key_lower and other.operator.name == "Null" and other.holds_when_absent)
        or (other.key_lower == organization and other.holds_when_absent)
        for statement in context.policy.statements
        if statement.denies
        for other in statement.conditions
    )


def _present(condition: Condition, statement: Statement) -> Fix | None:
    block = statement.raw.get("Condition")
    null, at = "Null", statement.at / "Condition" / "Null"
    if not isinstance(block, dict) or any(operator.lower() == "null" and operator != null for operator in block):
        return None
    if null not in block:
        edit = insert(at, {condition.key: "false"})
    elif isinstance(block[null], dict) and condition.key_lower not in map(str.lower, block[null]):
        edit = insert(at / condition.key, "false")
    else:
        return None
    return Fix.tightening(f"Demand `{condition.key}` with `Null`", edit)


def _if_exists(condition: Condition, statement: Statement) -> Fix | None:
    operator = f"{condition.operator.text}IfExists"
    if not statement.can_rename(condition, operator):
        return None
    return Fix.tightening(f"Deny with `{operator}`", rename(condition.operator_at, operator))
