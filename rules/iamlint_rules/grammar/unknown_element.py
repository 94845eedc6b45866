from collections.abc import Iterator, Mapping

from iamlint.rule import ROOT, Context, Finding, Fix, Pointer, Policy, PolicyKind, Severity, is_computed, rename, rule

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
POLICY = ("Version", "Id", "Statement")
STATEMENT = (
    *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"),
    *("Resource", "NotResource", "Condition"),
)
KNOWN = frozenset(STATEMENT)
REQUIRED = {
    "Version": "MISSING_VERSION",
    "Statement": "MISSING_STATEMENT",
    "Effect": "MISSING_EFFECT",
    "Action": "MISSING_ACTION",
    "Resource": "MISSING_RESOURCE",
    "Principal": "MISSING_PRINCIPAL",
}
OPTIONAL = {PolicyKind.TRUST: ("Resource",), PolicyKind.RESOURCE: (), PolicyKind.VPC_ENDPOINT: ()}
"""What a statement may lack, by kind; in all other kinds, the principal."""


@rule("IAM006", on=Policy, severity=Severity.HIGH, aws="INVALID_POLICY_ELEMENT", parliament="MALFORMED")
def unknown_element(policy: Policy, context: Context) -> Iterator[Finding]:
    """The policy has an element that the policy language does not know.

    ## Why it matters

    AWS rejects the policy. The names of elements are fixed, in the singular,
    and told apart by upper and lower case: `Conditions` or `action` is not
    passed over, and there is no element for a comment.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Actions": "s3:GetObject",
        ^^^^^^^^^ a statement has no element `Actions`
        "resource": "arn:aws:s3:::reports/*"
        ^^^^^^^^^^ a statement has no element `resource`
      }
    }
    ```

    ```json fixed
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    A description belongs into the `Id` of the policy or the `Sid` of a
    statement.

    ```json bad
    {
      "Version": "2012-10-17",
      "Description": "Input of the nightly job",
      ^^^^^^^^^^^^^ a policy has no element `Description`
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Id": "InputOfTheNightlyJob",
      "Statement": {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::reports/*"
      }
    }
    ```

    ## References

    - [Grammar of the IAM JSON policy language](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html)
    - [IAM JSON policy element reference](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html)
    """
    if context.is_repaired:
        return
    alone = "Effect" in policy.elements and "Statement" not in policy.elements  # no policy: missing-statement says so
    elements = {key: value for key, value in policy.elements.items() if not (alone and key in STATEMENT)}
    for key in elements:
        if key not in POLICY and not _is_no_name(key):
            yield _finding(ROOT / key, elements, POLICY, policy.kind)
    for statement in policy.statements:
        for key in () if KNOWN.issuperset(statement.raw) else statement.raw:
            if key not in STATEMENT and not _is_no_name(key):
                yield _finding(statement.at / key, statement.raw, STATEMENT, policy.kind)


def _finding(at: Pointer, around: Mapping[str, object], known: tuple[str, ...], kind: PolicyKind) -> Finding:
    key, what = at.last, "policy" if known is POLICY else "statement"
    elsewhere = key in (*POLICY, *STATEMENT)
    meant = None if elsewhere else _meant(key, known)
    advice = f"did you mean `{meant}`?" if meant else ""
    if elsewhere:
        advice = f"`{key}` belongs {'into a statement' if known is POLICY else 'beside `Statement`'}"
    return Finding(
        at,
        f"a {what} has no element `{key}`",
        why="AWS rejects the policy",
        help=advice,
        on_key=True,
        fix=Fix.risky(f"Rename it to {meant}", rename(at, meant)) if meant and meant not in around else None,
        aws=("INVALID_POLICY_ELEMENT", *_missed(meant, around, kind)),
    )


def _is_no_name(key: str) -> bool:
    """Whether it is a tool's placeholder, or without a letter, such as what an unclosed string leaves behind."""
    if key == "Ref" or is_computed(key):
        return True
    return not any(character.isalpha() for character in key)


def _meant(key: str, known: tuple[str, ...]) -> str | None:
    from difflib import get_close_matches  # noqa: PLC0415 - only for a slip

    folded = {name.lower(): name for name in known}
    letters = "".join(filter(str.isalpha, key.lower()))
    for name in (letters, letters.removesuffix("s"), *get_close_matches(letters, folded, 1, 0.8)):
        if name in folded:
            return folded[name]
    return None


def _missed(meant: str | None, raw: Mapping[str, object], kind: PolicyKind) -> Iterator[str]:
    """What AWS reports besides, as it does not guess what was meant; iamlint says it once."""
    element = (meant or "").removeprefix("Not")
    if element not in REQUIRED or element in raw or f"Not{element}" in raw:
        return
    if element not in OPTIONAL.get(kind, ("Principal",)):
        yield REQUIRED[element]
