"""Index: which statements of a principal are about an action, found without looking at all of them."""

from collections.abc import Iterable

from iamlint.policy import Pattern
from iamlint.reach.step import Ground


class Index:
    """Statements by the actions they name."""

    def __init__(self, grounds: Iterable[Ground]) -> None:
        self._named: dict[str, list[Ground]] = {}
        self._patterns: dict[str, list[tuple[Pattern, Ground]]] = {}
        self._wide: list[Ground] = []
        for ground in grounds:
            if ground.statement.has("NotAction"):
                self._wide.append(ground)
            for action in ground.statement.actions:
                self._add(action, ground)

    def _add(self, action: Pattern, ground: Ground) -> None:
        key = action.key
        service = key.partition(":")[0]
        if "*" in service or "?" in service:
            self._wide.append(ground)
        elif "*" in key or "?" in key:
            self._patterns.setdefault(service, []).append((action, ground))
        else:
            self._named.setdefault(key, []).append(ground)

    def of(self, action: str) -> list[Ground]:
        """The statements that take in an action, such as `iam:PassRole`; their resources and conditions aside."""
        key = action.lower()
        service = key.partition(":")[0]
        found = list(self._named.get(key, ()))
        found += (ground for pattern, ground in self._patterns.get(service, ()) if pattern.matches(key))
        found += (ground for ground in self._wide if ground.statement.applies_to_action(action))
        return list(dict.fromkeys(found)) if len(found) > 1 else found
