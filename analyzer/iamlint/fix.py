"""Edits → text: changes exactly the stretches that a fix names and leaves every other byte. Writes no file.

So far for JSON; the source layer says where everything stands.
"""

import json
from collections.abc import Iterable
from typing import NamedTuple

from iamlint.rule import Edit, Fix
from iamlint.source.document import Child, Document
from iamlint.text import Pointer, Span

ORDER = tuple(
    "Version Id Statement Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition".split()  # noqa: SIM905
)
"""The order in which AWS's documentation writes the elements of a policy and of a statement."""


class Change(NamedTuple):
    """A stretch of the file and what stands there afterwards."""

    span: Span
    text: str


def apply(document: Document, fixes: Iterable[Fix]) -> str:
    """The text of the file after the fixes; of two that touch the same stretch, the first is made.

    Lint the result again to get the others: their findings are still there, or are gone for good.
    """
    made: list[Change] = []
    for fix in fixes:
        changes = [change(document, edit) for edit in fix.edits]
        if not any(_touch(one, other) for one in changes for other in made):
            made += changes
    text = document.file.text
    for span, replacement in sorted(made, reverse=True):
        text = text[: span.start] + replacement + text[span.end :]
    return text


def _touch(one: Change, other: Change) -> bool:
    if one.span == other.span:
        return True
    return one.span.start < other.span.end and other.span.start < one.span.end


def change(document: Document, edit: Edit) -> Change:
    """The stretch of the file that an edit changes, and its new text."""
    makers = {"remove": _removed, "replace": _replaced, "rename": _renamed, "insert": _inserted}
    return makers[edit.verb](document, edit)


def _removed(document: Document, edit: Edit) -> Change:
    siblings = document.children(edit.at.parent)
    index = next(i for i, child in enumerate(siblings) if child.at == edit.at)
    if index > 0:
        return Change(Span(siblings[index - 1].value.end, siblings[index].value.end), "")
    end = _start(siblings[1]) if len(siblings) > 1 else siblings[0].value.end
    return Change(Span(_start(siblings[0]), end), "")


def _replaced(document: Document, edit: Edit) -> Change:
    span = document.span(edit.at)
    return Change(span, document.encode(_written(document, span, edit.value)))


def _written(document: Document, span: Span, value: object) -> str:
    """A value as JSON; over several lines only where the old one was, and then indented as its line is."""
    text = document.file.text
    if "\n" not in text[span.start : span.end] or not isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    line = text[text.rfind("\n", 0, span.start) + 1 : span.start]
    indent = line[: len(line) - len(line.lstrip())]
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", f"\n{indent}")


def _renamed(document: Document, edit: Edit) -> Change:
    return Change(document.key_span(edit.at), document.encode(json.dumps(edit.value, ensure_ascii=False)))


def _inserted(document: Document, edit: Edit) -> Change:
    container, siblings = edit.at.parent, document.children(edit.at.parent)
    is_member = document.node(container).keys is not None
    body = json.dumps(edit.value, ensure_ascii=False)
    if is_member:
        body = f"{json.dumps(edit.at.last, ensure_ascii=False)}: {body}"
    body = document.encode(body)
    inside, comma = _inside(document, container), document.encode(",")
    if not siblings:
        return Change(inside, body)
    gap = _gap(document.file.text, inside, siblings, comma)
    index = _rank(siblings, edit.at.last) if is_member else min(int(edit.at.last), len(siblings))
    if index < len(siblings):
        at = _start(siblings[index])
        return Change(Span(at, at), f"{body}{comma}{gap}")
    end = siblings[-1].value.end
    return Change(Span(end, end), f"{comma}{gap}{body}")


def _inside(document: Document, container: Pointer) -> Span:
    """What stands between the brackets of a container, which may be encoded."""
    start, end = document.span(container)
    width = 1 if document.file.text[start] in "{[" else len(document.encode("{"))
    return Span(start + width, end - width)


def _gap(text: str, inside: Span, siblings: tuple[Child, ...], comma: str) -> str:
    """What stands between a comma and the next entry; of a container with one entry, what stands before that."""
    if len(siblings) > 1:
        between = text[siblings[0].value.end : _start(siblings[1])]
        return between.partition(comma if comma in between else ",")[2]
    return text[inside.start : _start(siblings[0])] or " " * (comma == ",")


def _rank(siblings: tuple[Child, ...], key: str) -> int:
    """Where among the members a new key customarily goes; one that has no customary place goes last."""
    if key not in ORDER:
        return len(siblings)
    later = ORDER[ORDER.index(key) + 1 :]
    return next((i for i, child in enumerate(siblings) if child.at.last in later), len(siblings))


def _start(child: Child) -> int:
    return (child.key or child.value).start
