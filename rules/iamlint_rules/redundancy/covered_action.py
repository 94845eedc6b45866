from collections.abc import Iterator

from iamlint.rule import Context, Finding, Fix, Pattern, Pointer, Related, Severity, Statement, covered, remove, rule


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
                   --------- covers it
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
          -------------- covers it
          "S3:getobject",
          ^^^^^^^^^^^^^^ `s3:GetObject` already covers it and 1 more
          "s3:GETOBJECT"
          -------------- covered too
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
    if len(statement.actions) + len(statement.not_actions) < 2:
        return
    for actions, codes in ((statement.actions, None), (statement.not_actions, ())):
        groups: dict[Pointer, tuple[Pattern, list[Pattern]]] = {}
        for action, broader in covered(actions):
            groups.setdefault(broader.at, (broader, []))[1].append(action)
        for broader, (first, *others) in groups.values():
            more = f" and {len(others)} more" if others else ""
            yield Finding(
                first.at,
                f"`{broader}` already covers it{more}",
                related=(Related(broader.at, "covers it"), *(Related(each.at, "covered too") for each in others)),
                fix=Fix.safely("Remove what is covered", *(remove(each.at) for each in (first, *others))),
                aws=codes,
            )
