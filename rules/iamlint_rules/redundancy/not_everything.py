from collections.abc import Iterator

from iamlint.rule import Context, Finding, Severity, Statement, rule


@rule("IAM221", on=Statement, severity=Severity.LOW, needs="Allow")
def not_everything(statement: Statement, _: Context) -> Iterator[Finding]:
    """Allow leaves everything out, and so grants nothing.

    ## Why it matters

    `NotAction` and `NotResource` stand for all that they do not list. With `*`
    in the list nothing is left: the statement, which looks broad, grants
    nothing at all.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:PutObject", "s3:DeleteObject"],
        "NotResource": ["arn:aws:s3:::reports/*", "*"]
                                                  ^^^ nothing is outside `*`: the statement grants nothing
      }
    }
    ```

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "NotAction": "*:*",
                     ^^^^^ nothing is outside `*:*`: the statement grants nothing
        "Resource": "*"
      }
    }
    ```

    A Deny of this kind is worse, and another rule's: `deny-of-nothing`.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {"Effect": "Allow", "NotAction": "s3:*", "NotResource": "arn:aws:s3:::reports/*"}
    }
    ```

    ## References

    - [IAM JSON policy elements: NotAction](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html)
    - [IAM JSON policy elements: NotResource](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html)
    """
    for entry in (*statement.not_actions, *statement.not_resources):
        if entry.is_everything or _is_any_action(entry.text):
            yield Finding(
                entry.at,
                f"nothing is outside `{entry}`: the statement grants nothing",
                help="list what is to be left out, or write the element without `Not`",
            )


def _is_any_action(text: str) -> bool:
    service, _, name = text.partition(":")
    return bool(service and name) and not (service + name).strip("*")
