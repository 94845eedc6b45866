from collections.abc import Iterator

from iamlint.rule import Context, Finding, Severity, Statement, rule


@rule("IAM801", on=Statement, severity=Severity.INFO)
def missing_sid(statement: Statement, _: Context) -> Iterator[Finding]:
    """Statement has no Sid.

    ## Why it matters

    A Sid says what a statement is for, names it in reviews and suppressions, and
    stays the same when statements move.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the statement has no Sid
      ]
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Sid": "ReadReports", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}
      ]
    }
    ```

    ## References

    - [IAM JSON policy elements: Sid](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html)
    """
    if not statement.has("Sid"):
        yield Finding(statement.at, "the statement has no Sid", help="say in a word or two what it is for")
