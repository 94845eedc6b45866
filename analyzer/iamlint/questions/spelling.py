"""Requests as people read them: condition keys in the spelling of the policies or of AWS. Decides nothing."""

from collections.abc import Iterable

from iamlint.catalog import Catalog
from iamlint.engine.request import Request
from iamlint.policy import Policy


def respelled(request: Request, policies: Iterable[Policy], catalog: Catalog) -> Request:
    """The same request, for show only: the engine knows the keys of its context in lower case."""
    if not request.context:
        return request
    written = {c.key_lower: c.key for policy in policies for s in policy.statements for c in s.conditions}
    context = {written.get(key) or _documented(key, catalog): values for key, values in request.context.items()}
    return request._replace(context=context)


def _documented(key: str, catalog: Catalog) -> str:
    known = catalog.condition_key(key)
    if known is None:
        return key
    head, slash, _ = known.name.partition("/")
    return f"{head}{slash}{key[len(head) + 1 :]}" if known.is_template else known.name
