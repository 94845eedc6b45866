"""YAML text → Documents, one for each in the stream, from the parser's events. Knows nothing of policies or templates.

Only what JSON has is a value other than text: `2012-10-17`, `yes` and `012345678901` stay the text they are.
"""

import re
from typing import Any

import yaml

from iamlint.source.document import Document, Key, Node, Text
from iamlint.source.file import File, Problem
from iamlint.source.json_reader import repeated
from iamlint.source.json_scanner import DEPTH, NUMBER, scalar
from iamlint.source.yaml_errors import problem_of
from iamlint.text import Span

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST = 200_000  # values that aliases may add to those that are written
_PROPERTIES = re.compile(r"(?:&\S+\s+)+")
_RIGHT = re.compile(rf"{NUMBER}\Z")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
_CORE = "tag:yaml.org,2002:"


class Opaque:
    """A value only some tool can compute, such as `!Ref`, `!Sub` or `!vault`."""

    __slots__ = ("tag",)

    def __init__(self, tag: str) -> None:
        self.tag = tag

    def __repr__(self) -> str:
        return f"<{self.tag}>"


def read_yaml(file: File) -> tuple[Document, ...]:
    """The documents of a YAML file; after a syntax error, what was read before it."""
    builder = _Builder(file.text)
    builder.build()
    documents = builder.documents or [Node(0, len(file.text), None)]
    problems = tuple(sorted(builder.problems, key=lambda problem: problem.span))
    return tuple(_document(file, root, problems if index == 0 else ()) for index, root in enumerate(documents))


def _document(file: File, root: Node, problems: tuple[Problem, ...]) -> Document:
    return Document(Text(file, file.text, lambda: root, format="yaml"), root.value, problems)


class _Builder:
    """From events to nodes, without recursion, so that neither depth nor aliases can hurt."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.documents: list[Node] = []
        self.problems: list[Problem] = []
        self.stack: list[Node] = []
        self.pending: list[Key | None] = []  # beside the stack: the key whose value comes next
        self.tags: list[str | None] = []
        self.anchors: dict[str, Node] = {}
        self.sizes: dict[int, tuple[int, int]] = {}  # by id of a container: how many values it holds, how deep
        self.kept: list[Node] = []  # so that no id is given twice
        self.added = 0

    def build(self) -> None:
        """Read all that can be read."""
        try:
            for event in yaml.parse(self.text, Loader=_LOADER):
                if not self._event(event):
                    break
        except yaml.YAMLError as error:
            self.problems.append(problem_of(error, self.text))
        except (RecursionError, UnicodeEncodeError):
            self._refuse("this cannot be read as YAML", 0, "syntax")
        while self.stack:
            self._end(len(self.text.rstrip()))

    def _event(self, event: Any) -> bool:
        """Take an event in; false to stop."""
        kind, start = type(event), event.start_mark.index
        if kind is yaml.ScalarEvent:
            self._scalar(event, start, event.end_mark.index)
        elif kind is yaml.AliasEvent:
            return self._alias(event.anchor, start, event.end_mark.index)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            return self._start(event, start)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._end(event.end_mark.index if event.end_mark.index > start else None)
        elif kind is yaml.DocumentStartEvent:
            self.anchors = {}
        return True

    def _scalar(self, event: Any, start: int, end: int) -> None:
        if event.style in ("|", ">"):
            end = start + len(self.text[start:end].rstrip())
        plain = event.implicit[0] and not event.style  # None, or "" from the C parser
        value: object = event.value
        if event.tag and not event.tag.startswith(_CORE) and event.tag != "!":
            value = Opaque(event.tag)
        elif plain or event.tag in (f"{_CORE}int", f"{_CORE}float", f"{_CORE}bool", f"{_CORE}null"):
            value = _resolve(event.value)
        self._put(self._node(event.anchor, start, end, value), str(event.value))

    def _node(self, anchor: str | None, start: int, end: int, value: object) -> Node:
        properties = _PROPERTIES.match(self.text, start) if anchor else None
        node = Node(properties.end() if properties and properties.end() <= end else start, end, value)
        if anchor:
            self.anchors[anchor] = node
        return node

    def _start(self, event: Any, start: int) -> bool:
        if len(self.stack) >= DEPTH:
            return self._refuse(f"nested more than {DEPTH} deep", start, "depth")
        is_list = isinstance(event, yaml.SequenceStartEvent)
        node = self._node(event.anchor, start, len(self.text), [] if is_list else {})
        node.children, node.keys = [], None if is_list else []
        self.stack.append(node)
        self.pending.append(None)
        custom = event.tag and not event.tag.startswith(_CORE) and event.tag != "!"
        self.tags.append(event.tag if custom else None)
        return True

    def _end(self, end: int | None) -> None:
        """Close a container; a block ends where its last value does."""
        node, key, tag = self.stack.pop(), self.pending.pop(), self.tags.pop()
        children = node.children or []
        last = children[-1] if children else None
        node.end = end or max(node.start, last.end if last else node.start, key.end if key else node.start)
        node.end = max(node.start, node.end)
        if node.keys is not None:
            self.problems += repeated(node.keys)
            _merge(node)
        sizes = [self.sizes.get(id(child), (1, 0)) for child in node.children or ()]
        self.sizes[id(node)] = 1 + sum(size for size, _ in sizes), 1 + max((depth for _, depth in sizes), default=0)
        self.kept.append(node)
        if tag:
            node.value = Opaque(tag)
        self._put(node, self.text[node.start : node.end])

    def _alias(self, anchor: str, start: int, end: int) -> bool:
        target = self.anchors.get(anchor)
        if target is None or any(target is node for node in self.stack):
            what = "stands inside what it names" if target else "names no anchor before it"
            self.problems.append(Problem(f"the alias `*{anchor}` {what}", Span(start, end), kind="alias"))
            target = Node(start, end, None)
        size, depth = self.sizes.get(id(target), (1, 0))
        self.added += size
        if self.added > _MOST:
            return self._refuse("aliases blow the document up", start, "size")
        if depth + len(self.stack) > DEPTH:
            return self._refuse(f"nested more than {DEPTH} deep", start, "depth")
        self._put(target, str(target.value), Span(start, end))
        return True

    def _put(self, node: Node, name: str, place: Span | None = None) -> None:
        """Give a value to the open container; in a mapping, keys and values take turns."""
        if not self.stack:
            self.documents.append(node)
            return
        parent = self.stack[-1]
        if parent.keys is None:
            parent.value.append(node.value)  # type: ignore[attr-defined]  # a list, as it has no keys
        elif self.pending[-1] is None:
            self.pending[-1] = Key(name, *(place or Span(node.start, node.end)))
            return
        else:
            key = self.pending[-1]
            self.pending[-1] = None
            parent.keys.append(key)
            parent.value[key.name] = node.value  # type: ignore[index]  # a dict, as it has keys
        if parent.children is not None:
            parent.children.append(node)

    def _refuse(self, message: str, start: int, kind: str) -> bool:
        self.problems.append(Problem(message, Span(start, start + 1), kind=kind))
        return False


def _resolve(text: str) -> object:
    if text.lower() in _WORDS and text in (text.lower(), text.title(), text.upper()):
        return _WORDS[text.lower()]
    return scalar(text) if _RIGHT.match(text) else text


def _merge(node: Node) -> None:
    """Take in what `<<` names; what the mapping says itself counts more, and of several the first."""
    if node.keys is None or node.children is None or not isinstance(node.value, dict) or "<<" not in node.value:
        return
    index = next(i for i, key in enumerate(node.keys) if key.name == "<<")
    source = node.children[index]
    sources = [source] if source.keys is not None else source.children or []
    if not sources or any(each.keys is None for each in sources):
        return
    del node.keys[index], node.children[index], node.value["<<"]
    for each in sources:
        for key, child in zip(each.keys or (), each.children or (), strict=True):
            if key.name not in node.value:
                node.value[key.name] = child.value
                node.keys.append(key)
                node.children.append(child)
