"""Index: which statements of a principal are about an action, found without looking at all of them."""

from collections.abc import Iterable
from typing import Final

from iamlint.policy import Pattern  # noqa: TC001
from iamlint.reach.step import Ground


class Index:
    """Statements by the actions they name."""

    def __init__(self, grounds: Iterable[Ground]) -> None:
        self._entries: dict[str, list[tuple[Pattern, Ground]]] = {}
        self._wide: list[Ground] = []
        self._known: dict[str, list[Ground]] = {}
        for ground in grounds:
            if "NotAction" in ground.statement.raw:
                self._wide.append(ground)
            for action in ground.statement.actions:
                service = action.key.partition(":")[0]
                if "*" in service or "?" in service:
                    self._wide.append(ground)
                else:
                    self._entries.setdefault(service, []).append((action, ground))
        self.services: Final = self._entries.keys()
        """The prefixes of the services that are named."""
        self.is_wide: Final = bool(self._wide)
        """Whether actions of other services may be meant too."""

    def of(self, action: str) -> list[Ground]:
        """The statements that take in an action, such as `iam:PassRole`; their resources and conditions aside."""
        if action not in self._known:
            service = action.partition(":")[0].lower()
            found = [ground for entry, ground in self._entries.get(service, ()) if entry.matches(action)]
            found += (ground for ground in self._wide if ground.statement.applies_to_action(action))
            self._known[action] = list(dict.fromkeys(found))
        return self._known[action]
