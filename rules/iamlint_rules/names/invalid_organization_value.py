import re
from collections.abc import Iterator

from iamlint.rule import Context, Finding, Pattern, Severity, Statement, is_computed, rule

# https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html, API_Root.html and
# API_OrganizationalUnit.html have the shapes;
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html the keys and the paths.
_ID = re.compile(r"o-[a-z0-9]{10,32}")
_ROOT = re.compile(r"r-[0-9a-z]{4,32}")
_UNIT = re.compile(r"ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}")
_WORDS = {_ID: "an organization", _ROOT: "a root", _UNIT: "an organizational unit"}
_IDS = {"aws:principalorgid", "aws:resourceorgid", "aws:sourceorgid", "aws:vpceorgid", "ssm:nodeorgid"}
_PATHS = {"aws:principalorgpaths", "aws:resourceorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths"}


@rule("IAM141", on=Statement, severity=Severity.HIGH, needs="Condition")
def invalid_organization_value(statement: Statement, _: Context) -> Iterator[Finding]:
    """Value for a condition on an organization is no id or no path of one.

    ## Why it matters

    The value never equals the key: an Allow for the organization grants
    nothing, and a Deny for all outside of it denies everyone. A path begins
    with the organization's id, goes down from the root and ends with a slash.

    ## Examples

    ```json bad resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {
          "StringEquals": {"aws:PrincipalOrgID": "r-ab12"},
                                                 ^^^^^^^^ `r-ab12` is no id of an organization
          "ForAnyValue:StringLike": {
            "aws:PrincipalOrgPaths": [
              "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111",
                                                  ^ a path of an organization ends with `/`
              "ou-ab12-11111111/*"
               ^^^^^^^^^^^^^^^^ `ou-ab12-11111111` is no id of an organization
            ]
          }
        }
      }
    }
    ```

    ```json good resource:s3
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/*",
        "Condition": {
          "StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
          "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/*", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/"]}
        }
      }
    }
    ```

    ## References

    - [aws:PrincipalOrgID](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid)
    - [Understand the AWS Organizations entity path](https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed-view-data-orgs.html#access_policies_access-advisor-viewing-orgs-entity-path)
    """
    for condition in statement.conditions:
        is_path = condition.key_lower in _PATHS
        if not (is_path or condition.key_lower in _IDS) or condition.operator.family != "String":
            continue
        for value in condition.values:
            if is_computed(value.text) or (not is_path and Pattern(value.text).has_wildcard):
                continue
            fault = _path_fault(value.text) if is_path else _fault(value.text, _ID, 0)
            if fault:
                message, part = fault
                yield Finding(value.at, message, part=part if is_path and value.text else None)


Fault = tuple[str, tuple[int, int]]


def _path_fault(path: str) -> Fault | None:
    """What is wrong in a path; steps with wildcards are passed over, and all after a `*`, which may be many."""
    start = 0
    *steps, last = path.split("/")
    for depth, step in enumerate(steps or [last]):
        if "*" in step:
            break
        fault = _fault(step, _ID if depth == 0 else _ROOT if depth == 1 else _UNIT, start)
        if fault and "?" not in step:
            return fault
        start += len(step) + 1
    is_open = path.endswith(("/", "*", "?"))
    return None if is_open else ("a path of an organization ends with `/`", (len(path) - 1, len(path)))


def _fault(text: str, shape: re.Pattern[str], start: int) -> Fault | None:
    if shape.fullmatch(text):
        return None
    what = f"`{text}`" if text else "an empty string"
    return f"{what} is no id of {_WORDS[shape]}", (start, start + len(text))
