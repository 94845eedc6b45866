from collections.abc import Iterator

from iamlint.rule import ROOT, Context, Finding, Policy, Severity, rule


@rule("IAM005", on=Policy, severity=Severity.HIGH, aws="MISSING_STATEMENT", parliament="MALFORMED")
def missing_statement(policy: Policy, context: Context) -> Iterator[Finding]:
    """The policy has no statement.

    ## Why it matters

    A policy is an object whose `Statement` holds what is allowed and denied.
    AWS rejects a document without one, also if it is a lone statement or a
    list of them.

    ## Examples

    ```json bad
    {
    ^ the policy has no `Statement`
      "Version": "2012-10-17"
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": []
                   ^^ the policy has no statement
    }
    ```

    A statement alone is not a policy yet.

    ```json bad
    {
    ^ this is a statement, not a policy
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::reports/*"
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::reports/*"
        }
      ]
    }
    ```

    ## References

    - [IAM JSON policy elements: Statement](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html)
    """
    if policy.elements.get("Statement") or context.is_repaired:
        return
    why, wrap = "AWS rejects it", 'write `{"Version": "2012-10-17", "Statement": […]}` around it'
    if type(policy.raw) in _CALLED:
        yield Finding(ROOT, f"a policy is an object, not {_CALLED[type(policy.raw)]}", why=why, help=wrap, aws=())
    elif policy.elements.get("Statement") == []:
        yield Finding(ROOT / "Statement", "the policy has no statement", why=why)
    elif "Effect" in policy.elements and "Statement" not in policy.elements:
        codes = ("MISSING_STATEMENT", "INVALID_POLICY_ELEMENT")
        yield Finding(ROOT, "this is a statement, not a policy", why=why, help=wrap, aws=codes)
    elif isinstance(policy.raw, dict) and not any(_may_be_one(key) for key in policy.elements):
        yield Finding(ROOT, "the policy has no `Statement`", why=why)


_CALLED = {list: "a list", str: "a string", type(None): "null", int: "a number", bool: "a boolean"}


def _may_be_one(key: str) -> bool:
    """Whether a key is `Statement`, a slip such as `Statements`, which is an unknown element, or computed."""
    return key.lower().startswith(("stat", "fn::"))
