from collections.abc import Iterator

from iamlint.rule import Context, Finding, Fix, Severity, Statement, covered, remove, rule


@rule("IAM201", on=Statement, severity=Severity.LOW, aws="REDUNDANT_ACTION")
def covered_action(statement: Statement, _: Context) -> Iterator[Finding]:
    """Action is already covered by a broader one.

    ## Why it matters

    The narrow action grants nothing, yet it reads like a limit: reviewers
    think the list is tighter than it is, and deleting the broad action later
    silently leaves the narrow one behind.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:Get*", "s3:GetObject"],
                              ^^^^^^^^^^^^^^ `s3:Get*` already covers it
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:Get*"],
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    Upper and lower case make no difference, and writing an action twice
    grants it once.

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": [
          "s3:GetObject",
          "S3:getobject"
          ^^^^^^^^^^^^^^ `s3:GetObject` already covers it
        ],
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": [
          "s3:GetObject"
        ],
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    Patterns that merely overlap are fine: neither contains the other.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["s3:Get*", "s3:*Object"],
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ## References

    - [IAM JSON policy elements: Action](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html)
    - [Access Analyzer: redundant action](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
    """
    for actions, codes in ((statement.actions, None), (statement.not_actions, ())):
        for action, broader in covered(actions):
            yield Finding(
                action.at,
                f"`{broader}` already covers it",
                fix=Fix.safely("Remove the covered action", remove(action.at)),
                aws=codes,
            )
