from collections.abc import Iterator

from iamlint.rule import Context, Finding, Fix, Severity, Statement, replace, rule


@rule("IAM802", on=Statement, severity=Severity.INFO)
def action_case(statement: Statement, context: Context) -> Iterator[Finding]:
    """Action is spelled in other letters than AWS's.

    ## Why it matters

    IAM makes no difference, but searching does: who looks for `s3:GetObject`
    should find every policy that allows it.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["S3:getobject", "s3:ListBucket"],
                   ^^^^^^^^^^^^^^ AWS spells it `s3:GetObject`
        "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]
      }
    }
    ```

    Patterns are left alone but for the service, as they have no one spelling.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:getobject*",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Action](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html)
    """
    for pattern in (*statement.actions, *statement.not_actions):
        action = context.catalog.action(pattern.text)
        prefix, _, name = pattern.text.partition(":")
        if action:
            spelled = action.name
        elif pattern.has_wildcard and context.catalog.service(prefix):
            spelled = f"{prefix.lower()}:{name}"
        else:
            continue
        if spelled != pattern.text:
            fix = Fix.safely("Spell it as AWS does", replace(pattern.at, spelled))
            yield Finding(pattern.at, f"AWS spells it `{spelled}`", fix=fix)
