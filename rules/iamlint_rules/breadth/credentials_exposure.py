from collections.abc import Iterator, Mapping
from functools import lru_cache

from iamlint.rule import Confidence, Context, Finding, Pattern, PolicyKind, Related, Severity, Statement, rule

RETURNS: Mapping[str, str] = {
    "codepipeline:PollForJobs": "the keys to a pipeline's artifacts",
    "cognito-identity:GetOpenIdTokenForDeveloperIdentity": "tokens for any identity",
    "cognito-idp:DescribeUserPoolClient": "the secret of an app client",
    "connect:GetFederationToken": "a sign-in to a contact center",
    "ec2:GetPasswordData": "the administrator's password of a Windows instance, encrypted",
    "gamelift:GetInstanceAccess": "the keys to a server",
    "iam:CreateServiceSpecificCredential": "a user's password for a service",
    "iam:ResetServiceSpecificCredential": "a user's password for a service",
    "lightsail:DownloadDefaultKeyPair": "the private key to all instances",
    "lightsail:GetInstanceAccessDetails": "the keys to an instance",
    "lightsail:GetRelationalDatabaseMasterUserPassword": "the master password of a database",
    "rds-db:connect": "a sign-in to a database",
    "redshift-serverless:GetCredentials": "a sign-in to a database",
    "redshift:GetClusterCredentials": "a sign-in to a database as any user",
    "redshift:GetClusterCredentialsWithIAM": "a sign-in to a database",
}
"""Actions whose answer, or whose grant, is a secret.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""
NAMES = frozenset(map(str.lower, RETURNS))
SERVICES = frozenset(name.partition(":")[0] for name in RETURNS)


@rule(
    "IAM407",
    on=Statement,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
    needs=("Allow", "Action", "Resource"),
    parliament="CREDENTIALS_EXPOSURE",
)
def credentials_exposure(statement: Statement, context: Context) -> Iterator[Finding]:
    """Credentials of every resource may be fetched.

    ## Why it matters

    Some actions look like reading and return a password, a private key or a
    sign-in. A pattern such as `lightsail:Get*`, meant for reading, hands out
    the keys to the servers as well.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["lightsail:Get*", "ec2:Describe*"],
                   ^^^^^^^^^^^^^^^^ `lightsail:GetInstanceAccessDetails` gives out the keys to an instance
        "Resource": "*"
                    --- of every resource
      }
    }
    ```

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "rds-db:connect",
        "Resource": "arn:aws:rds-db:us-east-1:111122223333:dbuser:db-ABCDEFGHIJKL/app"
      }
    }
    ```

    ## References

    - [Actions, resources, and condition keys for AWS services](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
    """
    resource = statement.any_resource
    if resource is None or statement.conditions:
        return
    for action in statement.entries_near(NAMES):
        names = [name for name in _named(action.key) if not context.policy.denies(name)]
        if names:
            yield Finding(
                action.at,
                f"`{names[0]}` gives out {RETURNS[names[0]]}",
                why=f"so does {', '.join(names[1:])}" if names[1:] else "",
                related=(Related(resource.at, "of every resource"),),
            )


@lru_cache(maxsize=4096)
def _named(entry: str) -> tuple[str, ...]:
    """Which of these actions an entry allows; none if it allows its whole service anyway."""
    service, _, name = entry.partition(":")
    if service not in SERVICES or not name.strip("*"):
        return ()
    return tuple(action for action in RETURNS if Pattern(entry, fold=True).matches(action))
