from collections.abc import Iterator

from iamlint.rule import Catalog, Context, Finding, Fix, Pattern, Related, Severity, Statement, remove, rule

_FORMER = {"iot1click": "AWS IoT 1-Click", "zocalo": "Amazon Zocalo"}
"""Former services that the catalogue's sources have forgotten; AWS still takes their prefixes: see its managed policies
ReadOnlyAccess, AmazonZocaloFullAccess, https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html"""


@rule("IAM103", on=Statement, severity=Severity.INFO)
def retired_action(statement: Statement, context: Context) -> Iterator[Finding]:
    """Action or its service is one that AWS has retired.

    ## Why it matters

    AWS still takes the name, but there is nothing left that it would grant.
    The entry takes up room in a policy whose size is limited, and readers look
    for a use of it that is no more.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["codecommit:ListRepositories", "codestar:ListProjects"],
                                                  ^^^^^^^^^^^^^^^^^^^^^^^ AWS has retired the service `codestar`
        "Resource": "*"
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["codecommit:ListRepositories"],
        "Resource": "*"
      }
    }
    ```

    A service may live on without some of its actions.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "cloud9:ValidateEnvironmentName",
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ AWS has retired `cloud9:ValidateEnvironmentName`
        "Resource": "*"
      }
    }
    ```

    A wildcard that still matches something is in use.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "cloud9:*Environment*",
        "Resource": "*"
      }
    }
    ```

    ## References

    - [AWS product lifecycle changes](https://aws.amazon.com/products/lifecycle/)
    - [Actions, resources and condition keys for AWS services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    """
    strange = context.catalog.strange(statement.actions, statement.not_actions)
    retired: dict[str, list[Pattern]] = {}
    for action in strange:
        what = _retired(action, context.catalog)
        if what:
            retired.setdefault(what, []).append(action)
    if not retired:
        return
    entries = (*statement.actions, *statement.not_actions)
    # An Allow loses nothing, as long as another action stays: a statement needs one.
    spare = statement.allows and statement.has("Action") and sum(map(len, retired.values())) < len(entries)
    for what, (first, *others) in retired.items():
        removed = (remove(each.at) for each in (first, *others))
        yield Finding(
            first.at,
            f"AWS has retired {what}",
            related=tuple(Related(each.at, "of it, too") for each in others),
            fix=Fix.tightening("Remove what is retired", *removed) if spare else None,
        )


def _retired(action: Pattern, catalog: Catalog) -> str:
    return catalog.remember(("retired", action.text), lambda: _find(action, catalog))


def _find(action: Pattern, catalog: Catalog) -> str:
    prefix = action.key.partition(":")[0]
    if catalog.is_retired_service(prefix) or prefix in _FORMER:
        return f"the service `{prefix}`"
    names: str = catalog.section("retired").get(prefix, ["", ""])[1]
    once = any(action.matches(f"{prefix}:{name}") for name in names.split())
    return f"`{action}`" if once and not catalog.matches_any(action.text) else ""
