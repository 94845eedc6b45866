from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, Pattern, PolicyKind, Severity, Statement, rule


@rule(
    "IAM605",
    on=Statement,
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    kinds=(PolicyKind.SCP, PolicyKind.RCP),
    needs=("Deny", "Action"),
)
def lockout(statement: Statement, context: Context) -> Iterator[Finding]:
    """A service or resource control policy denies everything to everyone.

    ## Why it matters

    No role of the accounts it is attached to can do anything any more, those of
    administrators and pipelines included; only the management account can undo
    it. An RCP on a whole service does the same to all resources of it, for
    their owner as well.

    For an account that is being closed this is meant; then say so with an
    ignore comment, or spare the role that looks after such accounts.

    ## Examples

    ```json bad scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "*",
                  ^^^ everything is denied to everyone
        "Resource": "*"
      }
    }
    ```

    ```json bad rcp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:*", "sqs:DeleteQueue"],
                   ^^^^^^ everything in `s3` is denied to everyone
        "Resource": "*"
      }
    }
    ```

    Conditions that hold for every request spare no one.

    ```json bad scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "*",
                  ^^^ everything is denied to everyone
        "Resource": "*",
        "Condition": {"StringLikeIfExists": {"aws:RequestedRegion": "*"}}
      }
    }
    ```

    ```json good scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/quarantine-admin"}}
      }
    }
    ```

    To deny a service, or single actions on all resources, is what such policies
    are for.

    ```json good scp
    {
      "Version": "2012-10-17",
      "Statement": {"Effect": "Deny", "Action": ["iam:CreateUser", "bedrock:*"], "Resource": "*"}
    }
    ```

    ## References

    - [SCP evaluation](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html)
    - [Testing effects of RCPs](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-warning-testing-effect)
    """
    if not any(resource.is_everything for resource in statement.resources) or statement.has("NotAction"):
        return
    is_scp = context.policy.kind is PolicyKind.SCP
    services = frozenset() if is_scp else context.catalog.rcp_services
    found = [action for action in statement.actions if _is_whole(action, services)]
    if found and (not statement.conditions or context.same_without(statement, statement.at / "Condition")):
        what = "" if is_scp else f" in `{found[0].key.removesuffix(':*')}`"
        yield Finding(
            found[0].at,
            f"everything{what} is denied to everyone",
            why="administrators are no exception; only the management account can undo it",
            help="spare a role by `ArnNotLike` on `aws:PrincipalArn`; or leave it so for accounts that are being closed",
            severity=Severity.MEDIUM if is_scp else None,
            confidence=Confidence.LOW if is_scp else None,
        )


def _is_whole(action: Pattern, services: frozenset[str]) -> bool:
    """Whether this is everything, or for an RCP, which cannot say that, everything of a service."""
    prefix, _, name = action.key.partition(":")
    if services:
        return name == "*" and prefix in services
    return action.is_everything or action.key == "*:*"
