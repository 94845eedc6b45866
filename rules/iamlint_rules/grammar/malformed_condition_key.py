from collections.abc import Iterator

from iamlint.rule import Condition, Context, Finding, Fix, Severity, Statement, is_computed, rename, rule

TAGS = ("resourcetag", "requesttag", "principaltag")


@rule(
    "IAM031",
    on=Statement,
    severity=Severity.HIGH,
    needs="Condition",
    aws=("INVALID_CONDITION_KEY_FORMAT", "MISSING_TAG_KEY_IN_CONDITION"),
)
def malformed_condition_key(statement: Statement, context: Context) -> Iterator[Finding]:
    """A condition key lacks its prefix, its name, or the tag it is about.

    ## Why it matters

    AWS rejects the policy. A condition key is a prefix, a colon and a name,
    such as `aws:SourceVpc`; a key for tags ends with the one it compares, such
    as `aws:ResourceTag/team`.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"StringEquals": {"SourceVpc": "vpc-1a2b3c4d"}}
                                       ^^^^^^^^^^^ `SourceVpc` has no prefix
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1a2b3c4d"}}
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:StartInstances",
        "Resource": "arn:aws:ec2:*:111122223333:instance/*",
        "Condition": {"StringEquals": {"ec2:ResourceTag": "finance"}}
                                       ^^^^^^^^^^^^^^^^^ `ec2:ResourceTag` does not say which tag
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "ec2:StartInstances",
        "Resource": "arn:aws:ec2:*:111122223333:instance/*",
        "Condition": {"StringEquals": {"ec2:ResourceTag/team": "finance"}}
      }
    }
    ```

    ## References

    - [AWS global condition context keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
    - [Controlling access to AWS resources using tags](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html)
    """
    for condition in statement.conditions:
        key = condition.key
        prefix, colon, name = key.rpartition(":")
        if prefix and name and name.lower().removesuffix("/") not in TAGS:
            continue
        if not condition.operator.known or is_computed(key):
            continue  # an operator nobody knows is likely a key itself
        if not (prefix and name):
            side = "name" if colon and prefix else "prefix"
            yield _without_prefix(condition, f"`{key}` has no {side}", context, statement)
        elif _is_of_tags(key.removesuffix("/"), context):
            message, code = f"`{key}` does not say which tag", ("MISSING_TAG_KEY_IN_CONDITION",)
            help_ = f"write it as in `{key.removesuffix('/')}/team`"
            yield Finding(condition.at, message, why="AWS rejects the policy", help=help_, on_key=True, aws=code)


def _without_prefix(condition: Condition, message: str, context: Context, statement: Statement) -> Finding:
    bare = condition.key.strip(":")
    meant = next(iter(context.catalog.nearest_condition_keys(bare)), None) if bare else None
    sure = meant is not None and meant.lower() == f"aws:{bare}".lower()
    free = not any(other.key == meant and other.operator_at == condition.operator_at for other in statement.conditions)
    return Finding(
        condition.at,
        message,
        why="AWS rejects the policy",
        help=f"did you mean `{meant}`?" if meant else "",
        on_key=True,
        fix=Fix.risky(f"Rename it to {meant}", rename(condition.at, meant)) if meant and sure and free else None,
        aws=("INVALID_CONDITION_KEY_FORMAT",),
    )


def _is_of_tags(key: str, context: Context) -> bool:
    return context.catalog.condition_key(key) is None and context.catalog.condition_key(f"{key}/team") is not None
