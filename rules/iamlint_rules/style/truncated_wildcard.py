from collections.abc import Iterator
from functools import lru_cache

from iamlint.rule import Catalog, Context, Finding, Severity, Statement, rule


@rule("IAM809", on=Statement, severity=Severity.INFO, needs=("Allow", "Action"))
def truncated_wildcard(statement: Statement, context: Context) -> Iterator[Finding]:
    """Wildcard cuts an action's name within a word.

    ## Why it matters

    Tools that shorten policies write the least text that matches the actions
    of today, such as `s3:geto*`. Nobody can read what is meant, and an action
    that AWS adds tomorrow is granted because its name begins alike.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:geto*", "s3:List*"],
                   ^^^^^^^^^^ the wildcard cuts within a word, as of `s3:GetObject`
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    At the end of a word the pattern says what is meant.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:GetObject*", "s3:*"],
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Action](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html)
    """
    for entry in statement.actions:
        name = _cut(entry.key, context.catalog) if entry.text.endswith("*") else None
        if name:
            message = f"the wildcard cuts within a word, as of `{name}`"
            yield Finding(entry.at, message, help="write the word to its end, or name the actions")


@lru_cache(maxsize=8192)
def _cut(entry: str, catalog: Catalog) -> str | None:
    """An action that an entry cuts within a word; None where it fits the words of one of its actions."""
    length = len(entry.rstrip("*"))
    names = catalog.expand(entry) if not {"*", "?"} & set(entry[:length]) and not entry[:length].endswith(":") else ()
    ends = [length == len(name) or _is_between_words(name, length) for name in names]
    return names[0] if names and not any(ends) else None


def _is_between_words(name: str, index: int) -> bool:
    """Whether a new word begins at an index: a capital, or what follows a digit or a run of capitals."""
    before, after = name[index - 1], name[index]
    return not after.islower() or before.isdigit() or (before.isupper() and name[index - 2].isupper())
