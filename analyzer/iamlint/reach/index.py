"""Index: which statements of a principal are about an action, found without looking at all of them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from iamlint.reach.step import Ground

if TYPE_CHECKING:
    from iamlint.policy import Pattern


class Index:
    """Statements by the actions they name."""

    def __init__(self, grounds: Iterable[Ground]) -> None:
        self._named: dict[str, list[Ground]] = {}
        self._patterns: dict[str, list[tuple[Pattern, Ground]]] = {}
        self._wide: list[Ground] = []
        self._known: dict[str, list[Ground]] = {}
        for ground in grounds:
            if "NotAction" in ground.statement.raw:
                self._wide.append(ground)
            for action in ground.statement.actions:
                key = action.key
                service = key.partition(":")[0]
                if "*" not in key and "?" not in key:
                    self._named.setdefault(key, []).append(ground)
                elif "*" in service or "?" in service:
                    self._wide.append(ground)
                else:
                    self._patterns.setdefault(service, []).append((action, ground))

    def of(self, action: str) -> list[Ground]:
        """The statements that take in an action, such as `iam:PassRole`; their resources and conditions aside."""
        found = self._known.get(action)
        if found is None:
            key = action.lower()
            found = [*self._named.get(key, ())]
            found += (g for pattern, g in self._patterns.get(key.partition(":")[0], ()) if pattern.matches(key))
            found += (g for g in self._wide if g.statement.applies_to_action(action))
            found = self._known[action] = list(dict.fromkeys(found))
        return found
