import re
from collections.abc import Iterator, Sequence

from iamlint.rule import (
    Catalog,
    Confidence,
    Context,
    Finding,
    Fix,
    Pattern,
    Severity,
    Statement,
    is_computed,
    replace,
    rule,
)

_ELSEWHERE = ("glue:shareresource", "sns:receive")
"""What AWS documents apart from the actions of the service, or once wrote into every topic's policy:
https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-cross-account.html
https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html"""


@rule("IAM101", on=Statement, severity=Severity.HIGH, aws="INVALID_ACTION", parliament="UNKNOWN_ACTION")
def unknown_action(statement: Statement, context: Context) -> Iterator[Finding]:
    """Action does not exist.

    ## Why it matters

    IAM saves the policy, and the entry is dead: an Allow of it grants nothing,
    and a Deny of it protects nothing. Often it is a slip of the pen, or the
    name of an API operation whose permission has another name.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObjekt",
                  ^^^^^^^^^^^^^^ AWS has no action `s3:GetObjekt`
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    Not every API operation has an action of its own: several may share one.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:HeadObject", "s3:PutObject"],
                   ^^^^^^^^^^^^^^^ `s3:HeadObject` is an API operation; the action is `s3:GetObject`
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*"
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": [
          "s3:RemoveBucket*",
          ^^^^^^^^^^^^^^^^^^ `s3:RemoveBucket*` matches no action
          "GetObject"
          ^^^^^^^^^^^ an action begins with the service, as in `s3:GetObject`
        ],
        "Resource": "*"
      }
    }
    ```

    Letter case makes no difference. What AWS has retired is left to
    `retired-action`, and an unknown service to `unknown-service`.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["S3:getobject", "s3:Get*Acl", "codestar:ListProjects"],
        "Resource": "*"
      }
    }
    ```

    ## References

    - [Actions, resources and condition keys for AWS services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    - [Required permissions for Amazon S3 API operations](https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html)
    - [Access Analyzer: invalid action](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for action in context.catalog.strange(statement.actions, statement.not_actions):
        prefix, _, name = action.key.partition(":")
        is_malformed = not name or ":" in name or "*" in prefix or "?" in prefix
        if not is_malformed and (prefix not in context.catalog.services or _exists(action, context.catalog)):
            continue
        if action.key in _ELSEWHERE or is_computed(action.text):
            continue
        if is_malformed:
            yield from _malformed(action, context.catalog)
        else:
            yield _unknown(action, context.catalog)


def _exists(action: Pattern, catalog: Catalog) -> bool:
    key = ("exists", action.key)
    return catalog.remember(key, lambda: catalog.matches_any(action.text) or _was(action, catalog))


def _was(action: Pattern, catalog: Catalog) -> bool:
    """Whether AWS once had it."""
    prefix = action.text.partition(":")[0].lower()
    names: str = catalog.section("retired").get(prefix, ["", ""])[1]
    return any(action.matches(f"{prefix}:{name}") for name in names.split())


def _unknown(action: Pattern, catalog: Catalog) -> Finding:
    if action.has_wildcard:
        service = catalog.service(action.key.partition(":")[0])
        help_ = f"its actions stand on {service.url}" if service else ""
        return Finding(action.at, f"`{action}` matches no action", help=help_, confidence=Confidence.MEDIUM)
    operation = catalog.operation(action.text) if not re.search(r"\s", action.text) else None
    near = operation.actions if operation and operation.actions else catalog.nearest_actions(action.text)
    if operation and operation.actions:
        is_, actions = ("are", "actions") if len(near) > 1 else ("is", "action")
        message = f"`{action}` is an API operation; the {actions} {is_} {_listed(near, 'and')}"
    else:
        message = f"AWS has no action `{action}`"
    return Finding(
        action.at,
        message,
        help=f"did you mean {_listed(near, 'or')}?" if near and not operation else "",
        fix=_fix(action, near),
        confidence=Confidence.HIGH if operation or _is_slip(action.text, near) else Confidence.MEDIUM,
    )


def _is_slip(name: str, near: Sequence[str]) -> bool:
    """Whether a name is almost that of an action of its service; if not, it may be newer than the catalogue."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - only for a slip

    prefix, _, bare = name.lower().partition(":")
    others = (other for service, _, other in (each.lower().partition(":") for each in near) if service == prefix)
    return any(SequenceMatcher(a=bare, b=other).ratio() > 0.9 for other in others)


def _fix(action: Pattern, near: Sequence[str]) -> Fix | None:
    return Fix.risky(f"Write `{near[0]}`", replace(action.at, near[0])) if len(near) == 1 else None


def _malformed(action: Pattern, catalog: Catalog) -> Iterator[Finding]:
    """What IAM refuses to save, for these reasons; Access Analyzer's code for it is not known."""
    why = "AWS rejects the policy"
    prefix, colon, name = action.text.partition(":")
    if action.is_everything or action.text == "*:*":
        return
    if ":" in name:
        yield Finding(action.at, "an action has one colon only", why=why, aws=())
    elif "*" in prefix or "?" in prefix:
        message, help_ = "the service of an action cannot be a wildcard", "write an action for each service"
        yield Finding(action.at, message, part=(0, len(prefix)), why=why, help=help_, aws=())
    elif colon:
        yield Finding(action.at, f"`{action}` names no action", help=f"`{prefix}:*` stands for all of them")
    else:
        near = catalog.nearest_actions(action.text) if not action.has_wildcard else ()
        example = near[0] if near else "s3:GetObject"
        yield Finding(action.at, f"an action begins with the service, as in `{example}`", why=why, aws=())


def _listed(names: Sequence[str], word: str) -> str:
    return f" {word} ".join(f"`{name}`" for name in names)
