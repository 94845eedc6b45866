"""Decisions → text, one module per format; all have `render(answer, style)`. Decides nothing."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iamlint.questions.requests import Answer
    from iamlint.report import Style

FORMATS = ("full", "json")

Render = Callable[["Answer", "Style"], Iterator[str]]


def renderer(name: str) -> Render:
    """The function that writes a format; only its module is imported."""
    render: Render = import_module(f"iamlint.report.decisions.{name}").render
    return render
