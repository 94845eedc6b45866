import re
from collections.abc import Iterator

from iamlint.rule import Catalog, Confidence, Context, Finding, Pointer, Severity, Statement, rule

_PLACEHOLDER = re.compile(
    r"\{\{(?!resolve:)[^{}]*\}\}"  # Jinja, Mustache, Helm; CloudFormation itself fills `{{resolve:…}}`
    r"|<[A-Za-z][\w .:-]*>"
    r"|#\{[^}]*\}|%\(\w+\)s|@@\w+@@|\b__[A-Z][A-Z_]+__\b"
    r"|\b(?:YOUR[-_][A-Z_-]+|REPLACE[-_]ME|CHANGE[-_]?ME)\b"
    r"|\$\{(?:AWS::|(?:self|opt|env|cf|file|sls|param|terraform):)[^}]*\}"
    r"|\$\{[A-Za-z_][^:,}*?]*\}"  # Terraform, CloudFormation, shells: policy variables have a colon
)
_SIGNS = ("{", "<", "@@", "%(", "__", "YOUR", "REPLACE", "CHANGE")
"""One of them is in every placeholder: a quick look, as most statements have none."""


@rule("IAM115", on=Statement, severity=Severity.MEDIUM, confidence=Confidence.MEDIUM)
def unrendered_placeholder(statement: Statement, context: Context) -> Iterator[Finding]:
    """Placeholder of a template was left in.

    ## Why it matters

    AWS knows nothing of templates: it takes the placeholder for text. What it
    does not reject then matches nothing. Policy variables are another thing:
    they have a colon, such as `${aws:username}`, and AWS fills them in.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": [
          "arn:aws:s3:::${var.bucket}/*",
                        ^^^^^^^^^^^^^ `${var.bucket}` was not filled in
          "arn:aws:s3:::{{ bucket }}/*",
                        ^^^^^^^^^^^^ `{{ bucket }}` was not filled in
          "arn:aws:s3:::<bucket-name>/*"
                        ^^^^^^^^^^^^^ `<bucket-name>` was not filled in
        ]
      }
    }
    ```

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::${AWS::AccountId}:root"},
                                           ^^^^^^^^^^^^^^^^^ `${AWS::AccountId}` was not filled in
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "YOUR_EXTERNAL_ID"}}
                                                          ^^^^^^^^^^^^^^^^ `YOUR_EXTERNAL_ID` was not filled in
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::amzn-s3-demo-bucket/${aws:username}/${aws:PrincipalTag/team, 'none'}/${*}"
      }
    }
    ```

    ## References

    - [IAM policy elements: variables and tags](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
    - [Pseudo parameters in CloudFormation](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html)
    """
    for at, text in _texts(statement, context.catalog):
        found = _PLACEHOLDER.search(text)
        if found:
            help_ = "lint what the template makes, or fill the value in"
            yield Finding(at, f"`{found[0]}` was not filled in", part=found.span(), help=help_)


def _has_sign(text: str) -> bool:
    return text != "*" and any(sign in text for sign in _SIGNS)


def _texts(statement: Statement, catalog: Catalog) -> Iterator[tuple[Pointer, str]]:
    strange = catalog.strange(statement.actions, statement.not_actions)
    yield from ((entry.at, entry.text) for entry in strange if _has_sign(entry.text))
    if not _has_sign(statement.text):
        return
    yield from ((pattern.at, pattern.text) for pattern in (*statement.resources, *statement.not_resources))
    yield from ((entry.at, entry.value) for entry in (*statement.principals, *statement.not_principals))
    yield from ((value.at, value.text) for condition in statement.conditions for value in condition.values)
