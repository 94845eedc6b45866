"""Public or not: policies, each with the page of AWS that it is judged by, and what kind of stranger it lets in."""

from typing import Any, NamedTuple

import pytest

from iamlint.catalog import load
from iamlint.engine import CallerKind
from iamlint.engine.public import is_public
from iamlint.policy import Policy, PolicyKind

Json = dict[str, Any]
DOCS = "https://docs.aws.amazon.com/"
S3 = DOCS + "AmazonS3/latest/userguide/access-control-block-public-access.html"
EFS = DOCS + "efs/latest/ug/access-control-block-public-access.html"
KEYS = DOCS + "IAM/latest/UserGuide/reference_policies_condition-keys.html"
OPERATORS = DOCS + "IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"
SETS = DOCS + "IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html"
PRINCIPAL = DOCS + "IAM/latest/UserGuide/reference_policies_elements_principal.html"
NOT_PRINCIPAL = DOCS + "IAM/latest/UserGuide/reference_policies_elements_notprincipal.html"
LOGIC = DOCS + "IAM/latest/UserGuide/reference_policies_evaluation-logic.html"
VARIABLES = DOCS + "IAM/latest/UserGuide/reference_policies_variables.html"
FILTERS = DOCS + "IAM/latest/UserGuide/access-analyzer-reference-filter-keys.html"
SHARED = DOCS + "IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html"
COGNITO = DOCS + "cognito/latest/developerguide/identity-pools-security-best-practices.html"
CHECK = DOCS + "access-analyzer/latest/APIReference/API_CheckNoPublicAccess.html"
CONFIG = DOCS + "config/latest/developerguide/lambda-function-public-access-prohibited.html"
DEPUTY = DOCS + "IAM/latest/UserGuide/confused-deputy.html"

ANYBODY, ROLE, SERVICE, TOKEN = CallerKind.ANONYMOUS, CallerKind.ROLE, CallerKind.SERVICE, CallerKind.FEDERATED
USER, NOBODY = CallerKind.USER, None


class Case(NamedTuple):
    """A policy and who, outside what it fixes, it lets in."""

    name: str
    page: str
    outsider: CallerKind | None
    statements: tuple[Json, ...]
    kind: PolicyKind = PolicyKind.RESOURCE
    version: str = "2012-10-17"


def allow(condition: Json | None = None, **more: object) -> Json:
    """An Allow statement of a bucket policy, for everyone if nothing else is said."""
    raw: Json = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    return raw | ({"Condition": condition} if condition else {}) | more


def deny(condition: Json | None = None, **more: object) -> Json:
    """The same as a Deny of everything."""
    return allow(condition, **({"Effect": "Deny", "Action": "*", "Resource": "*"} | more))


def without_principal(raw: Json) -> Json:
    """A statement that is to have a NotPrincipal."""
    return {element: value for element, value in raw.items() if element != "Principal"}


def of(action: object, condition: Json | None = None, **more: object) -> Json:
    """An Allow statement for everyone, of another service."""
    return allow(condition, **({"Action": action, "Resource": "*"} | more))


def trust(principal: object, condition: Json | None = None, action: str = "sts:AssumeRole") -> tuple[Json, ...]:
    """The statement of a trust policy."""
    raw: Json = {"Effect": "Allow", "Principal": principal, "Action": action}
    return (raw | ({"Condition": condition} if condition else {}),)


def web(issuer: str, condition: Json | None = None) -> tuple[Json, ...]:
    """A trust policy for those who have a token of an identity provider."""
    arn = f"arn:aws:iam::111122223333:oidc-provider/{issuer}"
    return trust({"Federated": arn}, condition, "sts:AssumeRoleWithWebIdentity")


def equals(key: str, *values: str, operator: str = "StringEquals") -> Json:
    """A condition on one key."""
    return {operator: {key: list(values)}}


def like(key: str, *values: str) -> Json:
    """The same with wildcards."""
    return equals(key, *values, operator="StringLike")


def arn_like(key: str, *values: str) -> Json:
    """The same for ARNs."""
    return equals(key, *values, operator="ArnLike")


def on(page: str, outsider: CallerKind | None, condition: Json, name: str) -> Case:
    """A bucket policy for everyone under one condition."""
    return Case(name, page, outsider, (allow(condition),))


ORG, ARN, VPC, IP = "aws:PrincipalOrgID", "aws:PrincipalArn", "aws:SourceVpc", "aws:SourceIp"
SOURCE, PATHS = "aws:SourceArn", "aws:PrincipalOrgPaths"
GITHUB, TRUST = "token.actions.githubusercontent.com", PolicyKind.TRUST

WHO = (
    Case("everyone", S3, ANYBODY, (allow(),)),
    Case("everyone, as a type", PRINCIPAL, ANYBODY, (allow(Principal={"AWS": "*"}),)),
    Case("an account", PRINCIPAL, NOBODY, (allow(Principal={"AWS": "111122223333"}),)),
    Case("many accounts", PRINCIPAL, NOBODY, (allow(Principal={"AWS": ["123456789012", "999988887777", "444455556666",
         "777788889999", "000000000000"]}),)),
    Case("a role", PRINCIPAL, NOBODY, (allow(Principal={"AWS": "arn:aws:iam::111122223333:role/r"}),)),
    Case("a session", PRINCIPAL, NOBODY, (allow(Principal={"AWS": "arn:aws:sts::111122223333:assumed-role/r/s"}),)),
    Case("a user pattern, which names nobody", PRINCIPAL, NOBODY,
         (allow(Principal={"AWS": "arn:aws:iam::111122223333:user/*"}),)),
    Case("a canonical user", PRINCIPAL, NOBODY, (allow(Principal={"CanonicalUser": "79a59df900b949e55d96a1e698fb"}),)),
    Case("a service", S3, NOBODY, (allow(Principal={"Service": "cloudtrail.amazonaws.com"}),)),
    Case("Facebook's users", S3, TOKEN, (allow(Principal={"Federated": "graph.facebook.com"}),)),
    Case("everyone but a role", NOT_PRINCIPAL, ANYBODY,
         (without_principal(allow()) | {"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:role/r"}},)),
    Case("an account beside everyone", S3, ANYBODY, (allow(Principal={"AWS": "111122223333"}), allow())),
    Case("nothing is allowed", LOGIC, NOBODY, (deny(),)),
    Case("a user name, which every account may have", KEYS, USER, (allow(equals("aws:username", "alice")),)),
)  # fmt: skip

FIXED = (
    on(S3, NOBODY, equals(ORG, "o-a1b2c3d4e5"), "an organization"),
    on(S3, NOBODY, equals("AWS:principalorgid", "o-a1b2c3d4e5"), "an organization, the key in another case"),
    on(S3, NOBODY, equals(ORG, "o-a1b2c3d4e5", "o-f6a7b8c9d0"), "two organizations"),
    on(S3, NOBODY, like(ORG, "o-a1b2c3d4e5"), "an organization, by a pattern without wildcards"),
    on(S3, ROLE, like(ORG, "*"), "any organization"),
    on(S3, ROLE, like(ORG, "o-*"), "any organization, spelled out"),
    on(S3, ROLE, like(ORG, "o-a1b2*"), "organizations that begin alike"),
    on(S3, ANYBODY, equals(ORG, "o-a1b2c3d4e5", operator="StringNotEquals"), "all organizations but one"),
    on(OPERATORS, ANYBODY, equals(ORG, "o-a1b2c3d4e5", operator="StringEqualsIfExists"), "if in an organization, ours"),
    on(OPERATORS, ROLE, equals(ORG, "false", operator="Null"), "any organization, by Null"),
    on(OPERATORS, ANYBODY, equals(ORG, "true", operator="Null"), "no organization"),
    on(S3, NOBODY, equals(VPC, "vpc-91237329"), "a VPC"),
    on(S3, ANYBODY, like(VPC, "vpc-*"), "any VPC"),
    on(S3, NOBODY, equals(VPC, "vpc-*"), "a VPC that is literally called so"),
    on(OPERATORS, ANYBODY, equals(VPC, "vpc-91237329", operator="StringEqualsIfExists"), "a VPC, or the internet"),
    on(OPERATORS, ANYBODY, equals(VPC, "vpc-91237329", operator="StringNotEquals"), "not from a VPC"),
    on(S3, NOBODY, equals("aws:SourceVpce", "vpce-1a2b3c4d"), "a VPC endpoint"),
    on(KEYS, NOBODY, equals("aws:VpceOrgID", "o-a1b2c3d4e5"), "VPC endpoints of an organization"),
    on(KEYS, NOBODY, arn_like("aws:SourceVpcArn", "arn:aws:ec2:*:111122223333:vpc/*"), "the VPCs of an account"),
    on(S3, NOBODY, equals("aws:SourceAccount", "111122223333"), "on behalf of an account"),
    on(S3, NOBODY, equals("aws:SourceOwner", "111122223333"), "on behalf of an account, by the old key"),
    on(S3, SERVICE, like("aws:SourceAccount", "*"), "on behalf of any account"),
    on(KEYS, NOBODY, equals("aws:PrincipalAccount", "111122223333"), "an account, by a condition"),
    on(KEYS, ROLE, like("aws:PrincipalAccount", "1111*"), "accounts that begin alike"),
    on(FILTERS, NOBODY, equals(ARN, "arn:aws:iam::111122223333:role/r"), "a role, by a condition"),
    on(FILTERS, NOBODY, arn_like(ARN, "arn:aws:iam::111122223333:role/*"), "the roles of an account"),
    on(FILTERS, NOBODY, like(ARN, "arn:aws:iam::111122223333:*"), "the principals of an account"),
    on(FILTERS, ROLE, arn_like(ARN, "arn:aws:iam::*:role/admin"), "the role of a name, in any account"),
    on(FILTERS, ROLE, like(ARN, "*:role/admin"), "the role of a name, as text"),
    on(S3, NOBODY, equals("aws:userid", "AIDACKCEVSQ6C2EXAMPLE"), "a user's id"),
    on(KEYS, NOBODY, like("aws:userid", "AROACKCEVSQ6C2EXAMPLE:*"), "the sessions of a role's id"),
    on(S3, ROLE, like("aws:userid", "*:alice"), "sessions of a name, of any role"),
    on(S3, NOBODY, equals("s3:DataAccessPointAccount", "111122223333"), "the access points of an account"),
    on(S3, NOBODY, arn_like("s3:DataAccessPointArn", "arn:aws:s3:us-west-2:111122223333:accesspoint/*"),
       "the access points of an account, by ARN"),
    on(S3, ANYBODY, arn_like("s3:DataAccessPointArn", "arn:aws:s3:us-west-2:*:accesspoint/x"),
       "access points of any account"),
    on(S3, NOBODY, equals("s3:x-amz-server-side-encryption-aws-kms-key-id", "arn:aws:kms:eu-west-1:111122223333:key/1"),
       "encrypted under a key"),
)  # fmt: skip

SOURCES = (
    on(S3, NOBODY, arn_like(SOURCE, "arn:aws:sns:eu-west-1:111122223333:topic"), "a topic"),
    on(DEPUTY, NOBODY, arn_like(SOURCE, "arn:aws:sns:*:111122223333:*"), "the topics of an account"),
    on(S3, NOBODY, arn_like(SOURCE, "arn:aws:s3:::amzn-s3-demo-bucket"), "a bucket, whose ARN has no account"),
    on(S3, NOBODY, arn_like(SOURCE, "arn:aws:s3:*:*:amzn-s3-demo-bucket"), "a bucket, with wildcards for nothing"),
    on(S3, SERVICE, arn_like(SOURCE, "arn:aws:s3:::*"), "any bucket"),
    on(S3, SERVICE, arn_like(SOURCE, "arn:aws:s3:::amzn-*"), "buckets that begin alike"),
    on(S3, SERVICE, arn_like(SOURCE, "arn:aws:sns:eu-west-1:*:topic"), "a topic of any account"),
    on(OPERATORS, SERVICE, like(SOURCE, "arn:aws:*:111122223333:*"), "an account anywhere in the text"),
    on(OPERATORS, ANYBODY, equals(SOURCE, "arn:aws:s3:::b", operator="ArnLikeIfExists"), "a source, or none"),
    on(KEYS, NOBODY, equals("aws:SourceOrgID", "o-a1b2c3d4e5"), "on behalf of an organization"),
)

ADDRESSES = (
    on(S3, NOBODY, equals(IP, "203.0.113.0/24", operator="IpAddress"), "a range"),
    on(S3, NOBODY, equals(IP, "203.0.113.7", operator="IpAddress"), "an address"),
    on(S3, NOBODY, equals(IP, "10.0.0.0/8", operator="IpAddress"), "the widest range that is fixed"),
    on(S3, ANYBODY, equals(IP, "12.0.0.0/7", operator="IpAddress"), "a range wider than /8"),
    on(S3, ANYBODY, equals(IP, "0.0.0.0/1", "128.0.0.0/1", operator="IpAddress"), "the internet in halves"),
    on(S3, ANYBODY, equals(IP, "0.0.0.0/0", operator="IpAddress"), "the internet"),
    on(S3, ANYBODY, equals(IP, "203.0.113.0/24", "::/0", operator="IpAddress"), "a range, and all of IPv6"),
    on(S3, NOBODY, equals(IP, "2001:db8::/32", operator="IpAddress"), "a range of IPv6"),
    on(S3, ANYBODY, equals(IP, "2001::/16", operator="IpAddress"), "a range of IPv6 wider than /32"),
    on(OPERATORS, ANYBODY, equals(IP, "203.0.113.0/24", operator="NotIpAddress"), "all but a range"),
    on(OPERATORS, ANYBODY, equals(IP, "203.0.113.0/24", operator="IpAddressIfExists"), "a range, or a VPC endpoint"),
    on(KEYS, ANYBODY, equals("aws:VpcSourceIp", "10.0.0.0/16", operator="IpAddress"), "a range of anybody's VPC"),
    Case("a range with a hole", S3, NOBODY,
         (allow({"IpAddress": {IP: "203.0.113.0/24"}, "NotIpAddress": {IP: "203.0.113.7/32"}}),)),
)  # fmt: skip

MANY = (
    on(SETS, NOBODY, equals(PATHS, "o-a1b2c3d4e5/*", operator="ForAnyValue:StringLike"), "a path of an organization"),
    on(SETS, ROLE, equals(PATHS, "o-*/r-ab12/*", operator="ForAnyValue:StringLike"), "a root of any organization"),
    on(SETS, ANYBODY, equals(PATHS, "o-a1b2c3d4e5/*", operator="ForAllValues:StringLike"), "all paths, so none too"),
    on(SETS, NOBODY, equals(PATHS, "o-a1b2c3d4e5/*", operator="ForAllValues:StringLike")
       | equals(PATHS, "false", operator="Null"), "all paths, and there is one"),
    on(SETS, ANYBODY, equals(ORG, "o-a1b2c3d4e5", operator="ForAllValues:StringEquals"), "one value, so none too"),
    on(SETS, NOBODY, equals(ORG, "o-a1b2c3d4e5", operator="ForAnyValue:StringEquals"), "one value as if of many"),
    on(SETS, ANYBODY, equals(VPC, "vpc-91237329", operator="ForAllValues:StringLike"), "a VPC, so none too"),
)  # fmt: skip

NOT_WHO = (
    on(KEYS, ANYBODY, equals("aws:SecureTransport", "true", operator="Bool"), "encrypted"),
    on(KEYS, ANYBODY, like("aws:Referer", "https://example.com/*"), "a referer, which anyone can send"),
    on(KEYS, ANYBODY, equals("aws:UserAgent", "secret"), "a user agent, which anyone can send"),
    on(KEYS, ROLE, equals("aws:PrincipalTag/team", "blue"), "a tag, which anyone can set"),
    on(KEYS, ROLE, equals("aws:MultiFactorAuthPresent", "true", operator="Bool"), "with MFA"),
    on(KEYS, ROLE, equals("aws:PrincipalType", "AssumedRole"), "a kind of principal"),
    on(KEYS, ANYBODY, {"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}, "for some time"),
    on(KEYS, ANYBODY, equals("aws:ResourceAccount", "111122223333"), "what belongs to an account"),
    on(KEYS, ANYBODY, equals("s3:ExistingObjectTag/public", "yes"), "objects that are tagged"),
    on(DEPUTY, NOBODY, equals("aws:PrincipalIsAWSService", "true", operator="Bool"), "AWS services"),
    on(OPERATORS, NOBODY, {"StringBegins": {ORG: "o-"}}, "an operator that AWS lacks, so never"),
)

OUR_OWN = (
    on(VARIABLES, NOBODY, equals("aws:PrincipalAccount", "${aws:ResourceAccount}"), "the owner's account"),
    on(VARIABLES, NOBODY, equals(ORG, "${aws:ResourceOrgID}"), "the owner's organization"),
    on(S3, ROLE, equals(ORG, "${aws:PrincipalTag/org}"), "a variable that the caller sets"),
    on(S3, ROLE, arn_like(ARN, "arn:aws:iam::${aws:PrincipalAccount}:role/r"), "a role of the caller's own account"),
    on(VARIABLES, ANYBODY, equals(VPC, "${aws:SourceVpc}"), "a VPC that is itself"),
    Case("a variable where none counts", VARIABLES, NOBODY, (allow(equals(ORG, "${aws:ResourceOrgID}")),),
         version="2008-10-17"),
)  # fmt: skip

FENCED = (
    Case("outsiders of an organization are denied", LOGIC, NOBODY,
         (allow(), deny(equals(ORG, "o-a1b2c3d4e5", operator="StringNotEquals")))),
    Case("outsiders of an organization are denied, if they have one", OPERATORS, ANYBODY,
         (allow(), deny(equals(ORG, "o-a1b2c3d4e5", operator="StringNotEqualsIfExists")
                        | equals(ORG, "false", operator="Null")))),
    Case("services pass the fence", LOGIC, NOBODY,
         (allow(), deny(equals(ORG, "o-a1b2c3d4e5", operator="StringNotEqualsIfExists")
                        | equals("aws:PrincipalIsAWSService", "false", operator="BoolIfExists")))),
    Case("a fence that anonymous callers slip through", OPERATORS, ANYBODY,
         (allow(), deny(like(ARN, "arn:aws:iam::*")
                        | equals(ORG, "o-a1b2c3d4e5", operator="StringNotEquals")))),
    Case("a fence around another action", LOGIC, ANYBODY,
         (allow(), deny(equals(ORG, "o-a1b2c3d4e5", operator="StringNotEquals"), Action="s3:PutObject"))),
    Case("a fence around half of the objects", LOGIC, ANYBODY,
         (allow(), deny(equals(ORG, "o-a1b2c3d4e5", operator="StringNotEquals"), Resource="arn:aws:s3:::b/in/*"))),
    Case("one organization is denied", LOGIC, ANYBODY, (allow(), deny(equals(ORG, "o-a1b2c3d4e5")))),
    Case("one account is denied", LOGIC, ANYBODY, (allow(), deny(Principal={"AWS": "111122223333"}))),
    Case("outsiders of a VPC are denied", S3, NOBODY,
         (allow(), deny(equals("aws:SourceVpce", "vpce-1a2b3c4d", operator="StringNotEquals")))),
    Case("outsiders of any VPC are denied", S3, ANYBODY,
         (allow(), deny(equals("aws:SourceVpce", "true", operator="Null")))),
    Case("outsiders of a range are denied", S3, NOBODY,
         (allow(), deny(equals(IP, "203.0.113.0/24", operator="NotIpAddress")))),
    Case("outsiders of a range are denied, if there is an address", OPERATORS, ANYBODY,
         (allow(), deny({"NotIpAddressIfExists": {IP: "203.0.113.0/24"}, "Null": {IP: "false"}}))),
    Case("outsiders of a range are denied, but not through a service", LOGIC, ANYBODY,
         (allow(), deny({"NotIpAddress": {IP: "203.0.113.0/24"}, "Bool": {"aws:ViaAWSService": "false"}}))),
    Case("a range or a VPC", S3, NOBODY,
         (allow(), deny({"NotIpAddress": {IP: "203.0.113.0/24"}, "StringNotEquals": {VPC: "vpc-91237329"}}))),
    Case("plain HTTP is denied", KEYS, ANYBODY,
         (allow(), deny(equals("aws:SecureTransport", "false", operator="Bool")))),
    Case("all but a role are denied", NOT_PRINCIPAL, NOBODY,
         (allow(), deny(equals(ARN, "arn:aws:iam::111122223333:role/r", operator="ArnNotEquals")))),
    Case("all but a role are denied, by its name", NOT_PRINCIPAL, NOBODY,
         (allow(), without_principal(deny()) | {"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:role/r"}})),
    Case("nobody is not denied", NOT_PRINCIPAL, ANYBODY,
         (allow(), without_principal(deny()) | {"NotPrincipal": "*"})),
    Case("all paths are outside", SETS, NOBODY,
         (allow(), deny(equals(PATHS, "o-a1b2c3d4e5/*", operator="ForAllValues:StringNotLike")))),
    Case("some path is outside, so none passes", SETS, ANYBODY,
         (allow(), deny(equals(PATHS, "o-a1b2c3d4e5/*", operator="ForAnyValue:StringNotLike")))),
)  # fmt: skip

SERVICES = (
    Case("a queue", DOCS + "AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-sqs-policies.html",
         ANYBODY, (of("sqs:SendMessage"),)),
    Case("a queue for any topic", S3, SERVICE, (of("sqs:SendMessage", arn_like(SOURCE, "arn:aws:sns:*:*:*")),)),
    Case("a topic's default policy", DOCS + "sns/latest/dg/sns-access-policy-use-cases.html", NOBODY,
         (of(["sns:Publish", "sns:Subscribe"], equals("AWS:SourceOwner", "111122223333")),)),
    Case("a topic for any mailbox of a domain", DOCS + "sns/latest/dg/sns-access-policy-use-cases.html", ANYBODY,
         (of("sns:Subscribe", like("sns:Endpoint", "*@example.com")),)),
    Case("a key", DOCS + "kms/latest/developerguide/key-policies.html", ROLE, (of("kms:Decrypt"),)),
    Case("a key through a service only", DOCS + "kms/latest/developerguide/conditions-kms.html", ROLE,
         (of("kms:Decrypt", equals("kms:ViaService", "s3.us-east-1.amazonaws.com")),)),
    Case("an AWS managed key", DOCS + "kms/latest/developerguide/conditions-kms.html", NOBODY,
         (of("kms:Decrypt", {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com",
                                              "kms:CallerAccount": "111122223333"}}),)),
    Case("a function", CONFIG, ROLE, (of("lambda:InvokeFunction"),)),
    Case("a function for API Gateway", CONFIG, NOBODY,
         (of("lambda:InvokeFunction", Principal={"Service": "apigateway.amazonaws.com"}),)),
    Case("a function's address for all", DOCS + "lambda/latest/dg/urls-auth.html", ANYBODY,
         (of("lambda:InvokeFunctionUrl", equals("lambda:FunctionUrlAuthType", "NONE")),)),
    Case("a skill's function", DOCS + "lambda/latest/api/API_AddPermission.html", NOBODY,
         (of("lambda:InvokeFunction", equals("lambda:EventSourceToken", "amzn1.ask.skill.1")),)),
    Case("a secret", CHECK, ROLE, (of("secretsmanager:GetSecretValue"),)),
    Case("a repository", CHECK, ROLE, (of(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]),)),
    Case("a file system", EFS, ANYBODY, (of("elasticfilesystem:ClientMount"),)),
    Case("a file system by its mount targets", EFS, NOBODY,
         (of("elasticfilesystem:ClientMount", {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}),)),
    Case("a file system beside its mount targets", EFS, ANYBODY,
         (of("elasticfilesystem:ClientMount", {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "false"}}),)),
    Case("an archive", CHECK, ROLE, (of("glacier:InitiateJob"),)),
    Case("an API", DOCS + "apigateway/latest/developerguide/apigateway-resource-policies-examples.html", ANYBODY,
         (of("execute-api:Invoke"),)),
    Case("a private API", DOCS + "apigateway/latest/developerguide/apigateway-resource-policies-examples.html", NOBODY,
         (of("execute-api:Invoke"), deny(equals(VPC, "vpc-91237329", operator="StringNotEquals")))),
    Case("a search domain", DOCS + "opensearch-service/latest/developerguide/ac.html", ANYBODY,
         (of("es:ESHttp*"),)),
    Case("a search domain for a range", DOCS + "opensearch-service/latest/developerguide/ac.html", NOBODY,
         (of("es:*", equals(IP, "192.0.2.0/24", operator="IpAddress")),)),
    Case("a backup vault", DOCS + "aws-backup/latest/devguide/create-a-vault-access-policy.html", ROLE,
         (of("backup:CopyIntoBackupVault"),)),
    Case("a backup vault for an organization", DOCS + "aws-backup/latest/devguide/create-a-vault-access-policy.html",
         NOBODY, (of("backup:CopyIntoBackupVault", equals(ORG, "o-a1b2c3d4e5")),)),
    Case("an event bus", DOCS + "eventbridge/latest/userguide/eb-event-bus-perms.html", ROLE,
         (of("events:PutEvents", equals("events:source", "app")),)),
    Case("a catalogue", DOCS + "glue/latest/dg/security_iam_resource-based-policy-examples.html", ROLE,
         (of("glue:*"),)),
    Case("a package domain", CHECK, ROLE, (of("codeartifact:ReadFromRepository"),)),
    Case("a table", CHECK, ROLE, (of("dynamodb:GetItem"),)),
    Case("a stream", CHECK, ROLE, (of("kinesis:GetRecords"),)),
    Case("an action that is yet unknown", CHECK, ROLE, (of("newservice:DoThings"),)),
)  # fmt: skip

ROLES = (
    Case("everyone may assume", PRINCIPAL, ROLE, trust("*"), TRUST),
    Case("everyone who knows a word", DEPUTY, ROLE, trust({"AWS": "*"}, equals("sts:ExternalId", "12345")), TRUST),
    Case("everyone of an organization", KEYS, NOBODY, trust({"AWS": "*"}, equals(ORG, "o-a1b2c3d4e5")), TRUST),
    Case("an account may assume", DEPUTY, NOBODY, trust({"AWS": "arn:aws:iam::111122223333:root"}), TRUST),
    Case("a service may assume", PRINCIPAL, NOBODY, trust({"Service": "ec2.amazonaws.com"}), TRUST),
    Case("a SAML provider", PRINCIPAL, NOBODY,
         trust({"Federated": "arn:aws:iam::111122223333:saml-provider/idp"},
               equals("SAML:aud", "https://signin.aws.amazon.com/saml"), "sts:AssumeRoleWithSAML"), TRUST),
    Case("GitHub's customers", SHARED, TOKEN, web(GITHUB), TRUST),
    Case("GitHub's customers with the usual audience", SHARED, TOKEN,
         web(GITHUB, equals(f"{GITHUB}:aud", "sts.amazonaws.com")), TRUST),
    Case("a repository's branch", SHARED, NOBODY,
         web(GITHUB, equals(f"{GITHUB}:sub", "repo:octo-org/octo-repo:ref:refs/heads/main")), TRUST),
    Case("the repositories of an owner", SHARED, NOBODY, web(GITHUB, like(f"{GITHUB}:sub", "repo:octo-org/*")), TRUST),
    Case("the repositories of owners that begin alike", SHARED, TOKEN,
         web(GITHUB, like(f"{GITHUB}:sub", "repo:octo*")), TRUST),
    Case("the main branch of any repository", SHARED, TOKEN,
         web(GITHUB, like(f"{GITHUB}:sub", "repo:*:ref:refs/heads/main")), TRUST),
    Case("any subject", SHARED, TOKEN, web(GITHUB, like(f"{GITHUB}:sub", "*")), TRUST),
    Case("a subject, if there is one", OPERATORS, TOKEN,
         web(GITHUB, equals(f"{GITHUB}:sub", "repo:octo-org/octo-repo:*", operator="ForAllValues:StringLike")), TRUST),
    Case("an owner's id", SHARED, NOBODY, web(GITHUB, equals(f"{GITHUB}:repository_owner_id", "65")), TRUST),
    Case("a project of GitLab", SHARED, NOBODY,
         web("gitlab.com", like("gitlab.com:sub", "project_path:mygroup/*:ref_type:branch:ref:main")), TRUST),
    Case("a workspace's audience", SHARED, TOKEN,
         web("app.terraform.io", equals("app.terraform.io:aud", "aws.workload.identity")), TRUST),
    Case("an organization of Terraform", SHARED, NOBODY,
         web("app.terraform.io", like("app.terraform.io:sub", "organization:my-org:project:*")), TRUST),
    Case("a cluster of one's own", SHARED, NOBODY, web("oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"), TRUST),
    Case("any identity pool", COGNITO, TOKEN,
         trust({"Federated": "cognito-identity.amazonaws.com"},
               equals("cognito-identity.amazonaws.com:amr", "authenticated", operator="ForAnyValue:StringLike"),
               "sts:AssumeRoleWithWebIdentity"), TRUST),
    Case("an identity pool", COGNITO, NOBODY,
         trust({"Federated": "cognito-identity.amazonaws.com"},
               equals("cognito-identity.amazonaws.com:aud", "us-east-1:12345678-abcd-abcd-abcd-123456790ab"),
               "sts:AssumeRoleWithWebIdentity"), TRUST),
    Case("any user of Google", FILTERS, TOKEN,
         trust({"Federated": "accounts.google.com"}, action="sts:AssumeRoleWithWebIdentity"), TRUST),
    Case("an app of Google's", FILTERS, NOBODY,
         trust({"Federated": "accounts.google.com"}, equals("accounts.google.com:aud", "66677788899900pro0"),
               "sts:AssumeRoleWithWebIdentity"), TRUST),
)  # fmt: skip

CASES = (*WHO, *FIXED, *SOURCES, *ADDRESSES, *MANY, *NOT_WHO, *OUR_OWN, *FENCED, *SERVICES, *ROLES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_who_gets_access(case: Case) -> None:
    """The stranger of the kind that is expected, by a statement that allows; or nobody, for certain."""
    found = is_public(Policy({"Version": case.version, "Statement": list(case.statements)}, case.kind), load())

    assert (case.outsider, "") == (found.outsider, found.unknown), case.page
    assert bool(found) is (case.outsider is not None)
    assert all(grounds.statement.allows for grounds in found.granted_by)


def test_the_cases() -> None:
    """They are many, and none is told twice."""
    names = [case.name for case in CASES]

    assert len(names) >= 160
    assert sorted(set(names)) == sorted(names)
