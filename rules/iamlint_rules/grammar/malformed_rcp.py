from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, PolicyKind, Severity, Statement, is_computed, rule

PRINCIPAL, ALLOW, NOT_ACTION, ACTION = (
    f"RCP_SYNTAX_ERROR_{name}" for name in ("PRINCIPAL", "ALLOW", "NOTACTION", "ACTION")
)


@rule(
    "IAM033",
    on=Statement,
    severity=Severity.HIGH,
    kinds=(PolicyKind.RCP,),
    aws=(PRINCIPAL, ALLOW, NOT_ACTION, ACTION),
)
def malformed_rcp(statement: Statement, context: Context) -> Iterator[Finding]:
    """A resource control policy says what RCPs cannot say.

    ## Why it matters

    AWS Organizations rejects it. An RCP of your own denies, it denies everyone
    (`"Principal": "*"`, with conditions to spare some), and it lists what it
    denies: there is neither `NotPrincipal` nor `NotAction`, and an action `*`
    without a service is not possible.

    ## Examples

    ```json bad rcp
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Deny",
          "Principal": {"AWS": "111122223333"},
                       ^^^^^^^^^^^^^^^^^^^^^^^ the principal of an RCP is `*`
          "Action": "*",
                    ^^^ an action of an RCP names its service
          "Resource": "*"
        },
        {
          "Effect": "Deny",
          "NotPrincipal": {"AWS": "111122223333"},
          ^^^^^^^^^^^^^^ an RCP has no `NotPrincipal`
          "NotAction": "s3:GetObject",
          ^^^^^^^^^^^ an RCP has no `NotAction`
          "Resource": "*"
        }
      ]
    }
    ```

    ```json bad rcp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
                  ^^^^^^^ an RCP allows nothing: it can only deny
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
      }
    }
    ```

    ```json good rcp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {
          "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
          "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}
        }
      }
    }
    ```

    The one policy that allows is `RCPFullAWSAccess`, which AWS attaches.

    ```json good rcp
    {
      "Version": "2012-10-17",
      "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    }
    ```

    ## References

    - [RCP syntax](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html)
    - [Access Analyzer: RCP syntax errors](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    if _is_of_aws(statement):
        return
    if statement.allows:
        limited = statement.raw.get("Resource") not in ("*", ["*"]) or bool(statement.conditions)
        code = (ALLOW,) if limited or not _is_anyone(statement) else ()
        yield _finding(statement, "Effect", "an RCP allows nothing: it can only deny", code, on_key=False)
    yield from _principal(statement, context)
    if statement.has("NotAction"):
        yield _finding(statement, "NotAction", "an RCP has no `NotAction`", (NOT_ACTION,))
    for action in statement.actions:
        if action.is_everything:
            why = "AWS Organizations rejects the policy"
            yield Finding(
                action.at, "an action of an RCP names its service", why=why, help="such as `s3:*`", aws=(ACTION,)
            )


def _principal(statement: Statement, context: Context) -> Iterator[Finding]:
    if statement.has("NotPrincipal"):
        yield _finding(statement, "NotPrincipal", "an RCP has no `NotPrincipal`", (PRINCIPAL,))
    elif statement.has("Principal"):
        if not _is_anyone(statement) and not _is_computed(statement.raw["Principal"]):
            yield Finding(
                statement.element_at("Principal"),
                "the principal of an RCP is `*`",
                why="AWS Organizations rejects the policy",
                help="deny everyone (`*`), and spare some by conditions",
                confidence=Confidence.MEDIUM if all(one.is_anyone for one in statement.principals) else None,
                aws=(PRINCIPAL,),
            )
    elif not context.is_repaired and not any("princ" in key.lower() or key.startswith("Fn::") for key in statement.raw):
        yield Finding(
            statement.at,
            "the statement has no `Principal`",
            why="AWS Organizations rejects the policy",
            help='add `"Principal": "*"`',
            aws=(PRINCIPAL,),
        )


def _is_anyone(statement: Statement) -> bool:
    return statement.raw.get("Principal") == "*"


def _is_computed(value: object) -> bool:
    """Whether a tool puts something else in its place."""
    if isinstance(value, dict):
        return any(key == "Ref" or key.startswith("Fn::") for key in value)
    return isinstance(value, str) and is_computed(value)


def _is_of_aws(statement: Statement) -> bool:
    """Whether this is the statement of RCPFullAWSAccess."""
    full = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    return {key: value for key, value in statement.raw.items() if key != "Sid"} == full


def _finding(
    statement: Statement, element: str, message: str, code: tuple[str, ...], *, on_key: bool = True
) -> Finding:
    return Finding(
        statement.element_at(element),
        message,
        why="AWS Organizations rejects the policy",
        help="deny everyone (`*`) the listed actions, and spare some by conditions",
        on_key=on_key,
        aws=code,
    )
