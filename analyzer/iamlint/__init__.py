"""The IAM policy linter and least-privilege analyzer; the public API, loaded when first used.

`lint` judges policies, `suggest` writes minimal ones; `iamlint.rule` and `iamlint.testing` are for rule packs.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from iamlint.api import lint as lint
    from iamlint.suggest import suggest as suggest

__all__ = ["lint", "suggest"]

_HOMES = {"lint": "iamlint.api", "suggest": "iamlint.suggest"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'iamlint' has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - `import iamlint` alone costs nothing

    return getattr(import_module(_HOMES[name]), name)
