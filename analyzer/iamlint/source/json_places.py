"""Places in JSON text that is known to be right: each container is looked into when it is asked for its children.

What lies between is stepped over by the standard library's own scanner, which is written in C.
"""

from json import JSONDecoder

from iamlint.source.document import Key, Node
from iamlint.source.json_scanner import BEFORE_VALUE, json_blanks
from iamlint.source.strings import decode_escapes


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
        text, position = self.text, node.start + 1
        keys: list[Key] = []
        children: list[Node] = []
        is_object = text[node.start] == "{"
        position = json_blanks(text, position)
        while text[position] not in "}]":
            if is_object:
                match = BEFORE_VALUE.match(text, position)
                assert match is not None  # noqa: S101 - the text is right
                start, end = match.span(1)
                name = decode_escapes(text[start + 1 : end - 1])
                keys.append(Key(self._names.setdefault(name, name), start, end))
                position = json_blanks(text, match.end())
            children.append(self.node(position))
            position = json_blanks(text, children[-1].end)
            if text[position] == ",":
                position = json_blanks(text, position + 1)
        node.children, node.keys = children, keys if is_object else None
