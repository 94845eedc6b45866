import re
from collections.abc import Iterator
from functools import lru_cache

from iamlint.rule import Catalog, Context, Finding, Pointer, Severity, Statement, rule

KEY = re.compile(r"\s*([\w.-]+)\s*:\s*([\w-]+)")
EMPTY = "EMPTY_VARIABLE"
BRACE = "MISSING_BRACE_IN_VARIABLE"
QUOTE = "MISSING_QUOTE_IN_VARIABLE"
SPACE = "UNSUPPORTED_SPACE_IN_VARIABLE"
MESSAGES = {
    EMPTY: "the variable is empty",
    BRACE: "the variable has no closing brace",
    QUOTE: "the variable's default stands in no single quotes",
    SPACE: "the variable has a blank in it",
}
HELP = "write it as in `${aws:username}` or `${aws:PrincipalTag/team, 'none'}`"


@rule("IAM026", on=Statement, severity=Severity.HIGH, needs="variable", aws=(EMPTY, BRACE, QUOTE, SPACE))
def malformed_variable(statement: Statement, context: Context) -> Iterator[Finding]:
    """A policy variable is not written as AWS reads it.

    ## Why it matters

    AWS rejects the policy, or takes the text for what it says: then the place
    that should be different for each user is the same for all, and matches
    nothing.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": [
          "arn:aws:s3:::reports/${aws:username/*",
                                ^^^^^^^^^^^^^^^^ the variable has no closing brace
          "arn:aws:s3:::reports/${ aws:userid }/*",
                                ^^^^^^^^^^^^^^^ the variable has a blank in it
          "arn:aws:s3:::reports/${}/*",
                                ^^^ the variable is empty
          "arn:aws:s3:::reports/${aws:PrincipalTag/team, none}/*"
                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the variable's default stands in no single quotes
        ]
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": [
          "arn:aws:s3:::reports/${aws:username}/*",
          "arn:aws:s3:::reports/${aws:PrincipalTag/team, 'no team'}/*",
          "arn:aws:s3:::reports/price-in-${$}/${*}"
        ]
      }
    }
    ```

    ## References

    - [IAM policy elements: Variables and tags](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
    """
    if "${" not in statement.text or not context.policy.has_variables:
        return
    for at, text in _texts(statement):
        for start, end in _places(text):
            code = _fault(text[start:end], context.catalog)
            if code:
                message, part = MESSAGES[code], (start, end)
                yield Finding(at, message, why="AWS rejects the policy", help=HELP, part=part, aws=(code,))


def _texts(statement: Statement) -> Iterator[tuple[Pointer, str]]:
    for pattern in (*statement.resources, *statement.not_resources):
        if "${" in pattern.text:
            yield pattern.at, pattern.text
    for condition in statement.conditions:
        for value in condition.values:
            if "${" in value.text:
                yield value.at, value.text


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Where variables stand; one without a closing brace goes to the next one, or to the end."""
    start = text.find("${")
    while start >= 0:
        following, close = text.find("${", start + 2), text.find("}", start)
        limit = len(text) if following < 0 else following
        yield start, close + 1 if 0 <= close < limit else limit
        start = following


@lru_cache(maxsize=1024)
def _fault(variable: str, catalog: Catalog) -> str | None:
    body = variable[2:].removesuffix("}")
    if variable.endswith("}") and not body.strip():
        return EMPTY
    key = KEY.match(body)
    name = f"{key[1]}:{key[2]}" if key else ""
    if not key or not (catalog.condition_key(name) or catalog.condition_key(f"{name}/tag")):
        return None  # an escape, or the placeholder of another tool
    if not variable.endswith("}"):
        return BRACE
    name, comma, default = body.partition(",")
    if comma and not re.fullmatch(r"\s*'.*'\s*", default):
        return QUOTE
    return SPACE if re.search(r"\s", name) or (comma and not re.fullmatch(r" ?'.*'", default)) else None
