"""Judged assertions → text, one module per format; all have `render(judged, style)`. Judges nothing."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from iamlint.questions.judging import Judgement
    from iamlint.report import Style

FORMATS = ("full", "json")


class Judged(NamedTuple):
    """All assertions, what kept some files from being judged, and how old AWS's data is."""

    judgements: "tuple[Judgement, ...]"
    errors: tuple[str, ...] = ()
    catalogue: str = ""


Render = Callable[[Judged, "Style"], Iterator[str]]


def renderer(name: str) -> Render:
    """The function that writes a format; only its module is imported."""
    render: Render = import_module(f"iamlint.report.assertions.{name}").render
    return render
