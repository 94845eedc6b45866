from collections.abc import Iterator

from iamlint.rule import ROOT, Context, Finding, Policy, PolicyKind, Severity, rule

MEANT = {
    PolicyKind.BOUNDARY: "the boundary has no `Allow`, so its holder can do nothing",
    PolicyKind.SESSION: "the session policy has no `Allow`, so the session can do nothing",
    PolicyKind.VPC_ENDPOINT: "the endpoint policy has no `Allow`, so nothing passes",
}


@rule("IAM611", on=Policy, severity=Severity.HIGH, kinds=tuple(MEANT), needs="Deny")
def limit_without_allow(policy: Policy, context: Context) -> Iterator[Finding]:
    """A boundary, session policy or endpoint policy only denies.

    ## Why it matters

    Such a policy is the most that is possible: what it does not allow is
    denied. With `Deny` statements alone it allows nothing, whatever other
    policies grant. What a role may do everywhere but in some places is an
    `Allow` of all, and the `Deny` beside it; the `Allow` grants nothing by
    itself.

    ## Examples

    ```json bad boundary
    {
    ^ the boundary has no `Allow`, so its holder can do nothing
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "iam:*",
        "Resource": "*"
      }
    }
    ```

    ```json bad vpc-endpoint
    {
    ^ the endpoint policy has no `Allow`, so nothing passes
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:ResourceAccount": "111122223333"}}
      }
    }
    ```

    ```json good boundary
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}
      ]
    }
    ```

    ## References

    - [Permissions boundaries for IAM entities](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html)
    - [Session policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session)
    - [Control access to VPC endpoints using endpoint policies](https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html)
    """
    listed = policy.elements.get("Statement")
    count = len(listed) if isinstance(listed, list) else 1
    denies = sum(statement.denies for statement in policy.statements)
    if denies == count and not context.is_repaired:
        yield Finding(
            ROOT,
            MEANT[policy.kind],
            why="it limits what other policies grant to what it allows itself",
            help='add what is possible at most, such as `"Action": "*"` on `"Resource": "*"`',
        )
