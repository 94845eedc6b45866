"""JSON text → Document: the standard library for the value, our scanner once a place is needed. Knows no policies."""

import gc
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from iamlint.source.document import Document, Key, Node, Text
from iamlint.source.file import File, Offsets, Problem
from iamlint.source.json_scanner import DEPTH, json_blanks
from iamlint.text import Span

_LARGE = 1_000_000


def read_json(file: File, *, comments: bool = False, pages: bool = False) -> Document:
    """The document of a JSON file; whatever is wrong with it, there is one, with what could be read.

    Args:
        file: The file.
        comments: Whether it may have comments.
        pages: Whether it may be several documents, one after the other; they then are a list.
    """
    value, problems, root = _read(file.text, comments=comments, pages=pages)
    return Document(Text(file, file.text, lambda: root or _places(file.text, pages=pages)), value, problems)


def read_embedded(file: File, text: str, offsets: Callable[[], Offsets], encode: Callable[[str], str]) -> Document:
    """The document of JSON text that stands escaped inside a file; its places are those of the file."""
    value, problems, root = _read(text)
    source = Text(file, text, lambda: root or _places(text), offsets=offsets, encode=encode)
    return Document(source, value, tuple(problem.moved(source.outer) for problem in problems))


def _read(text: str, *, comments: bool = False, pages: bool = False) -> tuple[object, tuple[Problem, ...], Node | None]:
    right = True

    def members(pairs: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal right
        value = dict(pairs)
        right &= len(value) == len(pairs)
        return value

    def constant(name: str) -> float:  # NaN and Infinity, which the standard library takes
        nonlocal right
        right = False
        return float(name)

    try:
        with _no_collection(text):
            decoder = json.JSONDecoder(object_pairs_hook=members, parse_constant=constant)
            value = _pages(text, decoder) if pages else decoder.decode(text)
        if right and not _too_deep(text, value):
            return value, (), None
    except (ValueError, RecursionError):
        pass
    root, problems = _scan(text, comments=comments, pages=pages)
    return root.value, problems, root


def _pages(text: str, decoder: json.JSONDecoder) -> object:
    """The value of a text, or the list of the objects that follow each other in it."""
    values: list[object] = []
    position = json_blanks(text, 0)
    while position < len(text) or not values:
        value, end = decoder.raw_decode(text, position)
        values.append(value)
        position = json_blanks(text, end)
    if len(values) > 1 and not all(isinstance(value, dict) for value in values):
        raise ValueError("only objects are pages")
    return values if len(values) > 1 else values[0]


def _too_deep(text: str, value: object) -> bool:
    if text.count("{") + text.count("[") <= DEPTH:
        return False
    level, depth = [value], 0
    while level and depth <= DEPTH:
        containers = [
            item.values() if isinstance(item, dict) else item for item in level if isinstance(item, dict | list)
        ]
        level = [item for container in containers for item in container]
        depth += bool(containers)
    return depth > DEPTH


def _places(text: str, *, pages: bool = False) -> Node:
    """The nodes of text that is known to be right, without their values."""
    if not pages:
        from iamlint.source.json_places import places  # noqa: PLC0415 - most files never need a place

        return places(text)
    from iamlint.source.json_repair import Repairer  # noqa: PLC0415 - most files never need a place

    with _no_collection(text):
        return Repairer(text, values=False, pages=pages).scan()


@contextmanager
def _no_collection(text: str) -> Iterator[None]:
    """Keep the collector from going through the nodes of a large text again and again while they are made."""
    pause = len(text) > _LARGE and gc.isenabled()
    if pause:
        gc.disable()
    try:
        yield
    finally:
        if pause:
            gc.enable()


def _scan(text: str, *, comments: bool = False, pages: bool = False) -> tuple[Node, tuple[Problem, ...]]:
    from iamlint.source.json_repair import Repairer  # noqa: PLC0415 - most files never need a place

    scanner = Repairer(text, comments=comments, pages=pages)
    with _no_collection(text):
        root = scanner.scan()
    problems = [*scanner.problems, *_repeated(root)]
    return root, tuple(sorted(problems, key=lambda problem: problem.span))


def _repeated(root: Node) -> Iterator[Problem]:
    nodes = [root]
    while nodes:
        node = nodes.pop()
        nodes += node.children or ()
        yield from repeated(node.keys or ())


def repeated(keys: Sequence[Key]) -> Iterator[Problem]:
    """The keys that stand twice in one object."""
    if len({key.name for key in keys}) == len(keys):
        return
    first: dict[str, Span] = {}
    for key in keys:
        span = Span(key.start, key.end)
        if key.name in first:
            yield _duplicate(key.name, span, first[key.name])
        first.setdefault(key.name, span)


def _duplicate(name: str, span: Span, first: Span) -> Problem:
    return Problem(
        f"the key `{name}` stands twice",
        span,
        help="merge the two, or remove one",
        kind="duplicate-key",
        related=((first, "first here"),),
    )
