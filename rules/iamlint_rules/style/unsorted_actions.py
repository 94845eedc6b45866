from collections.abc import Iterator

from iamlint.rule import Context, Finding, Fix, Severity, Statement, replace, rule


@rule("IAM803", on=Statement, severity=Severity.INFO)
def unsorted_actions(statement: Statement, _: Context) -> Iterator[Finding]:
    """Actions are not in alphabetical order.

    ## Why it matters

    In order, a list shows at a glance what is in it, what is there twice, and
    in a review what is new.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:PutObject", "s3:GetObject"],
                   ^^^^^^^^^^^^^^ `s3:GetObject` comes first
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject", "sqs:SendMessage"],
        "Resource": "*"
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Action](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html)
    """
    for element, patterns in (("Action", statement.actions), ("NotAction", statement.not_actions)):
        entries = statement.raw.get(element)
        texts = [pattern.text for pattern in patterns]
        ordered = sorted(texts, key=str.lower)
        late = next((pattern for pattern, text in zip(patterns, ordered, strict=True) if pattern.text != text), None)
        if late is not None and entries == texts:
            fix = Fix.safely("Sort the actions", replace(statement.element_at(element), ordered))
            yield Finding(late.at, f"`{ordered[texts.index(late.text)]}` comes first", fix=fix)
