"""Diagnostics → text, one module per format; all have `render(report, style)`. Knows nothing of rules or policies."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module

from iamlint.diagnostic import Report

FORMATS = ("full", "concise", "json")


@dataclass(frozen=True, slots=True)
class Style:
    """How to write: with colours or not, in how many columns, and how much."""

    color: bool = False
    width: int = 120
    quiet: bool = False
    statistics: bool = False


Render = Callable[[Report, Style], Iterator[str]]


def renderer(name: str) -> Render:
    """The function that writes a format; only its module is imported."""
    render: Render = import_module(f"iamlint.report.{name}").render
    return render
