from collections.abc import Iterator

from iamlint.rule import Context, Finding, Fix, Operator, Severity, Statement, rename, rule


@rule("IAM019", on=Statement, severity=Severity.HIGH, needs="Condition", aws="NULL_WITH_IF_EXISTS")
def null_if_exists(statement: Statement, _: Context) -> Iterator[Finding]:
    """The Null operator is used with IfExists.

    ## Why it matters

    AWS rejects the policy: `Null` asks whether a key exists, so `IfExists`
    would have nothing left to ask.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"NullIfExists": {"s3:x-amz-server-side-encryption": "true"}}
                      ^^^^^^^^^^^^^^ `Null` cannot be combined with `IfExists`
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"Null": {"s3:x-amz-server-side-encryption": "true"}}
      }
    }
    ```

    ## References

    - [Condition operator to check existence of condition keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null)
    """
    block = statement.raw.get("Condition")
    if not isinstance(block, dict):
        return
    for text in block:
        operator = Operator.parse(text)
        if operator.known and operator.name == "Null" and operator.if_exists:
            at, plain = statement.element_at("Condition"), text[: -len("IfExists")]
            fix = Fix.risky("Leave IfExists out", rename(at / text, plain)) if plain not in block else None
            message = "`Null` cannot be combined with `IfExists`"
            yield Finding(at / text, message, why="AWS rejects the policy", on_key=True, fix=fix)
