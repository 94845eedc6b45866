from collections.abc import Iterator, Mapping
from functools import lru_cache

from iamlint.rule import Context, Finding, Pattern, PolicyKind, Severity, Statement, rule

BUYS: Mapping[str, str] = {
    "aws-marketplace:Subscribe": "any product of AWS Marketplace",
    "devicefarm:PurchaseOffering": "device slots",
    "dynamodb:PurchaseReservedCapacityOfferings": "capacity for one or three years",
    "ec2:PurchaseCapacityBlock": "GPU capacity in advance",
    "ec2:PurchaseHostReservation": "hosts for one or three years",
    "ec2:PurchaseReservedInstancesOffering": "instances for one or three years",
    "elasticache:PurchaseReservedCacheNodesOffering": "nodes for one or three years",
    "es:PurchaseReservedElasticsearchInstanceOffering": "instances for one or three years",
    "es:PurchaseReservedInstanceOffering": "instances for one or three years",
    "mediaconnect:PurchaseOffering": "bandwidth for a year",
    "medialive:PurchaseOffering": "channels for a year",
    "memorydb:PurchaseReservedNodesOffering": "nodes for one or three years",
    "outposts:CreateOrder": "racks and servers",
    "rds:PurchaseReservedDBInstancesOffering": "databases for one or three years",
    "redshift:PurchaseReservedNodeOffering": "nodes for one or three years",
    "route53domains:RegisterDomain": "domain names",
    "savingsplans:CreateSavingsPlan": "a savings plan of one or three years",
    "shield:CreateSubscription": "Shield Advanced for a year",
}
"""Actions that cannot be undone and cost money, and what they buy.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""
NAMES = frozenset(map(str.lower, BUYS))
SERVICES = frozenset(name.partition(":")[0] for name in BUYS)


@rule(
    "IAM413",
    on=Statement,
    severity=Severity.LOW,
    kinds=(PolicyKind.IDENTITY, PolicyKind.SESSION),
    needs=("Allow", "Action", "Resource"),
)
def purchase_commitment(statement: Statement, context: Context) -> Iterator[Finding]:
    """Money may be bound that does not come back.

    ## Why it matters

    Most of AWS costs by the hour and can be deleted. Reservations, savings plans
    and annual subscriptions cannot: one call binds an amount for up to three
    years. A wildcard such as `rds:P*`, or a grant that was meant for one product
    of AWS Marketplace, lets anyone with the policy make that call.

    ## Examples

    ```json bad
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": ["aws-marketplace:ViewSubscriptions", "aws-marketplace:Subscribe"],
                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^ `aws-marketplace:Subscribe` buys any product of AWS Marketplace
        "Resource": "*"
      }
    }
    ```

    A condition can name the products.

    ```json good
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Action": "aws-marketplace:Subscribe",
        "Resource": "*",
        "Condition": {"ForAllValues:StringEquals": {"aws-marketplace:ProductId": "prod-abcdefghijklm"}}
      }
    }
    ```

    ## References

    - [Controlling access to AWS Marketplace subscriptions](https://docs.aws.amazon.com/marketplace/latest/buyerguide/buyer-iam-users-groups-policies.html)
    - [Reserved Instances](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-reserved-instances.html)
    """
    if statement.any_resource is None or statement.conditions:
        return
    for entry in statement.entries_near(NAMES):
        names = [name for name in _bought(entry.key) if not context.policy.denies(name)]
        if names:
            yield Finding(
                entry.at,
                f"`{names[0]}` buys {BUYS[names[0]]}",
                why=f"others of its kind are {', '.join(names[1:])}" if names[1:] else "",
                help="leave buying to those who answer for the budget",
            )


@lru_cache(maxsize=4096)
def _bought(entry: str) -> tuple[str, ...]:
    """The purchases that an entry allows, if it does not allow its whole service anyway."""
    service, _, name = entry.partition(":")
    if service not in SERVICES or not name.strip("*"):
        return ()
    return tuple(bought for bought in BUYS if Pattern(entry, fold=True).matches(bought))
