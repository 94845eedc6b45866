import re
from collections.abc import Iterator, Sequence

from iamlint.rule import Catalog, Confidence, Context, Finding, Fix, Pattern, Severity, Statement, replace, rule

_PREFIX = re.compile(r"[\w-]+(?=:[\w*?]*\Z)")
_FORMER = ("iot1click", "zocalo")
"""AWS still takes these prefixes of services that are gone: AWS's managed policies ReadOnlyAccess and
AmazonZocaloFullAccess have them, https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html"""


@rule("IAM102", on=Statement, severity=Severity.HIGH, aws="INVALID_SERVICE_IN_ACTION", parliament="UNKNOWN_PREFIX")
def unknown_service(statement: Statement, context: Context) -> Iterator[Finding]:
    """Action names a service that does not exist.

    ## Why it matters

    IAM saves the policy, and the entry is dead: an Allow of it grants nothing,
    and a Deny of it protects nothing. The prefix of an action is often not the
    name that a service has elsewhere: CloudWatch Logs is `logs`, Step
    Functions `states`.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "lamda:InvokeFunction",
                   ^^^^^ AWS has no service `lamda`
        "Resource": "arn:aws:lambda:us-east-1:111122223333:function:resize"
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "lambda:InvokeFunction",
        "Resource": "arn:aws:lambda:us-east-1:111122223333:function:resize"
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["stepfunctions:StartExecution", "notaservice:*"],
                    ^^^^^^^^^^^^^ AWS has no service `stepfunctions`
                                                    ^^^^^^^^^^^ AWS has no service `notaservice`
        "Resource": "arn:aws:states:us-east-1:111122223333:stateMachine:resize"
      }
    }
    ```

    Services that AWS once had are left to `retired-action`.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["states:StartExecution", "codestar:*"],
        "Resource": "*"
      }
    }
    ```

    ## References

    - [Actions, resources and condition keys for AWS services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    - [Access Analyzer: invalid service in action](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for action in context.catalog.strange(statement.actions, statement.not_actions):
        if action.key.partition(":")[0] in context.catalog.services:
            continue
        found = _PREFIX.match(action.text)
        if found and not _is_known(found[0], context.catalog):
            yield _unknown(action, found[0], context.catalog)


def _is_known(prefix: str, catalog: Catalog) -> bool:
    return catalog.is_retired_service(prefix) or prefix.lower() in _FORMER


def _unknown(action: Pattern, prefix: str, catalog: Catalog) -> Finding:
    near = _meant(action, prefix, catalog)
    return Finding(
        action.at,
        f"AWS has no service `{prefix}`",
        part=(0, len(prefix)),
        help=f"did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else "",
        fix=Fix.risky(f"Write `{near[0]}`", replace(action.at, near[0])) if len(near) == 1 else None,
        confidence=Confidence.HIGH if near else Confidence.MEDIUM,
    )


def _meant(action: Pattern, prefix: str, catalog: Catalog) -> Sequence[str]:
    name = action.text[len(prefix) + 1 :]
    near = [f"{service}:{name}" for service in catalog.nearest_services(prefix)]
    known = [each for each in near if catalog.matches_any(each)]
    if known or action.has_wildcard:
        return known
    # Another service may have an action of this name: a hint only where the prefixes are like each other, as s4 and s3.
    return [near for near in catalog.nearest_actions(action.text) if _are_alike(prefix, near.partition(":")[0])]


def _are_alike(prefix: str, other: str) -> bool:
    from difflib import SequenceMatcher  # noqa: PLC0415 - only for a slip

    return SequenceMatcher(a=prefix.lower(), b=other).ratio() >= 0.5
