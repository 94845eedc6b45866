"""Requests as people read them: names in the spelling of the policies or of AWS. Decides nothing."""

from collections.abc import Iterable

from iamlint.catalog import Catalog
from iamlint.engine.request import Request
from iamlint.policy import Policy


def respelled(request: Request, policies: Iterable[Policy], catalog: Catalog) -> Request:
    """The same request, for show only: the engine knows keys, and actions that AWS lacks, in lower case."""
    statements = [statement for policy in policies for statement in policy.statements]
    action = request.action
    if catalog.action(action) is None:
        entries = (entry.text for s in statements for entry in (*s.actions, *s.not_actions))
        action = next((text for text in entries if text.lower() == action.lower()), action)
    written = {c.key_lower: c.key for s in statements for c in s.conditions} if request.context else {}
    context = {written.get(key) or _documented(key, catalog): values for key, values in request.context.items()}
    return request._replace(action=action, context=context)


def _documented(key: str, catalog: Catalog) -> str:
    known = catalog.condition_key(key)
    if known is None:
        return key
    head, slash, _ = known.name.partition("/")
    return f"{head}{slash}{key[len(head) + 1 :]}" if known.is_template else known.name
