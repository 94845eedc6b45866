"""What the YAML parser complains about, in our words and in the right place. Knows nothing of values."""

from typing import Any

from iamlint.source.file import Problem
from iamlint.text import Span

_QUOTE = "put the text in quotes"
_WORDS: tuple[tuple[str, str, str], ...] = (
    (
        "mapping values are not allowed",
        "a `:` is out of place",
        "quote the text if it belongs to it, or check the indentation",
    ),
    ("could not find expected ':'", "a `:` is missing after this key", "check the indentation of the lines around it"),
    ("found undefined tag handle", "the tag's handle is not declared", ""),
    (
        "found unknown escape character",
        "no escape that YAML knows",
        "write `\\\\` for a backslash, or use single quotes",
    ),
    ("did not find expected hexdecimal number", "an escape without its digits", "write `\\\\` for a backslash"),
    ("did not find expected ',' or ']'", "a `,` or `]` is missing", ""),
    ("did not find expected ',' or '}'", "a `,` or `}` is missing", ""),
    ("expected ',' or ']'", "a `,` or `]` is missing", ""),
    ("expected ',' or '}'", "a `,` or `}` is missing", ""),
    ("did not find expected '-' indicator", "a list item is expected", "check the indentation"),
    ("did not find expected key", "a key is expected", "check the indentation, and the quotes before it"),
    ("expected <block end>", "the indentation does not fit", ""),
    ("did not find expected node content", "a value is expected", ""),
    ("expected the node content", "a value is expected", ""),
    ("block sequence entries are not allowed", "a list item is out of place", "check the indentation"),
    ("did not find expected <document start>", "text after the end of the document", ""),
    ("expected '<document start>'", "text after the end of the document", ""),
    ("found a tab character", "a tab used for indentation", "YAML indents with spaces"),
    ("found unexpected document indicator", "the string is not closed before the document ends", ""),
    ("found duplicate anchor", "an anchor stands twice", ""),
    ("expected alphabetic or numeric character", "an alias or anchor without a name", _QUOTE),
    ("did not find expected alphabetic or numeric", "an alias or anchor without a name", _QUOTE),
)


def problem_of(error: Any, text: str) -> Problem:
    """The problem behind an error of the parser."""
    mark, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    told, about = getattr(error, "problem", None) or "", getattr(error, "context", None) or ""
    place = mark or context
    if place is None:
        return _unreadable(error, text)
    start = min(place.index, max(len(text) - 1, 0))
    related: tuple[tuple[Span, str], ...] = ()
    if context is not None and context.index < start:
        related = ((Span(context.index, context.index + 1), "it starts here"),)
    if "quoted scalar" in about and "escape" not in told and "hexdecimal" not in told:
        start = context.index if context else start
        return Problem("the string is not closed", Span(start, start + 1), "its closing quote is missing")
    if "cannot start any token" in told:
        return _no_token(text, start)
    if text[start : start + 1] == "\t" and not text[text.rfind("\n", 0, start) + 1 : start].strip(" "):
        return Problem("a tab used for indentation", Span(start, start + 1), "YAML indents with spaces")
    message, help_ = next(((ours, help_) for theirs, ours, help_ in _WORDS if theirs in told), (told or about, ""))
    return Problem(message, Span(start, start + 1), help_, related=related)


def _no_token(text: str, start: int) -> Problem:
    character = text[start : start + 1]
    span = Span(start, start + 1)
    if character == "\t":
        return Problem("a tab used for indentation", span, "YAML indents with spaces")
    return Problem(f"no value can start with `{character}`", span, _QUOTE)


def _unreadable(error: Any, text: str) -> Problem:
    """A character that YAML does not take; its place is told in characters or bytes, so look for it."""
    character = getattr(error, "character", None)
    code = ord(character) if isinstance(character, str) and character else character
    start = max(text.find(chr(code)), 0) if isinstance(code, int) else 0
    shown = f" U+{code:04X}" if isinstance(code, int) else ""
    return Problem(f"a control character{shown} that YAML does not take", Span(start, start + 1), "remove it")
