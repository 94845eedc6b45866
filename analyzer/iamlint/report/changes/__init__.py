"""Changes → text, one module per format; all have `render(changes, style)`. Compares nothing."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iamlint.questions.changes import Changes
    from iamlint.report import Style

FORMATS = ("full", "concise", "json", "markdown")

Render = Callable[["Changes", "Style"], Iterator[str]]


def renderer(name: str) -> Render:
    """The function that writes a format; only its module is imported."""
    render: Render = import_module(f"iamlint.report.changes.{name}").render
    return render
