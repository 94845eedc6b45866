from collections.abc import Iterator, Mapping
from functools import lru_cache

from iamlint.rule import Context, Finding, Pattern, PolicyKind, Related, Severity, Statement, rule

DOES: Mapping[str, str] = {
    "account:CloseAccount": "closes the account",
    "account:StartPrimaryEmailUpdate": "changes the email address of the root user",
    "account:AcceptPrimaryEmailUpdate": "changes the email address of the root user",
    "aws-portal:ModifyPaymentMethods": "changes how the bills are paid",
    "billing:UpdateIAMAccessPreference": "opens the bills to the account's users, or closes them",
    "ec2:DisableEbsEncryptionByDefault": "leaves new volumes of the account unencrypted",
    "ec2:DisableImageBlockPublicAccess": "lets images of the account become public",
    "ec2:DisableSnapshotBlockPublicAccess": "lets snapshots of the account become public",
    "organizations:CloseAccount": "closes accounts of the organization",
    "organizations:DeleteOrganization": "dissolves the organization",
    "organizations:DeletePolicy": "removes guardrails of the organization",
    "organizations:DetachPolicy": "removes guardrails of the organization",
    "organizations:DisablePolicyType": "removes guardrails of the organization",
    "organizations:LeaveOrganization": "takes the account out of its organization and guardrails",
    "organizations:RegisterDelegatedAdministrator": "makes another account an administrator of the organization",
    "organizations:RemoveAccountFromOrganization": "takes accounts out of the organization and its guardrails",
    "organizations:UpdatePolicy": "rewrites guardrails of the organization",
    "payments:CreatePaymentInstrument": "changes how the bills are paid",
    "payments:MakePayment": "pays bills",
    "payments:UpdatePaymentPreferences": "changes how the bills are paid",
    "s3:PutAccountPublicAccessBlock": "lets buckets of the account become public",
}
"""Actions on the account or the organization as a whole, and what they do.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsaccountmanagement.html
"""
NAMES = frozenset(map(str.lower, DOES))
SERVICES = frozenset(name.partition(":")[0] for name in DOES)


@rule(
    "IAM414",
    on=Statement,
    severity=Severity.MEDIUM,
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
    needs=("Allow", "Action", "Resource"),
)
def account_control(statement: Statement, context: Context) -> Iterator[Finding]:
    """Account or organization may be changed as a whole.

    ## Why it matters

    A few actions work on no resource but on all at once: they close the account,
    take it out from under the organization's guardrails, or switch off a
    protection everywhere. They belong to a handful of people, and no program
    needs them in daily work.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["organizations:Describe*", "organizations:Leave*"],
                                              ^^^^^^^^^^^^^^^^^^^^^^ `organizations:LeaveOrganization` takes the account out of its organization and guardrails
        "Resource": "*"
                    --- because of this
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": ["organizations:Describe*", "organizations:List*"], "Resource": "*"},
        {"Effect": "Allow", "Action": "organizations:CloseAccount", "Resource": "arn:aws:organizations::111122223333:account/o-a1b2c3d4e5/444455556666"}
      ]
    }
    ```

    ## References

    - [Actions, resources, and condition keys for AWS Organizations](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html)
    - [Best practices for the management account](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_best-practices_mgmt-acct.html)
    """
    resource = statement.any_resource
    if resource is None or statement.conditions:
        return
    found = {
        name: entry
        for entry in statement.entries_near(NAMES)
        for name in _done(entry.key)
        if not context.policy.denies(name)
    }
    if found:
        first, others = next(iter(found)), list(found)[1:]
        more = f" and {len(others) - 4} more" if len(others) > 4 else ""
        yield Finding(
            found[first].at,
            f"`{first}` {DOES[first]}",
            why=f"also allowed: {', '.join(others[:4])}{more}" if others else "",
            help="leave it to the administrators of the account",
            related=(Related(resource.at, "because of this"),),
        )


@lru_cache(maxsize=4096)
def _done(entry: str) -> tuple[str, ...]:
    """The actions of the table that an entry allows, if it does not allow its whole service anyway."""
    service, _, name = entry.partition(":")
    if service not in SERVICES or not name.strip("*"):
        return ()
    return tuple(action for action in DOES if Pattern(entry, fold=True).matches(action))
