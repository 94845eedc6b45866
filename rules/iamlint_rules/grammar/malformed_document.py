from collections.abc import Iterator

from iamlint.rule import ROOT, Context, Finding, Problem, Severity, rule


@rule("IAM001", on=Problem, severity=Severity.HIGH, aws="JSON_SYNTAX_ERROR", parliament="MALFORMED_JSON")
def malformed_document(problem: Problem, _: Context) -> Iterator[Finding]:
    """The document cannot be read as it stands.

    ## Why it matters

    AWS rejects text that is not strict JSON: a comma too many, a comment or a
    missing quote is enough. Tools that forgive such slips call a policy fine
    that can never be deployed. What can still be read is checked all the same.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow"
                        ^ a comma is missing
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
                                            ^ a comma before the closing bracket
      }
    }
    ```

    JSON has no comments; a `Sid` may say what a statement is for.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        // the nightly job reads its input
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ JSON has no comments
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Sid": "NightlyJobReadsItsInput",
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ## References

    - [Grammar of the IAM JSON policy language](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html)
    - [Troubleshoot IAM policies](https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_policies.html)
    """
    if problem.kind != "duplicate-key":
        aws = ("JSON_SYNTAX_ERROR",) if problem.kind in ("syntax", "number") else ()
        yield Finding(ROOT, problem.message, help=problem.help, aws=aws)
