import re
from collections.abc import Iterator
from functools import lru_cache

from iamlint.rule import Catalog, Confidence, Context, Finding, Fix, Severity, Statement, arn_fields, replace, rule

OLD_FORMATS = ("ecs",)
"""Services whose ARNs were shorter once, and still are where they were made then.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-ids
"""


@rule(
    "IAM180",
    on=Statement,
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    needs="ARN",
    parliament="RESOURCE_MISMATCH",
)
def resource_cut_short(statement: Statement, context: Context) -> Iterator[Finding]:
    """Resource lacks the last part that its ARN has.

    ## Why it matters

    Some ARNs end in an id that AWS chooses, after the name: those of stacks,
    load balancers and target groups. Without it the resource matches none of
    them, so nothing is granted, or denied.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "cloudformation:UpdateStack",
        "Resource": "arn:aws:cloudformation:us-east-1:111122223333:stack/orders"
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the ARN of such a resource goes on: `stack/orders/*`
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "cloudformation:UpdateStack",
        "Resource": "arn:aws:cloudformation:us-east-1:111122223333:stack/orders/*"
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "cloudformation:UpdateStack",
        "Resource": "arn:aws:cloudformation:us-east-1:111122223333:stack/orders*"
      }
    }
    ```

    ## References

    - [Actions, resources and condition keys for AWS CloudFormation](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html)
    - [Control CloudFormation access with IAM](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html)
    """
    for resource in (*statement.resources, *statement.not_resources):
        longer = _longer(resource.text, context.catalog)
        if longer:
            whole = resource.text[: resource.text.rindex(longer[:-2])] + longer
            yield Finding(
                resource.at,
                f"the ARN of such a resource goes on: `{longer}`",
                why="without its last part it matches nothing",
                fix=Fix.risky(f"Write `{longer}`", replace(resource.at, whole)),
            )


@lru_cache(maxsize=16384)
def _longer(text: str, catalog: Catalog) -> str:
    """The last field of an ARN with the part that it lacks; empty if it lacks none, or is not documented either way."""
    arn = arn_fields(text)
    service, resource = (arn["service"], arn["resource"]) if arn else ("", "")
    if service in OLD_FORMATS or not re.search("[^/:][/:].", resource) or "*" in resource[-1:]:
        return ""
    if catalog.documented_arns(service, resource):
        return ""
    return next((each for mark in "/:" if catalog.documented_arns(service, each := f"{resource}{mark}*")), "")
