from collections.abc import Iterator

from iamlint.rule import (
    Condition,
    Confidence,
    Context,
    Finding,
    Pattern,
    PolicyKind,
    Severity,
    Statement,
    is_computed,
    rule,
)

HOME = "us-east-1"
SERVICES = ("iam", "cloudfront", "organizations", "route53", "support")
"""The services with one endpoint, in us-east-1, that AWS's own example exempts.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-requested-region.html
"""
NEGATED = ("StringNotEquals", "StringNotLike", "StringNotEqualsIgnoreCase")


@rule(
    "IAM607",
    on=Statement,
    severity=Severity.MEDIUM,
    kinds=(PolicyKind.SCP, PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SESSION),
    needs=("Deny", "Condition", "Resource"),
)
def global_service_in_region_deny(statement: Statement, _: Context) -> Iterator[Finding]:
    """What denies other regions denies global services, too.

    ## Why it matters

    IAM, CloudFront, Route 53, Organizations and Support have one endpoint for
    all regions, in `us-east-1`. A statement that denies all regions but your
    own denies them, and with IAM goes every change of a role. AWS's example
    names such services in `NotAction`; which others you use (`budgets:*`,
    `globalaccelerator:*`, `sts:*`, `waf:*`, …) you know best.

    ## Examples

    ```json bad scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "*",
                  ^^^ `cloudfront`, `iam`, `organizations`, `route53` and `support` answer in `us-east-1`, which is denied
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}
      }
    }
    ```

    ```json bad scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "NotAction": ["cloudfront:*", "organizations:*", "route53:*", "sts:*", "support:*"],
        ^^^^^^^^^^^ `iam` answers in `us-east-1`, which is denied
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}
      }
    }
    ```

    ```json good scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "NotAction": ["cloudfront:*", "iam:*", "organizations:*", "route53:*", "support:*"],
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}
      }
    }
    ```

    ```json good scp
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": ["ec2:*", "rds:*"],
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}
      }
    }
    ```

    ## References

    - [Example: deny access to AWS based on the requested region](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-requested-region.html)
    - [Example SCP: deny access to AWS based on the requested region](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html)
    - [aws:RequestedRegion](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion)
    """
    if not any(resource.is_everything for resource in statement.resources):
        return
    if not any(_leaves_home_out(each) for each in statement.conditions) or not all(map(_is_wide, statement.conditions)):
        return
    denied = sorted(service for service in SERVICES if _takes_in(statement, service))
    if denied:
        whole = next((action.at for action in statement.actions if action.is_everything), None)
        with_iam = "iam" in denied
        yield Finding(
            whole or statement.element_at("Action" if statement.actions else "NotAction"),
            f"{_listed(denied)} answer{'' if denied[1:] else 's'} in `{HOME}`, which is denied",
            on_key=whole is None,
            help="name the global services you use in `NotAction`",
            severity=None if with_iam else Severity.LOW,
            confidence=None if with_iam else Confidence.MEDIUM,
        )


def _leaves_home_out(condition: Condition) -> bool:
    """Whether a condition denies what is not in some regions, none of which is the home of global services."""
    texts = [value.text for value in condition.values]
    return (
        condition.key_lower == "aws:requestedregion"
        and condition.operator.name in NEGATED
        and condition.operator.qualifier is None
        and bool(texts)
        and not any(is_computed(text) or text.startswith(("cn-", "us-gov-", "us-iso", "eu-isoe-")) for text in texts)
        and not any(Pattern(text).matches(HOME) for text in texts)
    )


def _is_wide(condition: Condition) -> bool:
    """Whether a condition is about the region or the caller, and not about some requests only."""
    return condition.key_lower == "aws:requestedregion" or condition.key_lower.startswith(
        ("aws:principal", "aws:viaawsservice", "aws:calledvia", "aws:userid", "aws:username")
    )


def _takes_in(statement: Statement, service: str) -> bool:
    whole = Pattern(f"{service}:*", fold=True)
    if statement.has("NotAction"):
        return not any(whole & entry for entry in statement.not_actions)
    return any(whole <= entry for entry in statement.actions)


def _listed(services: list[str]) -> str:
    quoted = [f"`{service}`" for service in services]
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}" if quoted[1:] else quoted[0]
