from collections.abc import Iterator

from iamlint.rule import ROOT, Context, Finding, Problem, Severity, rule


@rule("IAM002", on=Problem, severity=Severity.HIGH, parliament="MALFORMED_JSON")
def duplicate_key(problem: Problem, _: Context) -> Iterator[Finding]:
    """A key stands twice in one object.

    ## Why it matters

    AWS rejects the policy. Most other JSON tools silently keep the last of the
    two, so a reviewer may see `"Effect": "Deny"` where a linter reads `Allow`,
    or find half of the conditions gone after a script has rewritten the file.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {
          "StringNotEquals": {"aws:PrincipalTag/team": "finance"},
          ----------------- first here
          "StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}
          ^^^^^^^^^^^^^^^^^ the key `StringNotEquals` stands twice
        }
      }
    }
    ```

    One operator may hold several keys, and one key a list of values.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Deny",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*",
        "Condition": {
          "StringNotEquals": {
            "aws:PrincipalTag/team": "finance",
            "aws:SourceVpce": ["vpce-1a2b3c4d", "vpce-5e6f7a8b"]
          }
        }
      }
    }
    ```

    ## References

    - [Conditions with multiple context keys or values](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html)
    - [Troubleshoot IAM policies: more than one element of a kind](https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_policies.html)
    """
    if problem.kind == "duplicate-key":
        yield Finding(
            ROOT, problem.message, why="AWS rejects it, and other tools keep only the last", help=problem.help
        )
