from collections.abc import Iterator

from iamlint.rule import Context, Finding, Fix, PolicyKind, Severity, Statement, remove, rule


@rule(
    "IAM506",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.TRUST,),
    aws="ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE",
)
def trust_policy_with_resource(statement: Statement, _: Context) -> Iterator[Finding]:
    """Trust policy names a resource.

    ## Why it matters

    AWS rejects it: the resource of a trust policy is the role it belongs to,
    and cannot be told.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Resource": "*"
        ^^^^^^^^^^ a trust policy has no `Resource`
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ## References

    - [Creating a role with a custom trust policy](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-custom.html)
    - [Access Analyzer: role trust policy syntax error resource](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for element in ("Resource", "NotResource"):
        if statement.has(element):
            at = statement.element_at(element)
            title = f"Remove `{element}`"
            everything = statement.raw[element] in ("*", ["*"]) and element == "Resource"
            yield Finding(
                at,
                f"a trust policy has no `{element}`",
                on_key=True,
                why="AWS rejects it: the resource is the role itself",
                fix=Fix.safely(title, remove(at)) if everything else Fix.risky(title, remove(at)),
            )
