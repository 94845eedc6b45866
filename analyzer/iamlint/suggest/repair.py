"""What was amiss in policy_sentry's draft, told in words. Changes nothing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from iamlint.bridges.policy_sentry import Draft

if TYPE_CHECKING:
    from iamlint.catalog import Action, Catalog


def remarks(drafted: Draft, actions: Sequence["Action"], catalog: "Catalog") -> list[str]:
    """How the policy differs from the draft, and why."""
    if drafted.failure is not None:
        return [f"{drafted.author} made no draft ({drafted.failure}): the policy comes from the catalogue alone"]
    wanted = {action.name: _templates(action, catalog) for action in actions}
    added = [name for name in drafted.places if name not in wanted]
    wide = [name for name, places in drafted.places.items() if wanted.get(name) and "*" in places]
    missing = [name for name in wanted if name not in drafted.places]
    told = []
    if added:
        told.append(f"{drafted.author}'s draft had {', '.join(added)} too, removed because not asked for")
    if wide:
        told.append(f"{drafted.author}'s draft had {', '.join(wide)} on `*`, replaced because it can be limited")
    if missing:
        told.append(f"{drafted.author}'s draft lacked {', '.join(missing)}, added from the catalogue")
    return told


def _templates(action: "Action", catalog: "Catalog") -> frozenset[str]:
    service = catalog.service(action.service)
    if service is None:
        return frozenset()
    return frozenset(arn for use in action.resources for arn in service.resources[use.name.lower()].arns)
