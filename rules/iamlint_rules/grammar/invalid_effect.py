from collections.abc import Iterator

from iamlint.rule import Context, Finding, Fix, Severity, Statement, is_computed, replace, rule


@rule("IAM009", on=Statement, severity=Severity.HIGH, aws="INVALID_EFFECT", parliament="MALFORMED")
def invalid_effect(statement: Statement, _: Context) -> Iterator[Finding]:
    """The effect is neither `Allow` nor `Deny`.

    ## Why it matters

    AWS rejects the policy; `allow` will not do, as the value is told apart by
    upper and lower case. Tools that pass over unknown effects call such a
    policy clean.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "allow",
                  ^^^^^^^ `allow` is no effect
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:DeleteBucket",
        "Resource": "*"
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Effect](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html)
    """
    effect = statement.effect
    if effect is None or statement.allows or statement.denies or is_computed(effect):
        return
    at, meant = statement.element_at("Effect"), _meant(effect)
    yield Finding(
        at,
        f"`{effect}` is no effect" if effect else "the effect is empty",
        why="AWS rejects the policy",
        help=f"did you mean `{meant}`?" if meant else "write `Allow` or `Deny`",
        fix=Fix.risky(f"Write {meant}", replace(at, meant)) if meant else None,
    )


def _meant(effect: str) -> str | None:
    letters = "".join(filter(str.isalpha, effect.lower()))
    slips = {"allow": "Allow", "allows": "Allow", "allowed": "Allow", "permit": "Allow", "grant": "Allow"}
    slips |= {"deny": "Deny", "denies": "Deny", "denied": "Deny", "disallow": "Deny", "block": "Deny"}
    return slips.get(letters)
