"""The policy language as frozen values. Knows nothing of files, of AWS's catalogue, or of what is good or bad."""

from iamlint.policy.arn import Arn, arn_fields
from iamlint.policy.condition import Condition, ConditionValue, Operator
from iamlint.policy.cover import maybe_covered, sharing_action
from iamlint.policy.kind import PolicyKind
from iamlint.policy.model import Account, Attachment, Policy, Principal, PrincipalEntry, Statement
from iamlint.policy.pattern import Pattern, covered
from iamlint.policy.placeholder import is_computed, is_placeholder

__all__ = [
    "Account",
    "Arn",
    "Attachment",
    "Condition",
    "ConditionValue",
    "Operator",
    "Pattern",
    "Policy",
    "PolicyKind",
    "Principal",
    "PrincipalEntry",
    "Statement",
    "arn_fields",
    "covered",
    "is_computed",
    "is_placeholder",
    "maybe_covered",
    "sharing_action",
]
