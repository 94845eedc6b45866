from collections.abc import Iterator

from iamlint.rule import Confidence, Context, Finding, PolicyKind, Severity, Statement, is_computed, rule

# Services whose guides ask for these keys in the trust policy of the role they assume, and that send them. EC2, Lambda
# and others that send none are not here.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#cross-service-confused-deputy-prevention
_NAMES = (
    "bedrock budgets codebuild datasync dms ecs-tasks elasticmapreduce fis glue iot kinesisanalytics logs "
    "monitoring.rds pipes resources.cloudformation sagemaker scheduler ssm states transfer vpc-flow-logs"
)
SENDING = frozenset(f"{name}.amazonaws.com" for name in _NAMES.split())
SOURCE = ("aws:source", "sts:externalid")


@rule(
    "IAM534",
    on=Statement,
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    kinds=(PolicyKind.TRUST,),
    needs=("Allow", "Principal"),
    pedantic=True,
)
def service_trust_without_source(statement: Statement, context: Context) -> Iterator[Finding]:
    """Service may assume the role for whomever it acts.

    ## Why it matters

    These services say for which account and resource they assume a role, and
    their guides ask to compare it, so that nobody can have the service work
    with a role of yours. The danger is small where a role can be passed only
    within its account, so this is reported only with `--pedantic`. Services
    that do not send these keys, EC2 above all, are never reported: with the
    condition they could not assume the role.

    ## Examples

    ```json bad trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "scheduler.amazonaws.com"},
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^ `scheduler.amazonaws.com` may assume the role for any customer of AWS
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "scheduler.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}
      }
    }
    ```

    ```json good trust
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]},
        "Action": "sts:AssumeRole"
      }
    }
    ```

    ## References

    - [The confused deputy problem: cross-service](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#cross-service-confused-deputy-prevention)
    - [EventBridge Scheduler: confused deputy prevention](https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html)
    """
    keys = {key for each in context.policy.statements for key in each.condition_keys()}
    if any(key.startswith(SOURCE) or is_computed(key) for key in keys):
        return
    for entry in statement.principals:
        if entry.type == "Service" and entry.value in SENDING:
            yield Finding(
                entry.at,
                f"`{entry}` may assume the role for any customer of AWS",
                help="add a condition on `aws:SourceAccount`, or on `aws:SourceArn`",
            )
