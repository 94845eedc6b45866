"""AWS facts behind one small API: services, actions, resource types, condition keys. Knows no policy and no rule."""

from iamlint.catalog.catalog import Catalog, load
from iamlint.catalog.regions import REGIONS
from iamlint.catalog.service import Service
from iamlint.catalog.values import Action, ConditionKey, Operation, ResourceType, ResourceUse

__all__ = [
    "REGIONS",
    "Action",
    "Catalog",
    "ConditionKey",
    "Operation",
    "ResourceType",
    "ResourceUse",
    "Service",
    "load",
]
