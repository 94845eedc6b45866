"""Least privilege: the smallest policy for what is asked, drafted, bound and read back. Knows no file and no terminal.

The package can be called, so that `iamlint.suggest(actions=[…])` works whether or not the package has been imported
under the same name.
"""

import sys
from types import ModuleType
from typing import Any

from iamlint.suggest.grant import Grant
from iamlint.suggest.suggestion import Suggestion, suggest

__all__ = ["Grant", "Suggestion", "suggest"]


class _Callable(ModuleType):
    def __call__(self, *arguments: Any, **named: Any) -> Suggestion:
        return suggest(*arguments, **named)


sys.modules[__name__].__class__ = _Callable
