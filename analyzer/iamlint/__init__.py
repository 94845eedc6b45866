"""The IAM policy linter and least-privilege analyzer; the public API, loaded when first used.

`lint` judges policies, `authorize` decides requests, `compare` finds what changed, `suggest` writes minimal policies;
`iamlint.rule` and `iamlint.testing` are for rule packs.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from iamlint.api import authorize as authorize
    from iamlint.api import compare as compare
    from iamlint.api import lint as lint
    from iamlint.suggest import suggest as suggest

__all__ = ["authorize", "compare", "lint", "suggest"]

_HOMES = {
    "authorize": "iamlint.api",
    "compare": "iamlint.api",
    "lint": "iamlint.api",
    "suggest": "iamlint.suggest",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'iamlint' has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - `import iamlint` alone costs nothing

    return getattr(import_module(_HOMES[name]), name)
