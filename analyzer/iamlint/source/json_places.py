"""Places in JSON text that is known to be right: each container is looked into when it is asked for its children.

What lies between is stepped over by the standard library's own scanner, which is written in C.
"""

import re
from json import JSONDecoder

from iamlint.source.document import Key, Node
from iamlint.source.json_scanner import BLANK, STRING, json_blanks
from iamlint.source.strings import decode_escapes

_KEY = re.compile(rf"({STRING}){BLANK}:{BLANK}")
_NEXT = re.compile(rf"{BLANK}([,\]}}]){BLANK}")


def places(text: str) -> Node:
    """The node of the whole text."""
    return _Places(text).node(json_blanks(text, 0))


class _Places:
    """One text, and what steps over its values."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._scan = JSONDecoder().raw_decode
        self._names: dict[str, str] = {}  # each key's name once in memory

    def node(self, start: int) -> Node:
        """The node of the value that starts somewhere."""
        _, end = self._scan(self.text, start)
        node = Node(start, end, None)
        if self.text[start] in "{[":
            node.look_inside = self._expand
        return node

    def _expand(self, node: Node) -> None:
        text, position = self.text, json_blanks(self.text, node.start + 1)
        keys: list[Key] = []
        children: list[Node] = []
        is_object = text[node.start] == "{"
        mark = "" if text[position] not in "}]" else text[position]
        while mark not in ("}", "]"):
            if is_object:
                start, end, position = _parts(_KEY, text, position)
                name = decode_escapes(text[start + 1 : end - 1])
                keys.append(Key(self._names.setdefault(name, name), start, end))
            children.append(self.node(position))
            start, _, position = _parts(_NEXT, text, children[-1].end)
            mark = text[start]
        node.children, node.keys = children, keys if is_object else None


def _parts(pattern: re.Pattern[str], text: str, position: int) -> tuple[int, int, int]:
    """Where a pattern's group starts and ends, and where the blanks after the whole of it end."""
    match = pattern.match(text, position)
    assert match is not None  # noqa: S101 - the text is right
    return *match.span(1), match.end()
